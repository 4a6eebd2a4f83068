import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import { TuneError } from '../../base/errors.ts';
import { attempts, changed, fetchZip, sha256Base64 } from '../client/codeDownload.ts';
import { callFailed } from '../client/failure.ts';
import { proxyingAgent } from '../client/proxy.ts';
import { aborted, pause } from '../client/stopping.ts';
import type { ShadowContext } from './context.ts';

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
