import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Service } from './service.ts';

const validS = 600;

/** A link to a package, shaped like S3's presigned ones and valid for 10 minutes, as on the service. */
export function codeLocation(service: Service, host: string, functionName: string, codeSha256: string): string {
  const codeId = Buffer.from(codeSha256, 'base64').toString('hex');
  const path = `/awslambda-tasks/snapshots/${service.account.accountId}/${functionName}-${codeId}`;
  const date = new Date(service.clock.now()).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Date': date,
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Expires': String(validS),
    'X-Amz-Credential': 'tune-local',
    'X-Amz-Signature': signature(service, path, date),
  });
  return `http://${host}${path}?${query}`;
}

export type LocationCheck = { readonly valid: true; readonly codeSha256: string } | { readonly valid: false };

/** Whether a link was made here, for this path, within the last 10 minutes. */
export function checkCodeLocation(service: Service, path: string, query: URLSearchParams): LocationCheck {
  const date = query.get('X-Amz-Date') ?? '';
  const codeId = /-([0-9a-f]{64})$/.exec(path)?.[1];
  const given = Buffer.from(query.get('X-Amz-Signature') ?? '');
  const right = Buffer.from(signature(service, path, date));
  if (codeId === undefined || given.length !== right.length || !timingSafeEqual(given, right)) return { valid: false };
  const signedAtMs = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!(service.clock.now() < signedAtMs + validS * 1000)) return { valid: false };
  return { valid: true, codeSha256: Buffer.from(codeId, 'hex').toString('base64') };
}

function signature(service: Service, path: string, date: string): string {
  return createHmac('sha256', service.locationSecret).update(`${path}\n${date}`).digest('hex');
}
