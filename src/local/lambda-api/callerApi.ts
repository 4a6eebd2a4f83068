import { unknownOperation } from '../http/errorAnswer.ts';
import type { Answer, ApiRequest } from '../http/wire.ts';
import { element, xmlAnswer } from '../http/xml.ts';
import { callerArn } from '../service/names.ts';
import type { Service } from '../service/service.ts';

/** STS GetCallerIdentity (query protocol): whoever asks is the one user of this account. */
export function getCallerIdentity(service: Service, request: ApiRequest): Answer {
  const action = new URLSearchParams(request.body.toString('utf8')).get('Action');
  if (action !== 'GetCallerIdentity') throw unknownOperation('sts', action ?? 'without an Action');
  const identity = element(
    'GetCallerIdentityResult',
    element('Arn', callerArn(service.account)),
    element('UserId', 'AIDATUNELOCAL'),
    element('Account', service.account.accountId),
  );
  return xmlAnswer(
    200,
    element(
      'GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"',
      identity,
      element('ResponseMetadata', element('RequestId', request.requestId)),
    ),
    'text/xml',
  );
}
