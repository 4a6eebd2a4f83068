import { asAnswers } from '../expectedErrors.ts';
import type { Architecture, Measurement } from '../model.ts';
import type { ConfigurationResult, TuningResult } from '../result.ts';
import { hostsDiffer, runSpread, sameHost } from '../spread.ts';
import { ratioEstimate } from '../statistics.ts';
import { isSucceeded, type PayloadShare, type Succeeded, sampleBy } from '../summarize.ts';
import { type ArchitectureComparison, compareArchitectures, type Side, type Spreads } from './comparison.ts';
import { type Decision, decide, type Requirement } from './decision.ts';
import type { MigrationParts } from './document.ts';
import { savingsPerMonth } from './savings.ts';

export interface MigrationQuestion {
  /** What the function has today. */
  readonly current: { readonly memoryMb: number; readonly architecture: Architecture };
  readonly require?: Requirement;
  /** By how much p95 may be higher and still count as not slower: a fraction. */
  readonly maxSlowdown: number;
  /** Given by the user; absent: no savings are named. */
  readonly requestsPerMonth?: number;
}

type Analysis = Pick<MigrationParts, 'comparison' | 'best' | 'savings'> & { readonly required?: Decision };

const architectures = ['x86_64', 'arm64'] as const;

/** What a run that measured both architectures says of the move. */
export function analyzeMigration(run: TuningResult, question: MigrationQuestion): Analysis {
  const lanes = lanesOf(run);
  const spreads = spreadsOf(run, lanes);
  const compare = (x86Mb: number, armMb: number) => {
    const sides = { x86_64: sideAt(lanes, 'x86_64', x86Mb), arm64: sideAt(lanes, 'arm64', armMb) };
    const { x86_64, arm64 } = sides;
    if (x86_64 === undefined || arm64 === undefined) return undefined;
    return compareArchitectures({ x86_64, arm64 }, payloadsOf(run), spreads, {
      costModel: costModelOf(run),
      ephemeralStorageMb: run.target.ephemeralStorageMb ?? 512,
    });
  };
  const { memoryMb, architecture } = question.current;
  const comparison = compare(memoryMb, memoryMb);
  const best = bestOf(run, lanes, spreads, compare);
  const required =
    question.require === undefined || comparison === undefined
      ? undefined
      : decide(comparison, architecture, { require: question.require, maxSlowdown: question.maxSlowdown });
  const costs = costIntervals(run, memoryMb);
  return {
    ...(comparison === undefined ? {} : { comparison }),
    ...(best === undefined ? {} : { best }),
    ...(question.requestsPerMonth === undefined || costs === undefined
      ? {}
      : { savings: savingsPerMonth(costs, architecture, question.requestsPerMonth) }),
    ...(required === undefined ? {} : { required }),
  };
}

interface Lane extends Side {
  readonly architecture: Architecture;
}

/** Warm and successful calls of the rows that may be judged. */
function lanesOf(run: TuningResult): readonly Lane[] {
  return run.configurations
    .filter(({ status }) => status === 'measured')
    .map(({ memoryMb, architecture, measurements }) => ({
      memoryMb,
      architecture,
      measurements: warmOf(measurements as readonly Measurement[], run.options.allowErrors ?? []),
    }))
    .filter(({ measurements }) => measurements.length > 0);
}

function warmOf(measurements: readonly Measurement[], allowedErrors: readonly string[]): readonly Succeeded[] {
  return asAnswers(measurements, allowedErrors)
    .filter(isSucceeded)
    .filter(({ start }) => start === 'warm');
}

function spreadsOf(run: TuningResult, lanes: readonly Lane[]): Spreads {
  const prior = run.emulation === undefined ? hostsDiffer : sameHost;
  const payloads = payloadsOf(run);
  const of = (figure: (call: Succeeded) => number) =>
    runSpread(
      lanes.map(({ measurements }) => sampleBy(measurements, figure, payloads)),
      prior,
    );
  return { costs: of(({ costUsd }) => costUsd), durations: of(({ durationMs }) => durationMs) };
}

function sideAt(lanes: readonly Lane[], architecture: Architecture, memoryMb: number): Side | undefined {
  return lanes.find((lane) => lane.architecture === architecture && lane.memoryMb === memoryMb);
}

/** Undefined unless more than one size was measured: the current one is no choice then. */
function bestOf(
  run: TuningResult,
  lanes: readonly Lane[],
  spreads: Spreads,
  compare: (x86Mb: number, armMb: number) => ArchitectureComparison | undefined,
): Analysis['best'] {
  if (new Set(lanes.map(({ memoryMb }) => memoryMb)).size < 2) return undefined;
  const [x86, arm] = architectures.map((architecture) => cheapestOn(run, lanes, architecture, spreads));
  if (x86 === undefined || arm === undefined) return undefined;
  const comparison = compare(x86.memoryMb, arm.memoryMb);
  return comparison && { ...comparison, tiedWith: { x86_64: x86.tied, arm64: arm.tied } };
}

/** The size with the smallest mean cost, and those that are within the tolerance of it or cannot be told apart from it. */
function cheapestOn(
  run: TuningResult,
  lanes: readonly Lane[],
  architecture: Architecture,
  spreads: Spreads,
): { readonly memoryMb: number; readonly tied: readonly number[] } | undefined {
  const own = lanes.filter((lane) => lane.architecture === architecture);
  const payloads = payloadsOf(run);
  const costsOf = (lane: Lane) => sampleBy(lane.measurements, ({ costUsd }) => costUsd, payloads);
  const meanOf = (lane: Lane) => rowOf(run, lane)?.warm?.costUsd.mean ?? Number.POSITIVE_INFINITY;
  const best = own.toSorted((one, other) => meanOf(one) - meanOf(other))[0];
  if (best === undefined) return undefined;
  const tolerance = run.options.tolerance ?? 0.03;
  const tied = own.filter((lane) => {
    if (lane === best) return false;
    const ratio = ratioEstimate(costsOf(lane), costsOf(best), spreads.costs);
    return ratio !== undefined && (ratio.ratio <= 1 + tolerance || ratio.low <= 1);
  });
  return { memoryMb: best.memoryMb, tied: tied.map(({ memoryMb }) => memoryMb).sort((a, b) => a - b) };
}

function costIntervals(run: TuningResult, memoryMb: number) {
  const x86 = rowOf(run, { memoryMb, architecture: 'x86_64' })?.warm?.costUsd;
  const arm = rowOf(run, { memoryMb, architecture: 'arm64' })?.warm?.costUsd;
  return x86 === undefined || arm === undefined ? undefined : { x86_64: x86, arm64: arm };
}

function rowOf(
  run: TuningResult,
  wanted: { readonly memoryMb: number; readonly architecture: Architecture },
): ConfigurationResult | undefined {
  return run.configurations.find((row) => row.memoryMb === wanted.memoryMb && row.architecture === wanted.architecture);
}

function payloadsOf({ options }: TuningResult): readonly PayloadShare[] {
  return options.payloads.map(({ name, weight }) => ({ name, weight }));
}

/** The same shape, read back from a file. */
function costModelOf({ costModel }: TuningResult): Parameters<typeof compareArchitectures>[3]['costModel'] {
  return costModel as Parameters<typeof compareArchitectures>[3]['costModel'];
}
