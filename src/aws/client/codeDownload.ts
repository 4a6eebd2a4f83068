import { createHash } from 'node:crypto';
import http, { type Agent as HttpAgent, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { TuneError } from '../../base/errors.ts';
import { networkCode } from './failure.ts';
import { aborted } from './stopping.ts';

/** A package unpacks to at most 250 MB; nothing that Lambda holds is larger. */
const mostBytes = 300 * 1024 * 1024;
const wholeDownloadMs = 10 * 60_000;
/** Nothing for that long: the connection is dead, and another attempt may do. */
const silenceMs = 20_000;
export const attempts = 4;

type Download = { readonly zip: Uint8Array } | { readonly problem: string; readonly expired: boolean };

/** The package behind a presigned location, which no message holds. @throws AbortError */
export async function fetchZip(location: string, agent: HttpAgent | undefined, signal: AbortSignal): Promise<Download> {
  try {
    const answer = await get(location, agent, AbortSignal.any([signal, AbortSignal.timeout(wholeDownloadMs)]));
    const status = answer.statusCode ?? 0;
    if (status !== 200) {
      answer.destroy();
      return { problem: `HTTP ${status}`, expired: status === 403 || status === 404 };
    }
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of answer) {
      if (!(chunk instanceof Uint8Array)) continue;
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > mostBytes) return { problem: 'larger than any Lambda package', expired: false };
    }
    return { zip: Buffer.concat(chunks) };
  } catch (error) {
    if (signal.aborted) throw aborted();
    return { problem: networkCode(error) ?? 'no answer', expired: false };
  }
}

/** With Node's own client: `fetch` takes no proxy on Node 20. Redirects are not followed. */
function get(location: string, agent: HttpAgent | undefined, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const url = new URL(location);
    const request =
      url.protocol === 'http:'
        ? http.get(url, { signal, timeout: silenceMs }, resolve)
        : https.get(url, { signal, timeout: silenceMs, agent }, resolve);
    // Also while the body comes: the broken body then ends the reading of it.
    request.on('timeout', () => request.destroy(Object.assign(new Error('silence'), { code: 'ETIMEDOUT' })));
    request.on('error', reject);
  });
}

export function changed(functionName: string): TuneError {
  return new TuneError('TARGET', `The code of ${functionName} was changed after it was read.`, { hint: 'Run again.' });
}

/** As Lambda writes CodeSha256. */
export function sha256Base64(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}
