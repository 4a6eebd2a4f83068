import { asAnswers } from '../analysis/expectedErrors.ts';
import { hostPriorsOf } from '../analysis/hosts.ts';
import { spreadOfCalls } from '../analysis/rows.ts';
import { withoutFirstWarm } from '../analysis/steady.ts';
import {
  isSucceeded,
  type PayloadShare,
  payloadShares,
  payloadsWithout,
  type Succeeded,
  sampleBy,
  weightedMean,
} from '../analysis/summarize.ts';
import type { Architecture } from '../model/configuration.ts';
import type { TuningResult } from '../model/run.ts';
import {
  type ArchitectureComparison,
  type ArchitectureSide,
  compareArchitectures,
  type Spreads,
} from './comparison.ts';

/** A configuration that may be judged, with its warm and successful calls. */
export interface JudgedLane extends ArchitectureSide {
  readonly architecture: Architecture;
}

/** Fewer warm calls than this say nothing of a mean, whatever their interval. */
export const fewestCalls = 5;

/** Rows with the calls that a judgement needs: enough of them, and every payload among them. */
export function judgeableLanes(run: TuningResult): readonly JudgedLane[] {
  return lanesOf(run).filter(
    ({ measurements }) =>
      measurements.length >= fewestCalls && payloadsWithout(measurements, payloadsOf(run)).length === 0,
  );
}

function lanesOf(run: TuningResult): readonly JudgedLane[] {
  return run.configurations
    .filter(({ status }) => status === 'measured')
    .map(({ memoryMb, architecture, measurements, steady }) => ({
      memoryMb,
      architecture,
      measurements: withoutFirstWarm(asAnswers(measurements, run.options.allowErrors ?? []), steady?.afterCalls ?? 0)
        .filter(isSucceeded)
        .filter(({ start }) => start === 'warm'),
    }));
}

/** Compares two lanes by what the whole run says of noise. Undefined where one of them has no call to judge by. */
export function comparerOf(
  run: TuningResult,
  lanes: readonly JudgedLane[],
): (own: JudgedLane, other: JudgedLane) => ArchitectureComparison | undefined {
  const spreads = spreadsOf(run, lanes);
  return (own, other) => {
    const [x86_64, arm64] = own.architecture === 'x86_64' ? [own, other] : [other, own];
    return compareArchitectures({ x86_64, arm64 }, payloadsOf(run), spreads, {
      costModel: run.costModel,
      ephemeralStorageMb: run.target.ephemeralStorageMb ?? 512,
    });
  };
}

export function meanDurationMs({ measurements }: JudgedLane, run: TuningResult): number {
  return weightedMean(sampleBy(measurements, ({ durationMs }) => durationMs, payloadsOf(run)));
}

function spreadsOf(run: TuningResult, lanes: readonly JudgedLane[]): Spreads {
  const of = (figure: (call: Succeeded) => number) =>
    spreadOfCalls(
      lanes.map(({ architecture, measurements }) => ({ architecture, calls: measurements })),
      figure,
      payloadsOf(run),
      hostPriorsOf(run.emulation),
    );
  return { costs: of(({ costUsd }) => costUsd), durations: of(({ durationMs }) => durationMs) };
}

function payloadsOf({ options }: TuningResult): readonly PayloadShare[] {
  return payloadShares(options.payloads);
}
