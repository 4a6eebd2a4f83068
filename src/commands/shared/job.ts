import { createHash } from 'node:crypto';
import { TuneError } from '../../base/errors.ts';
import { toolVersion } from '../../base/version.ts';
import type { TuneJob } from '../../measure/tuneJob.ts';
import type { Architecture } from '../../model/configuration.ts';
import type { CostModel, Payload, Warning } from '../../model/measurement.ts';
import type { TuningResult } from '../../model/run.ts';
import type { RunOptions } from '../../options/options.ts';
import { continueRun, type EarlierRun, type EarlierSource } from '../../plan/continueRun.ts';
import { parseMemorySizes } from '../../plan/memorySizes.ts';
import { planRun, type RaceRequest } from '../../plan/plan.ts';
import { parsePriceOption } from '../../pricing/priceOption.ts';
import { costModelFor } from '../../pricing/pricing.ts';
import { autoRungs, rungsBetween } from '../../search/rungs.ts';

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

function raceOf(options: RunOptions, memory: MemoryChoice, seed: number): RaceRequest | undefined {
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

/** Everything about a run that is decided before it begins. */
export function planJob(
  options: DecidedOptions,
  { facts, path, template }: Pick<TuneJob, 'facts' | 'path' | 'template'>,
  memory: MemoryChoice,
  payloads: readonly Payload[],
  run: { readonly id: string; readonly seed: number },
  earlier?: Earlier,
): TuneJob {
  const costModel = priceOf(options, facts.region);
  const { architecture, invocations, coldStarts, maxSpendUsd } = options;
  const plan = planRun(
    {
      race: raceOf(options, memory, run.seed),
      coldStarts,
      memoryMb: memory.memoryMb,
      architectures: architecture,
      invocations,
      concurrency: options.concurrency,
      payloads,
      otherCode: { x86_64: options.x86Image !== undefined, arm64: options.arm64Image !== undefined },
      maxInFlight: options.maxInFlight,
      maxSpendUsd,
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
    invocations,
    concurrency: plan.environmentsPerConfiguration,
    maxInFlight: plan.maxInFlight,
    allowErrors: options.allowError.length === 0 ? undefined : [...options.allowError],
    payloads: payloads.map(({ name, body, weight }) => ({
      name,
      sha256: createHash('sha256').update(body).digest('hex'),
      bytes: Buffer.byteLength(body),
      weight,
    })),
    envNames: Object.keys(options.env),
  };
  return {
    ...judging,
    runId: run.id,
    toolVersion,
    facts,
    plan: { ...plan, warnings: [...memory.warnings, ...plan.warnings] },
    costModel,
    payloads,
    allowedErrors: options.allowError,
    continued: earlier && continueRun(earlier.run, { facts, costModel, recorded }, earlier.now, earlier.source),
    recorded,
    path,
    template,
  };
}

function priceOf(options: RunOptions, region: string): CostModel {
  return options.price === undefined ? costModelFor(region) : parsePriceOption(options.price, region);
}

/** A new run's name: short enough to read, long enough that no two runs of one account share it. */
export function newRunId(uuid: string): string {
  return uuid.replaceAll('-', '').slice(0, 10);
}
