import { createHash } from 'node:crypto';
import { findLayer } from './layers.ts';
import { type FunctionRecord, stateOf, updateInProgress, type VersionRecord } from './model.ts';
import { functionArn } from './names.ts';
import { runtimeVersionArn } from './runtimeVersion.ts';
import type { Service } from './service.ts';
import type { FunctionSettings } from './settings.ts';

/**
 * FunctionConfiguration as the API answers it. @param qualifier what the caller asked by: it is part of the ARN (also
 * an alias), and `$LATEST` has none when nothing was asked.
 */
export function configurationView(
  service: Service,
  target: FunctionRecord,
  version: VersionRecord,
  qualifier?: string,
): Record<string, unknown> {
  const nowMs = service.clock.now();
  const pending = stateOf(version, nowMs) === 'Pending';
  return {
    ...settingsView(service, target, version, qualifier),
    State: pending ? 'Pending' : 'Active',
    StateReason: pending ? 'The function is being created.' : undefined,
    StateReasonCode: pending ? 'Creating' : undefined,
    // A function that is being created reports an update in progress, too.
    LastUpdateStatus: pending || updateInProgress(version, nowMs) ? 'InProgress' : 'Successful',
    LastUpdateStatusReason: updateInProgress(version, nowMs) ? 'The function is being updated.' : undefined,
  };
}

/** What the list operations answer: the same without states. */
export function settingsView(
  service: Service,
  target: FunctionRecord,
  version: VersionRecord,
  qualifier?: string,
): Record<string, unknown> {
  const { settings, code } = version;
  const suffix = qualifier ?? (version.version === '$LATEST' ? undefined : version.version);
  const view = {
    FunctionName: target.functionName,
    FunctionArn: functionArn(service.account, target.functionName, suffix),
    Runtime: settings.runtime,
    Role: settings.role,
    Handler: settings.handler,
    CodeSize: code.sizeBytes,
    Description: settings.description,
    Timeout: settings.timeoutS,
    MemorySize: settings.memoryMb,
    LastModified: new Date(version.lastModifiedMs).toISOString().replace('Z', '+0000'),
    CodeSha256: code.sha256,
    Version: version.version,
    ...descriptiveView(settings),
    Environment: Object.keys(settings.environment).length === 0 ? undefined : { Variables: settings.environment },
    TracingConfig: { Mode: settings.tracing },
    RevisionId: version.revisionId,
    Layers: settings.layers.length === 0 ? undefined : settings.layers.map((arn) => layerView(service, arn)),
    PackageType: settings.packageType,
    Architectures: [settings.architecture],
    EphemeralStorage: { Size: settings.ephemeralStorageMb },
    SnapStart: { ApplyOn: settings.snapStart, OptimizationStatus: optimizationStatus(version) },
    RuntimeVersionConfig:
      settings.packageType === 'Zip' ? { RuntimeVersionArn: runtimeVersionArn(service.account.region) } : undefined,
    LoggingConfig: loggingView(settings.logging),
    ConfigSha256: createHash('sha256').update(JSON.stringify(settings)).digest('hex'),
  };
  return Object.fromEntries(Object.entries(view).filter(([, member]) => member !== undefined));
}

/** Members that were only kept, in the shapes in which the service gives them back. */
function descriptiveView({ others }: FunctionSettings): Record<string, unknown> {
  const { VpcConfig, ImageConfig, ...asGiven } = others;
  return {
    ...asGiven,
    VpcConfig:
      VpcConfig === undefined
        ? undefined
        : { SecurityGroupIds: [], ...Object(VpcConfig), VpcId: 'vpc-0123456789abcdef0' },
    ImageConfigResponse: ImageConfig === undefined ? undefined : { ImageConfig },
  };
}

function loggingView(logging: FunctionSettings['logging']): Record<string, string> {
  const common = { LogFormat: logging.format, LogGroup: logging.logGroup };
  if (logging.format === 'Text') return common;
  return { ...common, ApplicationLogLevel: logging.applicationLevel, SystemLogLevel: logging.systemLevel };
}

function optimizationStatus({ settings, version }: VersionRecord): 'On' | 'Off' {
  return settings.snapStart === 'PublishedVersions' && version !== '$LATEST' ? 'On' : 'Off';
}

function layerView(service: Service, arn: string): { Arn: string; CodeSize: number } {
  return { Arn: arn, CodeSize: findLayer(service, arn)?.code.sizeBytes ?? 0 };
}
