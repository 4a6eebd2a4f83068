import type { Architecture } from '../model/configuration.ts';

/** How the tools that deploy functions write their settings, one line each. */
const settingSyntax = {
  SAM: {
    memory: (memoryMb) => `MemorySize: ${memoryMb}`,
    architecture: (architecture) => `Architectures: [${architecture}]`,
  },
  'Serverless Framework': {
    memory: (memoryMb) => `memorySize: ${memoryMb}`,
    architecture: (architecture) => `architecture: ${architecture}`,
  },
  CDK: {
    memory: (memoryMb) => `memorySize: ${memoryMb},`,
    architecture: (architecture) =>
      `architecture: lambda.Architecture.${architecture === 'arm64' ? 'ARM_64' : 'X86_64'},`,
  },
  Terraform: {
    memory: (memoryMb) => `memory_size = ${memoryMb}`,
    architecture: (architecture) => `architectures = ["${architecture}"]`,
  },
} as const satisfies Record<string, Syntax>;

export type DeploymentTool = keyof typeof settingSyntax;

interface Syntax {
  readonly memory: (memoryMb: number) => string;
  readonly architecture: (architecture: Architecture) => string;
}

export interface SettingChanges {
  readonly memory: boolean;
  readonly architecture: boolean;
}

/** The lines that change. */
export function settingLines(
  tool: DeploymentTool,
  { memoryMb, architecture }: { readonly memoryMb: number; readonly architecture: Architecture },
  changes: SettingChanges,
): readonly string[] {
  const syntax: Syntax = settingSyntax[tool];
  return [
    ...(changes.memory ? [syntax.memory(memoryMb)] : []),
    ...(changes.architecture ? [syntax.architecture(architecture)] : []),
  ];
}
