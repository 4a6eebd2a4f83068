import {
  GetAccountSettingsCommand,
  GetAliasCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  type GetFunctionCommandOutput,
  GetLayerVersionByArnCommand,
  GetRuntimeManagementConfigCommand,
  ListProvisionedConcurrencyConfigsCommand,
} from '@aws-sdk/client-lambda';
import type { FunctionFacts } from '../domain/model.ts';
import { TuneError } from '../errors.ts';
import type { AwsClients } from './client.ts';
import { factsOf } from './facts.ts';
import { callFailed, isDenied, isNamed, isNotFound, isNotImplemented } from './failure.ts';
import { apiFunctionName, type FunctionRef, parseFunctionRef } from './functionRef.ts';
import { noticesOf } from './notices.ts';
import { refusalOf } from './refusals.ts';
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
  const [whole, alias, codeSigning, account, runtime, provisioned] = await Promise.all([
    ref.qualifier === undefined ? qualified : readFunction(clients, ref, undefined),
    readAlias(clients, ref),
    readCodeSigning(clients, ref, qualified),
    readAccount(clients),
    readPinnedRuntime(clients, ref, qualified.Configuration?.Version),
    hasProvisionedConcurrency(clients, ref),
  ]);
  const configuration = qualified.Configuration ?? {};
  const code = qualified.Code ?? {};
  const reservedConcurrency = whole.Concurrency?.ReservedConcurrentExecutions;
  const refusal = refusalOf({
    configuration,
    code,
    ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
    ignoreReservedConcurrency: options.ignoreReservedConcurrency ?? false,
  });
  if (refusal) throw refusal;
  await checkLayers(clients, configuration.Layers ?? []);

  const tags = whole.Tags ?? {};
  const notices = noticesOf({
    configuration,
    tags,
    tagsUnreadable: whole.TagsError !== undefined,
    ...(alias === undefined ? {} : { alias }),
    ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
    provisionedConcurrency: provisioned,
    ...(runtime === undefined ? {} : { pinnedRuntimeArn: runtime }),
    codeSigningUnreadable: codeSigning === 'unreadable',
    accountUnreadable: account === undefined,
  });
  const emulation = clients.emulation();
  return {
    facts: factsOf(configuration, {
      qualifier: ref.qualifier ?? '$LATEST',
      region: clients.region,
      notices,
      ...(account === undefined ? {} : { account }),
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
      ...(emulation === undefined ? {} : { emulation }),
    }),
    source: targetSource({
      configuration,
      code,
      tags,
      ...(typeof codeSigning === 'object' ? { codeSigningConfigArn: codeSigning.arn } : {}),
    }),
  };
}

async function readFunction(
  clients: AwsClients,
  ref: FunctionRef,
  qualifier: string | undefined,
): Promise<GetFunctionCommandOutput> {
  const request = { FunctionName: apiFunctionName(ref), ...(qualifier === undefined ? {} : { Qualifier: qualifier }) };
  try {
    return await clients.lambda.send(new GetFunctionCommand(request));
  } catch (error) {
    if (isNotFound(error)) {
      const wanted = qualifier === undefined ? ref.functionName : `${ref.functionName}:${qualifier}`;
      throw new TuneError('TARGET', `There is no function ${wanted} in ${clients.region}.`, {
        hint: 'Check its name, --region and --profile. A path starts with ./ or /.',
      });
    }
    throw callFailed(error, { operation: 'Lambda.GetFunction', resource: nameOf(ref) });
  }
}

/** Only an alias can have weights; a version number or `$LATEST` is not asked for. */
async function readAlias(clients: AwsClients, ref: FunctionRef) {
  const name = ref.qualifier;
  if (name === undefined || name === '$LATEST' || /^\d+$/.test(name)) return undefined;
  try {
    const alias = await clients.lambda.send(new GetAliasCommand({ FunctionName: apiFunctionName(ref), Name: name }));
    return { name, others: alias.RoutingConfig?.AdditionalVersionWeights ?? {} };
  } catch (error) {
    throw callFailed(error, { operation: 'Lambda.GetAlias', resource: nameOf(ref) });
  }
}

async function readCodeSigning(
  clients: AwsClients,
  ref: FunctionRef,
  { Configuration: configuration }: GetFunctionCommandOutput,
) {
  // Images are not signed.
  if (configuration?.PackageType === 'Image') return undefined;
  try {
    const answer = await clients.lambda.send(
      new GetFunctionCodeSigningConfigCommand({ FunctionName: apiFunctionName(ref) }),
    );
    return answer.CodeSigningConfigArn ? { arn: answer.CodeSigningConfigArn } : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    if (isDenied(error) || isNotImplemented(error)) return 'unreadable' as const;
    throw callFailed(error, { operation: 'Lambda.GetFunctionCodeSigningConfig', resource: nameOf(ref) });
  }
}

async function readAccount(clients: AwsClients) {
  try {
    return await clients.lambda.send(new GetAccountSettingsCommand({}));
  } catch (error) {
    if (isDenied(error) || isNotImplemented(error)) return undefined;
    throw callFailed(error, { operation: 'Lambda.GetAccountSettings', resource: '*' });
  }
}

/** Only for a notice, so whatever goes wrong means no notice. */
async function readPinnedRuntime(
  clients: AwsClients,
  ref: FunctionRef,
  version: string | undefined,
): Promise<string | undefined> {
  try {
    const request = { FunctionName: apiFunctionName(ref), ...(version === undefined ? {} : { Qualifier: version }) };
    const answer = await clients.lambda.send(new GetRuntimeManagementConfigCommand(request));
    return answer.UpdateRuntimeOn === 'Manual' ? (answer.RuntimeVersionArn ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

/** Only for a notice, so whatever goes wrong means no notice. */
async function hasProvisionedConcurrency(clients: AwsClients, ref: FunctionRef): Promise<boolean> {
  try {
    const request = { FunctionName: apiFunctionName(ref), MaxItems: 1 };
    const answer = await clients.lambda.send(new ListProvisionedConcurrencyConfigsCommand(request));
    return (answer.ProvisionedConcurrencyConfigs ?? []).length > 0;
  } catch {
    return false;
  }
}

/** A function keeps running when its layer is deleted, but no new one can be created with it. */
async function checkLayers(clients: AwsClients, layers: readonly { Arn?: string | undefined }[]): Promise<void> {
  for (const { Arn: arn } of layers) {
    if (arn === undefined) continue;
    try {
      await clients.lambda.send(new GetLayerVersionByArnCommand({ Arn: arn }));
    } catch (error) {
      if (isNotFound(error)) throw layerGone(arn);
      // Denied here may be allowed to CreateFunction, and the other way round: creating it tells.
      if (isDenied(error) || isNotImplemented(error) || isNamed(error, 'InvalidParameterValueException')) continue;
      throw callFailed(error, { operation: 'Lambda.GetLayerVersionByArn', resource: arn });
    }
  }
}

export function layerGone(arn: string): TuneError {
  return new TuneError(
    'TARGET',
    `The layer version ${arn} was deleted or its permission was withdrawn, so no copy can be created with it.`,
    {
      hint: 'The function still runs, but nobody can create it again: move it to a layer version that exists.',
    },
  );
}

function nameOf(ref: FunctionRef): string {
  return ref.qualifier === undefined ? ref.functionName : `${ref.functionName}:${ref.qualifier}`;
}
