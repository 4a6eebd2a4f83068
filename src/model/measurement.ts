import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import { count, nonNegative, share } from './amounts.ts';

/**
 * One invocation: what Lambda reported of it, what is saved of it, and what the embedded endpoint adds. Everything shown to a
 * person is computed from measurements.
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
            .describe('As `follows`, of versions that knew one slope for all; not used any more'),
          follows: z
            .array(z.strictObject({ range: count, slope: nonNegative, error: nonNegative }))
            .optional()
            .describe(
              'By how much this code followed the reference loop there, as powers, by how slow that was, and one standard error',
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

/** What a run told of one range of how slow the reference was: by which power code follows it there, and one standard error of that. */
export interface FollowedRange {
  /** Its place among the bounds of stats/segmentedSlope.ts. */
  readonly range: number;
  readonly slope: number;
  readonly error: number;
}

/** What the reference loop takes on this machine in calm moments, by earlier runs (state/machinePace.ts). */
export interface CalmPace {
  readonly referenceMs: number;
  readonly runs: number;
  readonly lastSeenAt: string;
  /** By how much this code followed it in earlier runs (stats/segmentedSlope.ts). */
  readonly follows?: readonly FollowedRange[] | undefined;
}
