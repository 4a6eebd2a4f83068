import type { IncomingHttpHeaders } from 'node:http';
import type { ServiceName } from './routes.ts';
import { ServiceFailure } from './wire.ts';

const minuteMs = 60_000;
/** How far off the time of a signature may be [doc]. */
const toleranceMs = { s3: 15 * minuteMs, others: 5 * minuteMs } as const;

/**
 * Why a signed request is refused for its time, if it is, in the words of AWS. Signatures themselves are not verified, and a
 * request without one is taken.
 */
export function signatureTimeRefusal(
  service: ServiceName,
  headers: IncomingHttpHeaders,
  nowMs: number,
): ServiceFailure | undefined {
  const signed = headers['x-amz-date'];
  const signedMs = typeof signed === 'string' ? parsed(signed) : undefined;
  if (headers.authorization === undefined || signedMs === undefined) return undefined;
  if (service === 's3') {
    if (Math.abs(nowMs - signedMs) <= toleranceMs.s3) return undefined;
    const words = 'The difference between the request time and the current time is too large.';
    return new ServiceFailure(403, 'RequestTimeTooSkewed', words);
  }
  const name = service === 'sts' ? 'SignatureDoesNotMatch' : 'InvalidSignatureException';
  if (signedMs < nowMs - toleranceMs.others) {
    const limit = text(nowMs - toleranceMs.others);
    return new ServiceFailure(
      403,
      name,
      `Signature expired: ${signed} is now earlier than ${limit} (${text(nowMs)} - 5 min.)`,
    );
  }
  if (signedMs > nowMs + toleranceMs.others) {
    const limit = text(nowMs + toleranceMs.others);
    return new ServiceFailure(
      403,
      name,
      `Signature not yet current: ${signed} is still later than ${limit} (${text(nowMs)} + 5 min.)`,
    );
  }
  return undefined;
}

/** `20261123T100000Z` */
function parsed(date: string): number | undefined {
  const iso = /^\d{8}T\d{6}Z$/.test(date)
    ? date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
    : '';
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? undefined : ms;
}

function text(ms: number): string {
  return `${new Date(ms).toISOString().replaceAll(/[-:]/g, '').slice(0, 15)}Z`;
}
