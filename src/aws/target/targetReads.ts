import {
  GetAccountSettingsCommand,
  GetAliasCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  type GetFunctionCommandOutput,
  GetFunctionRecursionConfigCommand,
  GetFunctionUrlConfigCommand,
  GetLayerVersionByArnCommand,
  GetRuntimeManagementConfigCommand,
  ListAliasesCommand,
  ListProvisionedConcurrencyConfigsCommand,
} from '@aws-sdk/client-lambda';
import { TuneError } from '../../base/errors.ts';
import { checkedAccount, checkedFunction } from '../client/answers.ts';
import type { AwsClients } from '../client/client.ts';
import { callFailed, isDenied, isNamed, isNotFound, isNotImplemented } from '../client/failure.ts';
import { apiFunctionName, type FunctionRef } from './functionRef.ts';

/** The single reads that a description is made of, each with what its failures mean. */

export async function readFunction(
  clients: AwsClients,
  ref: FunctionRef,
  qualifier: string | undefined,
): Promise<GetFunctionCommandOutput> {
  const request = { FunctionName: apiFunctionName(ref), Qualifier: qualifier };
  try {
    return checkedFunction(await clients.lambda.send(new GetFunctionCommand(request)));
  } catch (error) {
    if (isNotFound(error)) {
      if (qualifier !== undefined) {
        // Throws for itself where there is not even the function.
        await readFunction(clients, ref, undefined);
        throw await noQualifier(clients, ref, qualifier);
      }
      throw new TuneError('TARGET', `There is no function ${ref.functionName} in ${clients.region}.`, {
        hint: 'Check its name, --region and --profile. A path starts with ./ or /.',
      });
    }
    throw callFailed(error, { operation: 'Lambda.GetFunction', resource: nameOf(ref) });
  }
}

const mostAliases = 50;

/** The function is there, what was asked of it is not. Aliases are named where they may be listed. */
async function noQualifier(clients: AwsClients, ref: FunctionRef, qualifier: string): Promise<TuneError> {
  const { functionName } = ref;
  const isVersion = /^\d+$/.test(qualifier);
  const aliases = await clients.lambda
    .send(new ListAliasesCommand({ FunctionName: apiFunctionName(ref), MaxItems: mostAliases }))
    .then(({ Aliases = [] }) =>
      Aliases.map(({ Name }) => String(Name ?? '')).filter((name) => /^[\w-]{1,128}$/.test(name)),
    )
    .catch(() => []);
  const named = aliases.length === 0 ? '' : `Its aliases: ${aliases.join(', ')}. `;
  return new TuneError(
    'TARGET',
    `${functionName} exists in ${clients.region}, but it has no ${isVersion ? 'version' : 'alias'} ${qualifier}.`,
    { hint: `${named}What is deployed now is measured with: tune --function ${functionName}` },
  );
}

/** Only an alias can have weights; a version number or `$LATEST` is not asked for. */
export async function readAlias(clients: AwsClients, ref: FunctionRef) {
  const name = ref.qualifier;
  if (name === undefined || name === '$LATEST' || /^\d+$/.test(name)) return undefined;
  try {
    const alias = await clients.lambda.send(new GetAliasCommand({ FunctionName: apiFunctionName(ref), Name: name }));
    return { name, others: alias.RoutingConfig?.AdditionalVersionWeights ?? {} };
  } catch (error) {
    throw callFailed(error, { operation: 'Lambda.GetAlias', resource: nameOf(ref) });
  }
}

export async function readCodeSigning(clients: AwsClients, ref: FunctionRef) {
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

export async function readAccount(clients: AwsClients) {
  try {
    return checkedAccount(await clients.lambda.send(new GetAccountSettingsCommand({})));
  } catch (error) {
    if (isDenied(error) || isNotImplemented(error)) return undefined;
    throw callFailed(error, { operation: 'Lambda.GetAccountSettings', resource: '*' });
  }
}

/** Only for a notice, so whatever goes wrong means no notice. */
export async function readPinnedRuntime(
  clients: AwsClients,
  ref: FunctionRef,
  version: string | undefined,
): Promise<string | undefined> {
  try {
    const request = { FunctionName: apiFunctionName(ref), Qualifier: version };
    const answer = await clients.lambda.send(new GetRuntimeManagementConfigCommand(request));
    return answer.UpdateRuntimeOn === 'Manual' ? (answer.RuntimeVersionArn ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

/** Only for a notice, as above. Loops are stopped unless the owner has allowed them. */
export async function readRecursion(clients: AwsClients, ref: FunctionRef): Promise<boolean> {
  try {
    const request = { FunctionName: apiFunctionName(ref) };
    return (await clients.lambda.send(new GetFunctionRecursionConfigCommand(request))).RecursiveLoop === 'Allow';
  } catch {
    return false;
  }
}

/**
 * How the function's URL (that of the alias, where one is named) answers. None: it has no URL, or the service knows none.
 * Unreadable: it may have one.
 */
export async function readUrlMode(
  clients: AwsClients,
  ref: FunctionRef,
): Promise<'streams' | 'buffers' | 'none' | 'unreadable'> {
  try {
    // Only an alias has a URL of its own, never a version.
    const named = ref.qualifier === undefined || /^\d+$|^\$/.test(ref.qualifier) ? undefined : ref.qualifier;
    const request = { FunctionName: apiFunctionName(ref), Qualifier: named };
    const answer = await clients.lambda.send(new GetFunctionUrlConfigCommand(request));
    return answer.InvokeMode === 'RESPONSE_STREAM' ? 'streams' : 'buffers';
  } catch (error) {
    return isDenied(error) ? 'unreadable' : 'none';
  }
}

/** How many environments are kept ready, by qualifier. Only told, so whatever goes wrong means that nothing is known of any. */
export async function readProvisioned(
  clients: AwsClients,
  ref: FunctionRef,
): Promise<readonly { readonly qualifier: string; readonly count: number }[]> {
  try {
    const request = { FunctionName: apiFunctionName(ref), MaxItems: 50 };
    const answer = await clients.lambda.send(new ListProvisionedConcurrencyConfigsCommand(request));
    return (answer.ProvisionedConcurrencyConfigs ?? []).map((config) => ({
      qualifier: String(config.FunctionArn ?? '').split(':')[7] ?? '',
      count: Number(config.RequestedProvisionedConcurrentExecutions) || 0,
    }));
  } catch {
    return [];
  }
}

/** A function keeps running when its layer is deleted, but no new one can be created with it. */
export async function checkLayers(clients: AwsClients, layers: readonly { Arn?: string | undefined }[]): Promise<void> {
  await Promise.all(layers.map(({ Arn: arn }) => (arn === undefined ? undefined : checkLayer(clients, arn))));
}

async function checkLayer(clients: AwsClients, arn: string): Promise<void> {
  try {
    await clients.lambda.send(new GetLayerVersionByArnCommand({ Arn: arn }));
  } catch (error) {
    if (isNotFound(error)) throw layerGone(arn);
    // Denied here may be allowed to CreateFunction, and the other way round: creating it tells.
    if (isDenied(error) || isNotImplemented(error) || isNamed(error, 'InvalidParameterValueException')) return;
    throw callFailed(error, { operation: 'Lambda.GetLayerVersionByArn', resource: arn });
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
