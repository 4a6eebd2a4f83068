import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import { count, nonNegative, share } from './amounts.ts';
import { type Architecture, architectureSchema } from './configuration.ts';

/**
 * The nouns of the program. A run measures configurations; a measurement is one invocation; everything shown to a person
 * is computed from measurements. What is saved has a schema, and its type comes from there.
 */

/** Lambda's closing line of one invocation (`REPORT RequestId: …`, or `platform.report` in JSON logs). */
export interface ReportLine {
  readonly requestId: string;
  readonly durationMs: number;
  /** What is paid. Already contains init and restore time where Lambda bills them. Never add to it. */
  readonly billedDurationMs: number;
  readonly memorySizeMb: number;
  /** High-water mark of the environment, not of this invocation alone. */
  readonly maxMemoryUsedMb: number;
  readonly initDurationMs?: number;
  readonly restoreDurationMs?: number | undefined;
  readonly billedRestoreDurationMs?: number;
  readonly status?: string;
  readonly errorType?: string;
}

const measurementBase = {
  requestId: z.string(),
  startedAt: z.iso.datetime(),
  /** The execution environment that served it: its log stream where that is known, else the chain of calls it was in. */
  environment: z.string(),
  /** Name of the payload in a weighted list. */
  payload: z.string().optional(),
  /** From the REPORT line; of an unreported invocation, what was planned (the first of its environment is cold). */
  start: z.enum(['cold', 'warm']),
};

/** What the REPORT line said of one invocation, and what that costs. */
const reported = {
  durationMs: nonNegative,
  billedDurationMs: nonNegative,
  initDurationMs: nonNegative.optional(),
  restoreDurationMs: nonNegative.optional(),
  restored: z
    .strictObject({
      order: z
        .enum(['first', 'later'])
        .describe('first: no other environment of its version had been restored before it began'),
      sinceReadyMs: nonNegative.describe('From when its version could be called'),
    })
    .optional()
    .describe('Of a SnapStart restore that this version of tune made: the first ones are slower'),
  maxMemoryUsedMb: nonNegative,
  rawDurationMs: nonNegative
    .optional()
    .describe('Only of the embedded endpoint, where durationMs is that of a free machine: what the clock said'),
  contendedShare: share
    .optional()
    .describe("Only of the embedded endpoint: share of the clock's time that was the busy machine's doing"),
  pace: z
    .strictObject({
      countedMs: nonNegative.describe('durationMs before the slowness of the cores was left out'),
      busyMs: nonNegative.describe(
        'What of it was on the CPU, pauses of the quota included; the rest is not corrected',
      ),
      cpuMs: nonNegative.optional().describe('What its busiest thread was on the CPU'),
      loop: count
        .optional()
        .describe('Which reference loop: those of other versions take other times. Absent: the first'),
      referenceMs: nonNegative.describe('What the reference loop took on the same core meanwhile, at the mean speed'),
      fastestMs: nonNegative.optional().describe('What it took at the highest speed that was seen for a while'),
      error: nonNegative.optional().describe('One standard error of the logarithm of referenceMs'),
      calm: z
        .strictObject({
          referenceMs: z.number().positive(),
          runs: z.int().positive().describe('So many earlier runs met it'),
          lastSeenAt: z.iso.datetime(),
          slope: z
            .strictObject({ slope: nonNegative, error: nonNegative })
            .optional()
            .describe(
              'By how much this code followed the reference loop there, as powers, and one standard error of it',
            ),
        })
        .optional()
        .describe('What the reference loop took in calm moments of earlier runs on this machine, where that is known'),
      slowShare: share.optional().describe('Share of busyMs that is laid to slow cores; too large, it is not left out'),
      uncertainShare: share
        .optional()
        .describe('One standard error of what is left of busyMs, as a share of it; too large, nothing is left out'),
    })
    .optional()
    .describe("Only of the embedded endpoint: how fast the machine's cores were"),
  stream: z
    .strictObject({
      firstByteMs: nonNegative.optional().describe('Absent where the answer had no byte'),
      totalMs: nonNegative.describe('Until the answer was read to its end'),
      bytes: count,
    })
    .optional()
    .describe("Only of an answer that was streamed; times are the client's, from sending the call, with the network"),
  /** US$ of this invocation: duration, request, ephemeral storage, and streamed bytes where they cost and the price is known. */
  costUsd: nonNegative,
};

/** `errorMessage` is untrusted text: escape it wherever it is shown. */
const error = { errorType: z.string().optional(), errorMessage: z.string().optional() };

export const measurementSchema = z.discriminatedUnion('outcome', [
  z.strictObject({ ...measurementBase, outcome: z.literal('succeeded'), ...reported }),
  /** Billed and reported, but not an answer. */
  z.strictObject({
    ...measurementBase,
    outcome: z.enum(['functionError', 'timedOut', 'outOfMemory']),
    ...error,
    ...reported,
  }),
  /** It may have run and may be billed, but what it took is not known. Never zero, never a guess. */
  z.strictObject({
    ...measurementBase,
    outcome: z.literal('unreported'),
    ...error,
    reason: z.string(),
    hook: z
      .enum(['before', 'after'])
      .optional()
      .describe('The hook that failed: of before the call was not made, of after it is billed and in no figure'),
  }),
]);

export type Measurement = DeepReadonly<z.infer<typeof measurementSchema>>;
export type Outcome = Measurement['outcome'];
export type Start = Measurement['start'];
export type Reported = Omit<Extract<Measurement, { outcome: 'succeeded' }>, keyof typeof measurementBase | 'outcome'>;

export type StreamFigures = NonNullable<Reported['stream']>;

/** What the embedded endpoint says of one call: see `Reported`. */
export interface HostTime {
  readonly rawDurationMs: number;
  readonly contendedShare: number;
  readonly pace?: HostPace | undefined;
}

/** Raised with every change of the reference loop (local/runtime/bootstraps/reference.mjs): another loop takes another time. */
export const referenceLoop = 2;

/** How fast the cores were around one call, in ms. */
export interface HostPace {
  /** What of the duration was on the CPU, pauses of the quota included. */
  readonly busyMs: number;
  /** What its busiest thread was on the CPU. */
  readonly cpuMs: number;
  /** Of which version the loop was. */
  readonly loop: number;
  /** What the reference loop took meanwhile, at the mean speed and at the highest. */
  readonly referenceMs: number;
  readonly fastestMs: number;
  /** One standard error of the logarithm of `referenceMs`. */
  readonly error: number;
  readonly calm?: CalmPace | undefined;
}

/** What the reference loop takes on this machine in calm moments, by earlier runs (state/machinePace.ts). */
export interface CalmPace {
  readonly referenceMs: number;
  readonly runs: number;
  readonly lastSeenAt: string;
  /** By how much this code followed it in earlier runs, as powers, and one standard error. */
  readonly slope?: { readonly slope: number; readonly error: number } | undefined;
}

/** One weighted payload. Weights are relative, greater than 0. */
export interface Payload {
  readonly name: string;
  /** The JSON text as it is sent (before `{{uuid}}`/`{{n}}` are replaced when templates are on). */
  readonly body: string;
  readonly weight: number;
  /** Of a file of JSON Lines: all of them, sent in turn; `body` is the first. */
  readonly lines?: readonly string[] | undefined;
  /** Of tune's own making: nobody's data is in it. */
  readonly isSample?: true | undefined;
}

const perArchitecture = z.strictObject({ x86_64: nonNegative, arm64: nonNegative });

/** A price list for one region. All amounts in US$. */
export const costModelSchema = z.strictObject({
  region: z.string(),
  gbSecondUsd: perArchitecture,
  requestUsd: perArchitecture,
  /** Per GB-second of ephemeral storage above 512 MB; absent where the price is not known. */
  ephemeralStorageGbSecondUsd: perArchitecture.optional(),
  /** SnapStart for Python and .NET; absent where the price is not known (then named as not included). */
  snapStart: z
    .strictObject({ cacheGbSecondUsd: nonNegative, restoreGbUsd: nonNegative, minCacheHours: nonNegative })
    .optional(),
  /** `table` (the checked-in prices, with their date) or `option` (`--price`). */
  source: z.enum(['table', 'option']),
  /** ISO date of the price table. */
  asOf: z.string(),
  /** Whether AWS's own published prices were seen or a figure is inferred. */
  confidence: z.enum(['published', 'partial', 'inferred', 'given']),
});

export type CostModel = DeepReadonly<z.infer<typeof costModelSchema>>;

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

/** A thing worth telling, as a value: reporters decide how. `text` may hold untrusted words: escape where shown. */
export const warningSchema = z.strictObject({ code: z.string(), text: z.string() });

export type Warning = DeepReadonly<z.infer<typeof warningSchema>>;

/** What went wrong with one of several (`keptError` of base/errors.ts), whose row says so. */
export const keptErrorSchema = z.strictObject({ code: z.string(), message: z.string(), hint: z.string().optional() });
