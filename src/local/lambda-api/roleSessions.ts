import type { IncomingHttpHeaders } from 'node:http';
import type { ServiceName } from '../http/routes.ts';
import { ServiceFailure } from '../http/wire.ts';
import type { Service } from '../service/service.ts';

/** The access key that a request is signed with; signatures themselves are not verified. */
export function accessKeyOf(headers: IncomingHttpHeaders): string {
  return /Credential=([^/,\s]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
}

/** A session with a role that has ended opens nothing any more, in the words of AWS. */
export function endedSessionRefusal(
  { sessions, clock }: Pick<Service, 'sessions' | 'clock'>,
  service: ServiceName,
  headers: IncomingHttpHeaders,
): ServiceFailure | undefined {
  const session = sessions.get(accessKeyOf(headers));
  if (session === undefined || clock.now() < session.endsMs) return undefined;
  const name = service === 's3' || service === 'sts' ? 'ExpiredToken' : 'ExpiredTokenException';
  return new ServiceFailure(
    service === 's3' ? 400 : 403,
    name,
    'The security token included in the request is expired',
  );
}
