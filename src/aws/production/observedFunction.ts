import { type FunctionConfiguration, ListVersionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { TuneError } from '../../base/errors.ts';
import { present } from '../../base/present.ts';
import type { ProvisionedConfig, VersionFacts } from '../../model/production/production.ts';
import type { Warning } from '../../model/warning.ts';
import type { AwsClients } from '../client/client.ts';
import { callFailed, isDenied, isNotImplemented } from '../client/failure.ts';
import { factsOf } from '../target/facts.ts';
import { apiFunctionName, type FunctionRef, parseFunctionRef } from '../target/functionRef.ts';
import { functionShapeOf } from '../target/functionShape.ts';
import { readAlias, readFunction } from '../target/targetReads.ts';
import { readProvisionedConfigs } from './provisioned.ts';

/** A function as it is observed: what it is today, what its versions were, and where it logs. */
export interface ObservedFunction {
  readonly functionName: string;
  readonly functionArn: string;
  readonly accountId: string;
  readonly qualifier?: string | undefined;
  readonly isAlias: boolean;
  readonly current: VersionFacts;
  /** Newest first. */
  readonly versions: readonly VersionFacts[];
  readonly logGroup: string;
  /** Other functions may log there. */
  readonly isSharedGroup: boolean;
  /** Why there are no REPORTs in its log. */
  readonly recordsMissing?: string | undefined;
  /** What is kept ready: of the qualifier, or of all that have any. Undefined: could not be read. */
  readonly provisioned: readonly ProvisionedConfig[] | undefined;
  readonly hasLambdaInsights: boolean;
  readonly warnings: readonly Warning[];
}

const mostPages = 40;

/** Reads only. @throws TuneError TARGET, ACCESS_DENIED, … */
export async function readObservedFunction(clients: AwsClients, reference: string): Promise<ObservedFunction> {
  const ref = parseFunctionRef(reference);
  if (ref.region !== undefined && ref.region !== clients.region) {
    throw new TuneError('TARGET', `${ref.functionName} is in ${ref.region}, but the region is ${clients.region}.`, {
      hint: `Give --region ${ref.region}.`,
    });
  }
  const [{ Configuration: configuration = {} }, alias, provisioned] = await Promise.all([
    readFunction(clients, ref, ref.qualifier),
    readAlias(clients, ref),
    readProvisionedConfigs(clients, ref),
  ]);
  const facts = factsOf(configuration, {
    qualifier: ref.qualifier ?? '$LATEST',
    region: clients.region,
    notices: [],
    tags: {},
  });
  const own = `/aws/lambda/${facts.functionName}`;
  const logGroup = configuration.LoggingConfig?.LogGroup ?? own;
  const warnings: Warning[] = [];
  const versions = await listVersions(clients, ref, warnings);
  warnings.push(...provisioned.warnings);
  return {
    functionName: facts.functionName,
    functionArn: facts.functionArn,
    accountId: facts.accountId,
    qualifier: ref.qualifier,
    isAlias: alias !== undefined,
    current: versionFacts(configuration) ?? { ...facts, lastModifiedMs: undefined },
    versions,
    logGroup,
    isSharedGroup: logGroup !== own,
    recordsMissing:
      configuration.LoggingConfig?.SystemLogLevel === 'WARN'
        ? 'its system log level is WARN: Lambda writes no platform.report for calls that end well'
        : undefined,
    provisioned: provisioned.configs,
    hasLambdaInsights: (configuration.Layers ?? []).some(({ Arn: arn }) =>
      arn?.includes(':layer:LambdaInsightsExtension'),
    ),
    warnings,
  };
}

async function listVersions(
  clients: AwsClients,
  ref: FunctionRef,
  warnings: Warning[],
): Promise<readonly VersionFacts[]> {
  const found: VersionFacts[] = [];
  let marker: string | undefined;
  try {
    for (let page = 0; page < mostPages; page += 1) {
      const answer = await clients.lambda.send(
        new ListVersionsByFunctionCommand(present({ FunctionName: apiFunctionName(ref), Marker: marker })),
      );
      found.push(...(answer.Versions ?? []).flatMap((version) => versionFacts(version) ?? []));
      marker = answer.NextMarker;
      if (marker === undefined || marker === '') break;
    }
  } catch (error) {
    const failure = callFailed(error, { operation: 'Lambda.ListVersionsByFunction', resource: ref.functionName });
    if (!isDenied(error) && !isNotImplemented(error)) throw failure;
    warnings.push({
      code: 'versionsUnreadable',
      text: `Versions are priced as the function is today: ${failure.message}`,
    });
  }
  return found.reverse();
}

function versionFacts(configuration: FunctionConfiguration): VersionFacts | undefined {
  const { Version: version, MemorySize: memoryMb, Timeout: timeoutS, LastModified: modified } = configuration;
  if (version === undefined || memoryMb === undefined || timeoutS === undefined) return undefined;
  const lastModifiedMs = modified === undefined ? Number.NaN : Date.parse(modified);
  return {
    version,
    memoryMb,
    timeoutS,
    ...functionShapeOf(configuration),
    snapStart: configuration.SnapStart?.ApplyOn === 'PublishedVersions',
    lastModifiedMs: Number.isNaN(lastModifiedMs) ? undefined : lastModifiedMs,
  };
}
