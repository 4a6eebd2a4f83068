import { TuneError } from '../../base/errors.ts';
import type { FunctionFacts } from '../../model/functionFacts.ts';
import type { AwsClients } from '../client/client.ts';
import { factsOf } from './facts.ts';
import { type FunctionRef, parseFunctionRef } from './functionRef.ts';
import { isImage } from './functionShape.ts';
import { noticesOf } from './notices.ts';
import { refusalOf } from './refusals.ts';
import {
  checkLayers,
  readAccount,
  readAlias,
  readCodeSigning,
  readFunction,
  readPinnedRuntime,
  readProvisioned,
  readRecursion,
  readUrlMode,
} from './targetReads.ts';
import { type TargetSource, targetSource } from './targetSource.ts';

export interface Target {
  readonly facts: FunctionFacts;
  readonly source: TargetSource;
}

export interface DescribeOptions {
  /** Go on although the target reserves a concurrency of 0. */
  readonly ignoreReservedConcurrency?: boolean;
}

/**
 * Reads everything that a run needs to know of its target; reads only.
 * @throws TuneError TARGET for what cannot be tuned, ACCESS_DENIED, CREDENTIALS, UNREACHABLE, …
 */
export async function describeTarget(
  clients: AwsClients,
  reference: string,
  options: DescribeOptions = {},
): Promise<Target> {
  const ref = parseFunctionRef(reference);
  if (ref.region !== undefined && ref.region !== clients.region) {
    throw new TuneError(
      'TARGET',
      `${ref.functionName} is in ${ref.region}, but the region of this run is ${clients.region}.`,
      {
        hint: `Give --region ${ref.region}.`,
      },
    );
  }
  // Side by side with the function itself: all that can be asked before it has answered. Nobody waits for these when it fails.
  const version = versionOf(ref);
  const reads = {
    // A qualified answer has neither tags nor reserved concurrency.
    unqualified: ref.qualifier === undefined ? undefined : readFunction(clients, ref, undefined),
    alias: readAlias(clients, ref),
    account: readAccount(clients),
    codeSigning: readCodeSigning(clients, ref),
    runtime: version === undefined ? undefined : readPinnedRuntime(clients, ref, version),
    provisioned: readProvisioned(clients, ref),
    recursion: readRecursion(clients, ref),
    url: readUrlMode(clients, ref),
  };
  for (const read of Object.values(reads)) read?.catch(() => undefined);
  const qualified = await readFunction(clients, ref, ref.qualifier);
  const [whole, alias, account, codeSigning, runtime, provisioned, allowsRecursion, urlMode] = await Promise.all([
    reads.unqualified ?? qualified,
    reads.alias,
    reads.account,
    // Images are not signed.
    isImage(qualified.Configuration ?? {}) ? undefined : reads.codeSigning,
    reads.runtime ?? readPinnedRuntime(clients, ref, qualified.Configuration?.Version),
    reads.provisioned,
    reads.recursion,
    reads.url,
    checkLayers(clients, qualified.Configuration?.Layers ?? []),
  ]);
  const configuration = qualified.Configuration ?? {};
  const code = qualified.Code ?? {};
  const reservedConcurrency = whole.Concurrency?.ReservedConcurrentExecutions;
  const refusal = refusalOf({
    configuration,
    code,
    reservedConcurrency,
    ignoreReservedConcurrency: options.ignoreReservedConcurrency ?? false,
  });
  if (refusal) throw refusal;

  const tags = whole.Tags ?? {};
  const notices = noticesOf({
    configuration,
    tags,
    tagsUnreadable: whole.TagsError !== undefined,
    alias,
    reservedConcurrency,
    provisionedConcurrency: provisioned.length > 0,
    pinnedRuntimeArn: runtime,
    sourceKeyArn: code.SourceKMSKeyArn,
    allowsRecursion,
    codeSigningUnreadable: codeSigning === 'unreadable',
    accountUnreadable: account === undefined,
    urlUnreadable: urlMode === 'unreadable',
  });
  const emulation = clients.emulation();
  const kept = provisioned.find(({ qualifier, count }) => qualifier === ref.qualifier && count > 0)?.count;
  return {
    facts: factsOf(configuration, {
      qualifier: ref.qualifier ?? '$LATEST',
      region: clients.region,
      notices,
      account,
      reservedConcurrency,
      provisionedConcurrency: kept,
      emulation,
      streams: urlMode === 'streams',
      tags,
    }),
    source: targetSource({
      configuration,
      code,
      tags,
      codeSigningConfigArn: typeof codeSigning === 'object' ? codeSigning.arn : undefined,
    }),
  };
}

/** The version that is meant, as far as the reference alone tells: which one an alias names is read. */
function versionOf({ qualifier = '$LATEST' }: FunctionRef): string | undefined {
  return qualifier === '$LATEST' || /^\d+$/.test(qualifier) ? qualifier : undefined;
}
