import { createHash } from 'node:crypto';
import { TuneError } from '../../base/errors.ts';
import { toolVersion } from '../../base/version.ts';
import type { TuneJob } from '../../measure/tuneJob.ts';
import { architectures } from '../../model/configuration.ts';
import type { CostModel, FunctionFacts, Payload, Warning } from '../../model/measurement.ts';
import type { TuningResult } from '../../model/run.ts';
import type { RunOptions } from '../../options/options.ts';
import { continueRun, type EarlierRun, type EarlierSource } from '../../plan/continueRun.ts';
import { parseMemorySizes } from '../../plan/memorySizes.ts';
import { planRun, type RaceRequest } from '../../plan/plan.ts';
import { parsePriceOption } from '../../pricing/priceOption.ts';
import { costModelFor } from '../../pricing/pricing.ts';
import { autoRungs, rungsBetween } from '../../search/rungs.ts';

const defaults = { invocations: 20, maxErrorShare: 0.1, tolerance: 0.03, concurrency: { aws: 2, local: 1 } } as const;

/** The sizes that may be called, and whether they are raced. */
export interface MemoryChoice {
  readonly memoryMb: readonly number[];
  readonly race?: 'climb' | 'all';
  readonly warnings: readonly Warning[];
}

/** Throws TuneError USAGE for what is not a memory size. */
export function memoryChoiceOf(options: RunOptions): MemoryChoice {
  const request = parseMemorySizes(options.memory ?? 'auto');
  const whole = options.adaptive ? ({ race: 'all' } as const) : {};
  switch (request.kind) {
    case 'list':
      return { memoryMb: request.memoryMb, warnings: request.warnings, ...whole };
    case 'all':
      return { memoryMb: autoRungs, warnings: [], ...whole };
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
  const fromStrategy = options.strategy === undefined ? undefined : goalOfStrategy[options.strategy];
  return {
    sizes: memory.race,
    goal: options.goal ?? fromStrategy ?? 'cheapest',
    effort: options.effort ?? 'default',
    tolerance: options.tolerance ?? defaults.tolerance,
    seed: options.seed ?? seed,
    maxErrorShare: options.maxErrorShare ?? defaults.maxErrorShare,
    ...(options.maxP95Ms === undefined ? {} : { maxP95Ms: options.maxP95Ms }),
    ...(options.coldShare === undefined ? {} : { coldShare: options.coldShare }),
    ...(options.refine === undefined ? {} : { refine: options.refine }),
  };
}

/** Cheapest is the default of a race, but who asks for it in so many words takes what is slower for less. */
function askedGoal({ goal, strategy }: RunOptions): Pick<TuningResult['options'], 'goal'> {
  const asked = goal ?? (strategy === undefined ? undefined : goalOfStrategy[strategy]);
  return asked === undefined ? {} : { goal: asked };
}

const goalOfStrategy = { cost: 'cheapest', speed: 'fastest', balanced: 'balanced' } as const;

/** An earlier run whose measurements count with those of this one. */
export interface Earlier {
  readonly run: EarlierRun;
  readonly source: EarlierSource;
  readonly now: Date;
}

/** Everything about a run that is decided before it begins. */
export function planJob(
  options: RunOptions,
  described: { readonly facts: FunctionFacts; readonly path?: string },
  memory: MemoryChoice,
  payloads: readonly Payload[],
  run: { readonly id: string; readonly seed: number },
  earlier?: Earlier,
): TuneJob {
  const { facts, path } = described;
  const costModel = priceOf(options, facts.region);
  const asked = options.architecture ?? architectures;
  const invocations = options.invocations ?? defaults.invocations;
  const concurrency = options.concurrency ?? defaults.concurrency[facts.emulation === undefined ? 'aws' : 'local'];
  const race = raceOf(options, memory, run.seed);
  const plan = planRun(
    {
      ...(race === undefined ? {} : { race }),
      ...(options.coldStarts === undefined ? {} : { coldStarts: options.coldStarts }),
      memoryMb: memory.memoryMb,
      architectures: asked,
      invocations,
      concurrency,
      payloads,
      otherCode: { x86_64: options.x86Image !== undefined, arm64: options.arm64Image !== undefined },
      ...(options.maxInFlight === undefined ? {} : { maxInFlight: options.maxInFlight }),
      ...(options.maxSpendUsd === undefined ? {} : { maxSpendUsd: options.maxSpendUsd }),
    },
    facts,
    costModel,
  );
  const judging = {
    maxErrorShare: options.maxErrorShare ?? defaults.maxErrorShare,
    tolerance: options.tolerance ?? defaults.tolerance,
    ...(options.coldStarts === undefined ? {} : { coldStarts: options.coldStarts }),
    ...(options.coldShare === undefined ? {} : { coldShare: options.coldShare }),
    ...(options.maxP95Ms === undefined ? {} : { maxP95Ms: options.maxP95Ms }),
    ...(options.maxSpendUsd === undefined ? {} : { maxSpendUsd: options.maxSpendUsd }),
    payloadTemplate: options.payloadTemplate ?? false,
  };
  const recorded = {
    ...judging,
    ...askedGoal(options),
    memoryMb: [...memory.memoryMb],
    architectures: [...asked],
    invocations,
    concurrency: plan.environmentsPerConfiguration,
    maxInFlight: plan.maxInFlight,
    ...(options.allowError === undefined ? {} : { allowErrors: options.allowError }),
    payloads: payloads.map(({ name, body, weight }) => ({
      name,
      sha256: createHash('sha256').update(body).digest('hex'),
      bytes: Buffer.byteLength(body),
      weight,
    })),
    envNames: Object.keys(options.env ?? {}),
  };
  return {
    ...judging,
    runId: run.id,
    toolVersion,
    facts,
    plan: { ...plan, warnings: [...memory.warnings, ...plan.warnings] },
    costModel,
    payloads,
    ...(options.allowError === undefined ? {} : { allowedErrors: options.allowError }),
    ...(earlier === undefined
      ? {}
      : { continued: continueRun(earlier.run, { facts, costModel, recorded }, earlier.now, earlier.source) }),
    recorded,
    ...(path === undefined ? {} : { path }),
  };
}

function priceOf(options: RunOptions, region: string): CostModel {
  return options.price === undefined ? costModelFor(region) : parsePriceOption(options.price, region);
}

/** A new run's name: short enough to read, long enough that no two runs of one account share it. */
export function newRunId(uuid: string): string {
  return uuid.replaceAll('-', '').slice(0, 10);
}
