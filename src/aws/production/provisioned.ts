import {
  GetAliasCommand,
  ListProvisionedConcurrencyConfigsCommand,
  type ProvisionedConcurrencyConfigListItem,
} from '@aws-sdk/client-lambda';
import { present } from '../../base/present.ts';
import type { ProvisionedConfig } from '../../model/production/production.ts';
import type { Warning } from '../../model/warning.ts';
import type { AwsClients } from '../client/client.ts';
import { callFailed, isDenied, isNotImplemented } from '../client/failure.ts';
import { apiFunctionName, type FunctionRef } from '../target/functionRef.ts';
import { repeated } from './pages.ts';

export interface ProvisionedConfigs {
  /** Undefined: may not be read. */
  readonly configs: readonly ProvisionedConfig[] | undefined;
  readonly warnings: readonly Warning[];
}

/** More is none that anybody has. */
const mostConfigs = 20;

/** What is kept ready for the qualifier, or without one for all aliases and versions. */
export async function readProvisionedConfigs(clients: AwsClients, ref: FunctionRef): Promise<ProvisionedConfigs> {
  const listed: ProvisionedConcurrencyConfigListItem[] = [];
  try {
    await repeated('Lambda ListProvisionedConcurrencyConfigs', async (marker) => {
      const request = present({ FunctionName: apiFunctionName(ref), Marker: marker, MaxItems: 50 });
      const answer = await clients.lambda.send(new ListProvisionedConcurrencyConfigsCommand(request));
      listed.push(...(answer.ProvisionedConcurrencyConfigs ?? []));
      return answer.NextMarker;
    });
  } catch (error) {
    const failure = callFailed(error, {
      operation: 'Lambda.ListProvisionedConcurrencyConfigs',
      resource: ref.functionName,
    });
    if (!isDenied(error) && !isNotImplemented(error)) throw failure;
    const text = `Whether it has provisioned concurrency could not be read, so that what it costs is not in these figures: ${failure.message}`;
    return { configs: undefined, warnings: [{ code: 'provisionedUnreadable', text }] };
  }
  const all = listed.flatMap((item) => configOf(item) ?? []);
  const own = all.filter(({ qualifier }) => ref.qualifier === undefined || qualifier === ref.qualifier);
  const wanted =
    ref.qualifier === undefined || own.length > 0 || ref.qualifier === '$LATEST'
      ? own
      : // None today; there may have been some.
        [{ qualifier: ref.qualifier, environments: 0, versions: [] }];
  const configs: ProvisionedConfig[] = [];
  const unknown: string[] = [];
  for (const config of wanted.slice(0, mostConfigs)) {
    const versions = await versionsOf(clients, ref, config.qualifier);
    if (versions === undefined) unknown.push(config.qualifier);
    configs.push({ ...config, versions: versions ?? [{ version: '$LATEST', share: 1 }] });
  }
  const answering = new Set(configs.flatMap(({ versions }) => versions.map(({ version }) => version)));
  const beside = all.filter((config) => !own.includes(config) && answering.has(config.qualifier));
  return {
    configs,
    warnings: [
      ...(unknown.length === 0
        ? []
        : [
            {
              code: 'provisionedVersionUnknown',
              text: `Which version ${unknown.join(', ')} leads to may not be read: its provisioned concurrency is priced as the function is today.`,
            },
          ]),
      ...(beside.length === 0
        ? []
        : [
            {
              code: 'provisionedBeside',
              text: `Version ${beside.map(({ qualifier }) => qualifier).join(', ')}, which ${ref.qualifier} leads to, has provisioned concurrency of its own: what it costs is not in these figures. Without a qualifier it is.`,
            },
          ]),
      ...(wanted.length > mostConfigs
        ? [
            {
              code: 'provisionedLeftOut',
              text: `${wanted.length} aliases and versions have provisioned concurrency: that of ${mostConfigs} is in these figures.`,
            },
          ]
        : []),
    ],
  };
}

function configOf(item: ProvisionedConcurrencyConfigListItem): Omit<ProvisionedConfig, 'versions'> | undefined {
  const qualifier = String(item.FunctionArn ?? '').split(':')[7] ?? '';
  if (!/^[\w-]{1,128}$/.test(qualifier)) return undefined;
  // What is allocated is charged; where that is not told, what was asked for.
  const environments =
    Number(item.AllocatedProvisionedConcurrentExecutions ?? item.RequestedProvisionedConcurrentExecutions) || 0;
  const modifiedMs = Date.parse(item.LastModified ?? '');
  return { qualifier, environments, modifiedMs: Number.isNaN(modifiedMs) ? undefined : modifiedMs };
}

async function versionsOf(
  clients: AwsClients,
  ref: FunctionRef,
  qualifier: string,
): Promise<ProvisionedConfig['versions'] | undefined> {
  if (/^\d+$/.test(qualifier)) return [{ version: qualifier, share: 1 }];
  try {
    const alias = await clients.lambda.send(
      new GetAliasCommand({ FunctionName: apiFunctionName(ref), Name: qualifier }),
    );
    const others = Object.entries(alias.RoutingConfig?.AdditionalVersionWeights ?? {}).map(([version, share]) => ({
      version,
      share: Number(share) || 0,
    }));
    const rest = others.reduce((sum, { share }) => sum - share, 1);
    return [{ version: String(alias.FunctionVersion ?? ''), share: Math.max(0, rest) }, ...others];
  } catch (error) {
    if (isDenied(error) || isNotImplemented(error)) return undefined;
    throw callFailed(error, { operation: 'Lambda.GetAlias', resource: `${ref.functionName}:${qualifier}` });
  }
}
