import { createHash } from 'node:crypto';
import { TuneError } from '../../base/errors.ts';
import { toolVersion } from '../../base/version.ts';
import type { TuneJob } from '../../measure/tuneJob.ts';
import { parsePointer } from '../../migrate/responses/jsonPointer.ts';
import type { Architecture } from '../../model/configuration.ts';
import type { FunctionFacts } from '../../model/functionFacts.ts';
import type { Payload } from '../../model/payload.ts';
import type { VariantPreflight } from '../../model/preflight.ts';
import type { Prior } from '../../model/production/prior.ts';
import type { TuningResult } from '../../model/run.ts';
import type { VariantOverlay } from '../../model/variant.ts';
import type { Warning } from '../../model/warning.ts';
import type { RunOptions } from '../../options/options.ts';
import { continueRun, type EarlierRun, type EarlierSource } from '../../plan/continueRun.ts';
import { parseMemorySizes } from '../../plan/memorySizes.ts';
import { sensitiveWarning } from '../../plan/payloads/personalData.ts';
import { weightedLookalike } from '../../plan/payloads/weightedList.ts';
import { planRun } from '../../plan/plan.ts';
import type { RaceRequest } from '../../plan/request.ts';
import { autoRungs, rungsBetween } from '../../search/rungs.ts';
import { costModelOf } from './costModel.ts';
import type { OpenHooks } from './hooks.ts';

/** The sizes that may be called, and whether they are raced. */
export interface MemoryChoice {
  readonly memoryMb: readonly number[];
  readonly race?: 'climb' | 'all' | undefined;
  readonly warnings: readonly Warning[];
}

/** Throws TuneError USAGE for what is not a memory size. */
export function memoryChoiceOf({
  memory,
  adaptive,
}: {
  readonly memory: string;
  readonly adaptive: boolean;
}): MemoryChoice {
  const request = parseMemorySizes(memory);
  const race = adaptive ? 'all' : undefined;
  switch (request.kind) {
    case 'list':
      return { memoryMb: request.memoryMb, warnings: request.warnings, race };
    case 'all':
      return { memoryMb: autoRungs, warnings: [], race };
    case 'auto':
      return { memoryMb: autoRungs, warnings: [], race: 'climb' };
    case 'range':
      return { memoryMb: rungsBetween(request.fromMb, request.toMb), warnings: [], race: 'climb' };
  }
}

function raceOf(options: RunOptions, memory: MemoryChoice, seed: number, prior?: Prior): RaceRequest | undefined {
  if (memory.race === undefined) return undefined;
  if (options.goal !== undefined && options.strategy !== undefined) {
    throw new TuneError('USAGE', '--goal and --strategy cannot be given together.', {
      hint: '--strategy cost is --goal cheapest, speed is fastest.',
    });
  }
  return {
    sizes: memory.race,
    goal: askedGoal(options) ?? 'cheapest',
    effort: options.effort,
    tolerance: options.tolerance,
    seed: options.seed ?? seed,
    maxErrorShare: options.maxErrorShare,
    maxP95Ms: options.maxP95Ms,
    coldShare: options.coldShare,
    refine: options.refine,
    prior,
  };
}

/** Cheapest is the default of a race, but who asks for it in so many words takes what is slower for less. */
function askedGoal({ goal, strategy }: RunOptions): TuningResult['options']['goal'] {
  return goal ?? (strategy === undefined ? undefined : goalOfStrategy[strategy]);
}

const goalOfStrategy = { cost: 'cheapest', speed: 'fastest', balanced: 'balanced' } as const;

/** An earlier run whose measurements count with those of this one. */
export interface Earlier {
  readonly run: EarlierRun;
  readonly source: EarlierSource;
  readonly now: Date;
}

/** Options of which what depends on the command, the function or the place is decided, too. */
export type DecidedOptions = RunOptions & {
  readonly architecture: readonly Architecture[];
  readonly invocations: number;
  readonly concurrency: number;
};

interface PlannedTarget {
  readonly facts: FunctionFacts;
  readonly path?: string | undefined;
  readonly template?: TuneJob['template'];
  readonly variants?: readonly VariantOverlay[];
  readonly hooks?: OpenHooks | undefined;
  readonly preflights?: readonly VariantPreflight[] | undefined;
  /** What production told: a race begins by it. */
  readonly prior?: Prior | undefined;
}

/** Everything about a run that is decided before it begins. */
export function planJob(
  options: DecidedOptions,
  { facts, path, template, hooks, variants = [], preflights = [], prior }: PlannedTarget,
  memory: MemoryChoice,
  payloads: readonly Payload[],
  run: { readonly id: string; readonly seed: number },
  earlier?: Earlier,
): TuneJob {
  const costModel = costModelOf(options, facts.region);
  const ofPayloads = [sensitiveWarning(payloads), weightedLookalike(payloads)].filter((one) => one !== undefined);
  const { architecture, invocations, coldStarts, maxSpendUsd } = options;
  const plan = planRun(
    {
      race: raceOf(options, memory, run.seed, prior),
      coldStarts,
      memoryMb: memory.memoryMb,
      architectures: architecture,
      variants: variants.map(({ variant }) => variant),
      preflights,
      invocations,
      concurrency: options.concurrency,
      payloads,
      otherCode: { x86_64: options.x86Image !== undefined, arm64: options.arm64Image !== undefined },
      maxInFlight: options.maxInFlight,
      maxSpendUsd,
      pace: { hooks: hooks?.costs, pauseMs: options.pause, maxRatePerS: options.maxRate },
    },
    facts,
    costModel,
  );
  const judging = {
    maxErrorShare: options.maxErrorShare,
    tolerance: options.tolerance,
    coldStarts,
    coldShare: options.coldShare,
    maxP95Ms: options.maxP95Ms,
    maxSpendUsd,
    payloadTemplate: options.payloadTemplate,
  };
  const recorded = {
    ...judging,
    goal: askedGoal(options),
    memoryMb: [...memory.memoryMb],
    architectures: [...architecture],
    variants: variants.length === 0 ? undefined : variants.map(({ variant }) => variant),
    invocations,
    concurrency: plan.environmentsPerConfiguration,
    maxInFlight: plan.maxInFlight,
    allowErrors: options.allowError.length === 0 ? undefined : [...options.allowError],
    payloads: payloads.map(recordedPayload),
    envNames: Object.keys(options.env),
    hooks: hooks === undefined ? undefined : recordedHooks(hooks),
    pauseMs: options.pause,
    maxRatePerS: options.maxRate,
    stream: facts.streams,
    assumedRole: options.assumeRole,
  };
  return {
    ...judging,
    runId: run.id,
    toolVersion,
    facts,
    plan: {
      ...plan,
      warnings: [...memory.warnings, ...ofPayloads, ...plan.warnings],
    },
    costModel,
    payloads,
    allowedErrors: options.allowError,
    continued: earlier && continueRun(earlier.run, { facts, costModel, recorded }, earlier.now, earlier.source),
    recorded,
    ignore: options.ignore.map(parsePointer),
    preflights,
    path,
    template,
  };
}

/** Neither what they are called nor what they said: a command may hold secrets. */
function recordedHooks({ calls, run }: OpenHooks): TuningResult['options']['hooks'] {
  return {
    before: calls?.before?.kind,
    after: calls?.after?.kind,
    beforeRun: run.beforeRun?.kind,
    afterRun: run.afterRun?.kind,
  };
}

/** Never the payload itself. */
function recordedPayload({ name, body, weight, lines }: Payload): TuningResult['options']['payloads'][number] {
  const content = lines?.join('\n') ?? body;
  return {
    name,
    sha256: createHash('sha256').update(content).digest('hex'),
    bytes: Buffer.byteLength(content),
    weight,
    lines: lines?.length,
  };
}

/** A new run's name: short enough to read, long enough that no two runs of one account share it. */
export function newRunId(uuid: string): string {
  return uuid.replaceAll('-', '').slice(0, 10);
}
