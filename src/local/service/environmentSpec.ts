import type { EnvironmentSpec } from './execution.ts';
import { logStreamName } from './logStore.ts';
import type { VersionRecord } from './model.ts';
import { functionArn } from './names.ts';
import type { Slot } from './pools.ts';
import type { Service } from './service.ts';

/** What an environment of a version is started with; its log stream stays the one of its first invocation. */
export function environmentSpec(
  slot: Slot,
  service: Service,
  functionName: string,
  version: VersionRecord,
  startedAt: Date,
  optFolder: string | undefined,
): EnvironmentSpec {
  const { settings } = version;
  const { logGroup } = settings.logging;
  return {
    functionName,
    functionArn: functionArn(service.account, functionName),
    version: version.version,
    runtime: settings.runtime ?? '',
    handler: settings.handler ?? '',
    codeFolder: version.code.folder,
    codeSha256: version.code.sha256,
    optFolder,
    memoryMb: settings.memoryMb,
    timeoutS: settings.timeoutS,
    ephemeralStorageMb: settings.ephemeralStorageMb,
    architecture: settings.architecture,
    environment: settings.environment,
    snapStart: version.version !== '$LATEST' && settings.snapStart === 'PublishedVersions',
    logGroupName: logGroup,
    logStreamName:
      slot.logStreamName ?? logStreamName(startedAt, functionName, version.version, logGroup, slot.environmentId),
    region: service.account.region,
    logFormat: settings.logging.format,
    applicationLogLevel: settings.logging.format === 'JSON' ? settings.logging.applicationLevel : undefined,
    systemLogLevel: settings.logging.format === 'JSON' ? settings.logging.systemLevel : undefined,
  };
}
