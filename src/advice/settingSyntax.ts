import type { Architecture } from '../model/configuration.ts';
import { type VariantChanges, variantName } from '../model/variant.ts';

/** How the tools that deploy functions write their settings, one line each. */
const settingSyntax = {
  SAM: {
    memory: (memoryMb) => `MemorySize: ${memoryMb}`,
    architecture: (architecture) => `Architectures: [${architecture}]`,
    runtime: (runtime) => `Runtime: ${runtime}`,
    snapStart: (isOn) => `SnapStart: { ApplyOn: ${isOn ? 'PublishedVersions' : 'None'} }`,
    logLevel: (level) => `LoggingConfig: { LogFormat: JSON, ApplicationLogLevel: ${level} }`,
  },
  'Serverless Framework': {
    memory: (memoryMb) => `memorySize: ${memoryMb}`,
    architecture: (architecture) => `architecture: ${architecture}`,
    runtime: (runtime) => `runtime: ${runtime}`,
    snapStart: (isOn) => `snapStart: ${isOn}`,
    logLevel: (level) => `logs: { applicationLogLevel: ${level}, logFormat: JSON }`,
  },
  CDK: {
    memory: (memoryMb) => `memorySize: ${memoryMb},`,
    architecture: (architecture) =>
      `architecture: lambda.Architecture.${architecture === 'arm64' ? 'ARM_64' : 'X86_64'},`,
    runtime: (runtime) => `runtime: new lambda.Runtime('${runtime}'),`,
    snapStart: (isOn) => (isOn ? 'snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS,' : 'without snapStart'),
    logLevel: (level) =>
      `loggingFormat: lambda.LoggingFormat.JSON, applicationLogLevelV2: lambda.ApplicationLogLevel.${level},`,
  },
  Terraform: {
    memory: (memoryMb) => `memory_size = ${memoryMb}`,
    architecture: (architecture) => `architectures = ["${architecture}"]`,
    runtime: (runtime) => `runtime = "${runtime}"`,
    snapStart: (isOn) => `snap_start { apply_on = "${isOn ? 'PublishedVersions' : 'None'}" }`,
    logLevel: (level) => `logging_config { log_format = "JSON", application_log_level = "${level}" }`,
  },
} as const satisfies Record<string, Syntax>;

export type DeploymentTool = keyof typeof settingSyntax;

interface Syntax {
  readonly memory: (memoryMb: number) => string;
  readonly architecture: (architecture: Architecture) => string;
  readonly runtime: (runtime: string) => string;
  readonly snapStart: (isOn: boolean) => string;
  readonly logLevel: (level: string) => string;
}

export interface SettingChanges {
  readonly memory: boolean;
  readonly architecture: boolean;
  /** Of the variant; untrusted, since a saved run may hold anything. */
  readonly variant?: Pick<VariantChanges, 'runtime' | 'snapStart' | 'logLevel'> | undefined;
}

/** The lines that change. */
export function settingLines(
  tool: DeploymentTool,
  { memoryMb, architecture }: { readonly memoryMb: number; readonly architecture: Architecture },
  changes: SettingChanges,
): readonly string[] {
  const syntax: Syntax = settingSyntax[tool];
  const { runtime, snapStart, logLevel } = changes.variant ?? {};
  return [
    ...(changes.memory ? [syntax.memory(memoryMb)] : []),
    ...(changes.architecture ? [syntax.architecture(architecture)] : []),
    ...(runtime === undefined ? [] : [syntax.runtime(variantName(runtime))]),
    ...(snapStart === undefined ? [] : [syntax.snapStart(snapStart === 'on')]),
    ...(logLevel === undefined ? [] : [syntax.logLevel(logLevel)]),
  ];
}
