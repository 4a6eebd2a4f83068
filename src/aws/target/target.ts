import { TuneError } from '../../base/errors.ts';
import type { FunctionFacts } from '../../model/measurement.ts';
import type { AwsClients } from '../client/client.ts';
import { factsOf } from './facts.ts';
import { parseFunctionRef } from './functionRef.ts';
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
  const qualified = await readFunction(clients, ref, ref.qualifier);
  // A qualified answer has neither tags nor reserved concurrency.
  const [whole, alias, codeSigning, account, runtime, provisioned, allowsRecursion] = await Promise.all([
    ref.qualifier === undefined ? qualified : readFunction(clients, ref, undefined),
    readAlias(clients, ref),
    readCodeSigning(clients, ref, qualified),
    readAccount(clients),
    readPinnedRuntime(clients, ref, qualified.Configuration?.Version),
    readProvisioned(clients, ref),
    readRecursion(clients, ref),
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
  await checkLayers(clients, configuration.Layers ?? []);

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
    }),
    source: targetSource({
      configuration,
      code,
      tags,
      codeSigningConfigArn: typeof codeSigning === 'object' ? codeSigning.arn : undefined,
    }),
  };
}
