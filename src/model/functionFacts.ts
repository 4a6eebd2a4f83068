import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import { type Architecture, architectureSchema } from './configuration.ts';
import type { Warning } from './warning.ts';

/** What is read of the target before anything is planned. Never holds environment values or presigned URLs. */
export interface FunctionFacts {
  readonly functionName: string;
  readonly functionArn: string;
  readonly accountId: string;
  readonly region: string;
  /** What the user asked for: `$LATEST` when nothing was. */
  readonly qualifier: string;
  /** The version whose code and configuration are measured. */
  readonly version: string;
  readonly runtime?: string | undefined;
  readonly handler?: string | undefined;
  readonly packageType: 'Zip' | 'Image';
  readonly codeSha256: string;
  readonly codeSizeBytes: number;
  readonly memoryMb: number;
  readonly timeoutS: number;
  readonly architecture: Architecture;
  readonly ephemeralStorageMb: number;
  readonly snapStart: boolean;
  /** Its answers are read while it writes them: its URL says so, or `--stream` does. */
  readonly streams?: 'url' | 'asked' | undefined;
  /** Sizes above it are refused by this account (3,008 in new ones); 10,240 unless the service said otherwise. */
  readonly memoryLimitMb: number;
  /** Undefined when the target reserves none. */
  readonly reservedConcurrency?: number | undefined;
  /** Undefined when the account's settings may not be read. */
  readonly unreservedConcurrency?: number | undefined;
  /** Environments kept ready for the qualifier that was asked for. */
  readonly provisionedConcurrency?: number | undefined;
  readonly codeStorageFreeBytes?: number | undefined;
  /** Present when the answers came from tune's own endpoint: what it can imitate and how. */
  readonly emulation?: Emulation | undefined;
  /** What CloudFormation calls it, by its tags. */
  readonly stack?: { readonly stackName?: string | undefined; readonly logicalId?: string | undefined } | undefined;
  /** Things worth saying before consent: telemetry that will be fed, VPC, EFS, fields that are not copied, … */
  readonly notices: readonly Warning[];
}

/** How the embedded endpoint runs code; from its own response header, never from what a function printed. */
export const emulationSchema = z.strictObject({
  architectures: z.array(architectureSchema),
  /** `cgroup`: a real CPU quota; `modelled`: durations computed from measured CPU time. */
  cpu: z.enum(['cgroup', 'modelled', 'none']),
  cores: z.number().positive(),
});

export type Emulation = DeepReadonly<z.infer<typeof emulationSchema>>;
