import { randomBytes } from 'node:crypto';
import { unknownOperation } from '../http/errorAnswer.ts';
import { type ApiRequest, ServiceFailure, type WireAnswer } from '../http/wire.ts';
import { element, type XmlElement, xmlAnswer } from '../http/xml.ts';
import { callerArn } from '../service/names.ts';
import type { Service } from '../service/service.ts';
import { accessKeyOf } from './roleSessions.ts';

/** STS (query protocol): who asks, and sessions with the roles of this account. */
export function askSecurityTokens(service: Service, request: ApiRequest): WireAnswer {
  const asked = new URLSearchParams(request.body.toString('utf8'));
  switch (asked.get('Action')) {
    case 'GetCallerIdentity':
      return answer(request, 'GetCallerIdentity', [
        element('Arn', callerOf(service, request)),
        element('UserId', 'AIDATUNELOCAL'),
        element('Account', service.account.accountId),
      ]);
    case 'AssumeRole':
      return answer(request, 'AssumeRole', assumed(service, request, asked));
    default:
      throw unknownOperation('sts', asked.get('Action') ?? 'without an Action');
  }
}

/** Whoever holds no session with a role is the one user of this account. */
function callerOf(service: Service, request: ApiRequest): string {
  return service.sessions.get(accessKeyOf(request.headers))?.arn ?? callerArn(service.account);
}

/** Seconds that a session may last [doc]. */
const shortestS = 900;
const longestS = 43_200;

/** Every role of the account trusts its user, and no role of another account does. */
function assumed(service: Service, request: ApiRequest, asked: URLSearchParams): readonly XmlElement[] {
  const { accountId } = service.account;
  const role = asked.get('RoleArn') ?? '';
  const session = asked.get('RoleSessionName') ?? '';
  const seconds = Number(asked.get('DurationSeconds') ?? 3600);
  const { account, name } =
    /^arn:aws:iam::(?<account>\d{12}):role\/(?:[\x21-\x7e]*\/)?(?<name>[\w+=,.@-]{1,64})$/.exec(role)?.groups ?? {};
  const isUsable = /^[\w+=,.@-]{2,64}$/.test(session) && seconds >= shortestS && seconds <= longestS;
  if (account === undefined || name === undefined || !isUsable) {
    throw new ServiceFailure(400, 'ValidationError', 'RoleArn, RoleSessionName or DurationSeconds is not valid.');
  }
  const caller = callerOf(service, request);
  if (account !== accountId) {
    throw new ServiceFailure(
      403,
      'AccessDenied',
      `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${role}`,
    );
  }
  const key = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
  const arn = `arn:aws:sts::${accountId}:assumed-role/${name}/${session}`;
  const endsMs = service.clock.now() + seconds * 1000;
  service.sessions.set(key, { arn, endsMs });
  return [
    element(
      'Credentials',
      element('AccessKeyId', key),
      element('SecretAccessKey', randomBytes(20).toString('hex')),
      element('SessionToken', randomBytes(20).toString('hex')),
      element('Expiration', new Date(endsMs).toISOString()),
    ),
    element('AssumedRoleUser', element('AssumedRoleId', `AROATUNELOCAL:${session}`), element('Arn', arn)),
  ];
}

function answer({ requestId }: ApiRequest, operation: string, result: readonly XmlElement[]): WireAnswer {
  return xmlAnswer(
    200,
    element(
      `${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"`,
      element(`${operation}Result`, ...result),
      element('ResponseMetadata', element('RequestId', requestId)),
    ),
    'text/xml',
  );
}
