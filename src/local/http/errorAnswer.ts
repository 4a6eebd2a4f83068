import { present } from '../../base/present.ts';
import { cborAnswer } from './cbor.ts';
import type { ServiceName } from './routes.ts';
import { jsonAnswer, ServiceFailure, type WireAnswer } from './wire.ts';
import { element, xmlAnswer } from './xml.ts';

/** @param name the operation's own, as far as the request says it */
export function unknownOperation(service: ServiceName, name: string): ServiceFailure {
  const type = service === 's3' ? 'NotImplemented' : 'UnknownOperationException';
  return new ServiceFailure(501, type, `This endpoint does not have the operation ${name}.`);
}

/** Each service has its own shape for an error. */
export function errorAnswer(service: ServiceName, failure: ServiceFailure, requestId: string): WireAnswer {
  switch (service) {
    case 'lambda':
      return lambdaError(failure);
    case 'tagging':
    case 'logs': {
      // JSON 1.1 errors are 400 or 500, whatever the same refusal would be elsewhere.
      const status = failure.status >= 500 ? failure.status : 400;
      const content = { __type: failure.type, message: failure.message };
      return jsonAnswer(status, content, { 'content-type': 'application/x-amz-json-1.1' });
    }
    case 'cloudwatch':
    case 'cloudwatchCbor':
      return metricsError(service, failure);
    case 's3':
    case 'code': {
      const code = failure.type === 'AccessDeniedException' ? 'AccessDenied' : failure.type;
      const details = [element('Code', code), element('Message', failure.message), element('RequestId', requestId)];
      const answer = xmlAnswer(failure.status, element('Error', ...details));
      const { bucketRegion } = failure.details;
      if (bucketRegion === undefined) return answer;
      return { ...answer, headers: { ...answer.headers, 'x-amz-bucket-region': bucketRegion } };
    }
    case 'schemas':
      return jsonAnswer(
        failure.status,
        { Code: failure.type, Message: failure.message },
        { 'x-amzn-errortype': failure.type },
      );
    case 'sts': {
      const error = element('Error', element('Code', failure.type), element('Message', failure.message));
      return xmlAnswer(failure.status, element('ErrorResponse', error, element('RequestId', requestId)), 'text/xml');
    }
  }
}

/** The model spells the member of these errors with a capital, of all others without. */
const capitalMessage: ReadonlySet<string> = new Set([
  'ResourceNotFoundException',
  'ServiceException',
  'AccessDeniedException',
  'ResourceNotReadyException',
]);

function lambdaError({ status, type, message, details }: ServiceFailure): WireAnswer {
  const content = {
    Type: status >= 500 ? 'Server' : 'User',
    ...(capitalMessage.has(type) || type.startsWith('KMS') || type.startsWith('EC2')
      ? { Message: message }
      : { message }),
    Reason: details.reason,
  };
  const retryAfter = details.retryAfterS?.toString();
  return jsonAnswer(status, content, present({ 'x-amzn-errortype': type, 'retry-after': retryAfter }));
}

/** With the name that the error had in the query protocol, by which some clients call it. */
function metricsError(service: 'cloudwatch' | 'cloudwatchCbor', { status, type, message }: ServiceFailure): WireAnswer {
  const content = { __type: type, message };
  const answer =
    service === 'cloudwatchCbor'
      ? cborAnswer(status, content)
      : jsonAnswer(status, content, { 'content-type': 'application/x-amz-json-1.0' });
  const formerName = type === 'ValidationException' ? 'ValidationError' : type;
  const fault = status >= 500 ? 'Receiver' : 'Sender';
  return { ...answer, headers: { ...answer.headers, 'x-amzn-query-error': `${formerName};${fault}` } };
}
