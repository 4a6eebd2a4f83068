import { createHash } from 'node:crypto';
import http, { type Agent as HttpAgent, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import { TuneError } from '../errors.ts';
import { aborted, pause, type ShadowContext } from './context.ts';
import { callFailed, networkCode } from './failure.ts';
import { proxyingAgent } from './proxy.ts';

/** A package unpacks to at most 250 MB; nothing that Lambda holds is larger. */
const mostBytes = 300 * 1024 * 1024;
const wholeDownloadMs = 10 * 60_000;
/** Nothing for that long: the connection is dead, and another attempt may do. */
const silenceMs = 20_000;
const attempts = 4;

type Download = { readonly zip: Uint8Array } | { readonly problem: string; readonly expired: boolean };

/**
 * Fetches the target's package from its presigned location, which is valid for 10 minutes: an expired one is asked for
 * again. The location is a credential; no message holds it.
 * @throws TuneError TARGET when the code changed since it was described, UNREACHABLE; AbortError
 */
export async function downloadCode(context: ShadowContext, signal: AbortSignal): Promise<Uint8Array> {
  let location = context.source.reveal().code.Location;
  const agent = context.clients.options.viaProxy ? proxyingAgent(1) : undefined;
  let problem = 'no location';
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    let download = location === undefined ? { problem, expired: true } : await fetchZip(location, agent, signal);
    if ('zip' in download) {
      if (sha256Base64(download.zip) === context.facts.codeSha256) return download.zip;
      // Changed meanwhile, or spoilt on the way: the function itself says which.
      download = { problem: 'what arrived has another checksum', expired: true };
    }
    problem = download.problem;
    if (download.expired) location = await freshLocation(context, signal);
    else await pause(context.clock, 500 * 2 ** attempt * context.clock.random(), signal);
  }
  throw new TuneError(
    'UNREACHABLE',
    `The code of ${context.facts.functionName} could not be downloaded (${problem}).`,
    {
      hint: "Lambda keeps it in Amazon S3: this machine must reach the region's S3 endpoint.",
    },
  );
}

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
        : https.get(url, { signal, timeout: silenceMs, ...(agent === undefined ? {} : { agent }) }, resolve);
    // Also while the body comes: the broken body then ends the reading of it.
    request.on('timeout', () => request.destroy(Object.assign(new Error('silence'), { code: 'ETIMEDOUT' })));
    request.on('error', reject);
  });
}

async function freshLocation(
  { clients, facts, secrets }: ShadowContext,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const answer = await clients.lambda.send(
      new GetFunctionCommand({ FunctionName: facts.functionArn, Qualifier: facts.version }),
      { abortSignal: signal },
    );
    if (answer.Configuration?.CodeSha256 !== facts.codeSha256) throw changed(facts.functionName);
    return answer.Code?.Location;
  } catch (error) {
    if (signal.aborted) throw aborted();
    throw callFailed(error, { operation: 'Lambda.GetFunction', resource: facts.functionName, secrets });
  }
}

function changed(functionName: string): TuneError {
  return new TuneError('TARGET', `The code of ${functionName} was changed after it was read.`, { hint: 'Run again.' });
}

/** As Lambda writes CodeSha256. */
export function sha256Base64(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}
