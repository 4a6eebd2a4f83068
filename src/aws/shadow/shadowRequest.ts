import type { CreateFunctionCommandInput, FunctionCode, FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Configuration } from '../../model/configuration.ts';
import type { Overlay } from '../../model/variant.ts';
import { tagKeys, toolTagValue } from '../client/names.ts';
import { isImage } from '../target/functionShape.ts';
import type { TargetSnapshot } from '../target/targetSource.ts';

/** One run, as its shadows' tags tell it. */
export interface ShadowRun {
  readonly id: string;
  /** Name, or name:qualifier, of the target. */
  readonly target: string;
  readonly createdAt: Date;
  /** The lease: planned worst-case end plus a margin. */
  readonly expiresAt: Date;
}

export interface ShadowChanges {
  /** Laid over the copied environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Further tags. */
  readonly tags: Readonly<Record<string, string>>;
  readonly copyTags: boolean;
  /** In place of what the target has. */
  readonly overlay?: Overlay | undefined;
}

export interface ShadowRequestInput {
  readonly snapshot: TargetSnapshot;
  readonly run: ShadowRun;
  readonly changes: ShadowChanges;
  readonly configuration: Configuration;
  readonly functionName: string;
  readonly logGroup: string;
  readonly code: FunctionCode;
}

const mostTags = 50;

/**
 * The copy of a target: every field that CreateFunction takes is copied as it is, but for what must differ (name, size,
 * architecture, code location, log group, tags) and what `fieldsNotCopied` names.
 */
export function shadowRequest(input: ShadowRequestInput): CreateFunctionCommandInput {
  const { snapshot, configuration, changes } = input;
  const { overlay = {} } = changes;
  const target = snapshot.configuration;
  const zip = !isImage(target);
  const variables = { ...target.Environment?.Variables, ...changes.env, ...overlay.environment };
  const layers =
    overlay.layers ?? (target.Layers ?? []).flatMap((layer) => (layer.Arn === undefined ? [] : [layer.Arn]));
  const subnets = target.VpcConfig?.SubnetIds ?? [];
  return {
    FunctionName: input.functionName,
    Role: target.Role,
    Code: input.code,
    Publish: true,
    MemorySize: configuration.memoryMb,
    Architectures: [configuration.architecture],
    PackageType: zip ? 'Zip' : 'Image',
    Tags: shadowTags(input).tags,
    LoggingConfig: loggingConfig(target, input.logGroup, overlay),
    ...given('Runtime', zip ? runtimeOf(target, overlay) : undefined),
    ...given('Handler', zip ? target.Handler : undefined),
    ...given('Description', target.Description || undefined),
    ...given('Timeout', target.Timeout),
    ...given(
      'VpcConfig',
      subnets.length === 0
        ? undefined
        : {
            SubnetIds: subnets,
            SecurityGroupIds: target.VpcConfig?.SecurityGroupIds ?? [],
            ...given('Ipv6AllowedForDualStack', target.VpcConfig?.Ipv6AllowedForDualStack),
          },
    ),
    ...given('Environment', Object.keys(variables).length === 0 ? undefined : { Variables: variables }),
    ...given('KMSKeyArn', target.KMSKeyArn || undefined),
    ...given(
      'TracingConfig',
      target.TracingConfig?.Mode === undefined ? undefined : { Mode: target.TracingConfig.Mode },
    ),
    ...given('Layers', layers.length === 0 ? undefined : [...layers]),
    ...given('FileSystemConfigs', target.FileSystemConfigs?.length ? target.FileSystemConfigs : undefined),
    ...given('CodeSigningConfigArn', snapshot.codeSigningConfigArn),
    ...given('ImageConfig', target.ImageConfigResponse?.ImageConfig),
    ...given('EphemeralStorage', target.EphemeralStorage),
    ...given('SnapStart', isSnapStarted(target, overlay) ? { ApplyOn: 'PublishedVersions' as const } : undefined),
  };
}

function runtimeOf(target: FunctionConfiguration, { runtime }: Overlay): FunctionConfiguration['Runtime'] {
  // Anything may be asked for; the service says which ones it has.
  return runtime === undefined ? target.Runtime : (runtime as FunctionConfiguration['Runtime']);
}

function isSnapStarted(target: FunctionConfiguration, { snapStart }: Overlay): boolean {
  return snapStart === undefined ? target.SnapStart?.ApplyOn === 'PublishedVersions' : snapStart === 'on';
}

/** Text logs have no levels, so a level makes them JSON. A system log level of WARN would keep the REPORT of successful calls out of the log. */
function loggingConfig(
  target: FunctionConfiguration,
  logGroup: string,
  { logLevel }: Overlay,
): CreateFunctionCommandInput['LoggingConfig'] {
  if (target.LoggingConfig?.LogFormat !== 'JSON' && logLevel === undefined)
    return { LogFormat: 'Text', LogGroup: logGroup };
  return {
    LogFormat: 'JSON',
    LogGroup: logGroup,
    SystemLogLevel: 'INFO',
    ...given('ApplicationLogLevel', logLevel ?? target.LoggingConfig?.ApplicationLogLevel),
  };
}

/** The tags of a run's log group and, before others, of its shadows. */
export function ownTags(run: ShadowRun): Record<string, string> {
  return {
    [tagKeys.tool]: toolTagValue,
    [tagKeys.run]: run.id,
    // `$` is not allowed in a tag's value
    [tagKeys.target]: run.target.replace(/:?\$LATEST$/, '').slice(0, 256),
    [tagKeys.created]: run.createdAt.toISOString(),
    [tagKeys.expires]: run.expiresAt.toISOString(),
  };
}

/** Own tags first, then `--tag`, then the target's until there are 50; `aws:*` cannot be set. `left` names the others. */
export function shadowTags(input: {
  readonly snapshot: TargetSnapshot;
  readonly run: ShadowRun;
  readonly changes: Pick<ShadowChanges, 'tags' | 'copyTags'>;
}): {
  readonly tags: Record<string, string>;
  readonly left: readonly string[];
} {
  const tags = { ...input.changes.tags, ...ownTags(input.run) };
  const left: string[] = [];
  const copied = input.changes.copyTags ? Object.entries(input.snapshot.tags) : [];
  for (const [key, text] of copied) {
    if (Object.hasOwn(tags, key)) continue;
    if (key.toLowerCase().startsWith('aws:') || Object.keys(tags).length >= mostTags) left.push(key);
    else tags[key] = text;
  }
  return { tags, left };
}

function given<Key extends string, Field>(key: Key, field: Field | undefined): { [K in Key]?: Field } {
  return field === undefined ? {} : ({ [key]: field } as { [K in Key]?: Field });
}
