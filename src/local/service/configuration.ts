import { isVariableName, reservedVariables } from '../../model/lambda/variables.ts';
import { invalidParameter } from '../http/wire.ts';
import {
  type ConfigurationChange,
  type DescriptiveMember,
  descriptiveMembers,
  type FunctionSettings,
  type LoggingSettings,
} from './settings.ts';

/** What may be asked for on this account and machine. */
export interface SettingsRules {
  readonly architectures: readonly FunctionSettings['architecture'][];
  readonly memoryLimitMb: number;
  readonly blockedRuntimes: readonly string[];
}

export interface NewFunction {
  readonly functionName: string;
  readonly role: string;
  readonly architecture: FunctionSettings['architecture'];
  readonly packageType: FunctionSettings['packageType'];
  readonly tenancy?: unknown;
}

/** The service's defaults, before the members of a CreateFunction are laid over them. */
export function defaultSettings(created: NewFunction): FunctionSettings {
  return {
    role: created.role,
    description: '',
    timeoutS: 3,
    memoryMb: 128,
    ephemeralStorageMb: 512,
    architecture: created.architecture,
    packageType: created.packageType,
    environment: {},
    layers: [],
    tracing: 'PassThrough',
    snapStart: 'None',
    logging: { format: 'Text', logGroup: `/aws/lambda/${created.functionName}` },
    others: created.tenancy === undefined || created.tenancy === null ? {} : { TenancyConfig: created.tenancy },
  };
}

/** The settings after a change; members that are absent stay. @throws ServiceFailure InvalidParameterValueException */
export function changedSettings(
  before: FunctionSettings,
  change: ConfigurationChange,
  rules: SettingsRules,
): FunctionSettings {
  const after: FunctionSettings = {
    ...before,
    runtime: change.Runtime ?? before.runtime,
    handler: change.Handler ?? before.handler,
    role: change.Role ?? before.role,
    description: change.Description ?? before.description,
    timeoutS: change.Timeout ?? before.timeoutS,
    memoryMb: change.MemorySize ?? before.memoryMb,
    ephemeralStorageMb: change.EphemeralStorage?.Size ?? before.ephemeralStorageMb,
    environment: change.Environment?.Variables ?? (change.Environment === undefined ? before.environment : {}),
    layers: change.Layers ?? (change.Layers === undefined ? before.layers : []),
    tracing: change.TracingConfig?.Mode ?? before.tracing,
    snapStart: change.SnapStart?.ApplyOn ?? before.snapStart,
    logging: changedLogging(before.logging, change.LoggingConfig),
    others: changedOthers(before.others, change),
  };
  check(after, change, rules);
  return after;
}

function check(after: FunctionSettings, change: ConfigurationChange, rules: SettingsRules): void {
  if (after.memoryMb > rules.memoryLimitMb) {
    throw invalidParameter(
      `'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to ${rules.memoryLimitMb}`,
    );
  }
  if (!rules.architectures.includes(after.architecture)) {
    throw invalidParameter(
      `This endpoint runs ${rules.architectures.join(', ')} only: functions of architecture ${after.architecture} cannot be created on it.`,
    );
  }
  if (after.packageType === 'Zip') {
    if (after.runtime === undefined || after.handler === undefined || after.handler === '') {
      throw invalidParameter(
        'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
      );
    }
    checkRuntime(after.runtime, change, rules);
    if (change.ImageConfig)
      throw invalidParameter('Please do not provide ImageConfig when creating functions with packageType Zip');
  } else if (after.runtime !== undefined || after.handler !== undefined || after.layers.length > 0) {
    throw invalidParameter(
      'Please do not provide Handler, Runtime or Layers when the intended function PackageType is Image.',
    );
  }
  checkEnvironment(after.environment);
}

const knownRuntime =
  /^(nodejs\d+\.x|python3\.\d+|provided(\.al2|\.al2023)?|java\d+(\.al2|\.al2023)?|dotnet\d+|ruby\d\.\d|go1\.x)$/;

function checkRuntime(runtime: string, change: ConfigurationChange, rules: SettingsRules): void {
  if (!knownRuntime.test(runtime)) {
    throw invalidParameter(
      `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set or be a valid ARN`,
    );
  }
  // Wording of the message: [memory]. Only naming a runtime is refused; what exists keeps running.
  if (change.Runtime !== undefined && rules.blockedRuntimes.includes(runtime)) {
    throw invalidParameter(
      `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a newer runtime while creating or updating functions.`,
    );
  }
}

function checkEnvironment(environment: Readonly<Record<string, string>>): void {
  const names = Object.keys(environment);
  const malformed = names.find((key) => !isVariableName(key));
  if (malformed !== undefined) {
    throw invalidParameter(`Environment variable name failed to satisfy constraint: [a-zA-Z]([a-zA-Z0-9_])+`);
  }
  const reserved = names.filter((key) => reservedVariables.has(key));
  if (reserved.length > 0) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  if (Buffer.byteLength(JSON.stringify(environment)) > 4096) {
    throw invalidParameter(
      'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.',
    );
  }
}

function changedLogging(before: LoggingSettings, change: ConfigurationChange['LoggingConfig']): LoggingSettings {
  if (change === undefined || change === null) return before;
  const format = change.LogFormat ?? before.format;
  const logGroup = change.LogGroup ?? before.logGroup;
  if (format === 'Text') {
    if (change.ApplicationLogLevel !== undefined || change.SystemLogLevel !== undefined) {
      throw invalidParameter('To modify application or system log levels, you must set LogFormat to JSON.');
    }
    return { format, logGroup };
  }
  const levels = before.format === 'JSON' ? before : { applicationLevel: 'INFO', systemLevel: 'INFO' as const };
  return {
    format,
    logGroup,
    applicationLevel: change.ApplicationLogLevel ?? levels.applicationLevel,
    systemLevel: change.SystemLogLevel ?? levels.systemLevel,
  };
}

function changedOthers(before: FunctionSettings['others'], change: ConfigurationChange): FunctionSettings['others'] {
  const after: Partial<Record<DescriptiveMember, unknown>> = { ...before };
  for (const member of descriptiveMembers) {
    if (member === 'TenancyConfig') continue;
    const given = change[member];
    if (given === undefined) continue;
    if (isCleared(member, given)) delete after[member];
    else after[member] = given;
  }
  return after;
}

/** Null, an empty list, an empty ARN and a VPC without subnets take the member away. */
function isCleared(member: DescriptiveMember, given: unknown): boolean {
  if (given === null || given === '' || (Array.isArray(given) && given.length === 0)) return true;
  if (typeof given !== 'object') return false;
  if (member === 'VpcConfig') return !('SubnetIds' in given) || isEmptyList(given.SubnetIds);
  if (member === 'DeadLetterConfig') return !('TargetArn' in given) || given.TargetArn === '';
  return Object.keys(given).length === 0;
}

function isEmptyList(list: unknown): boolean {
  return !Array.isArray(list) || list.length === 0;
}
