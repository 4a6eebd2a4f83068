import type { SpreadByArchitecture } from '../analysis/hosts.ts';
import { type PayloadShare, type Succeeded, sampleBy, weightedMean } from '../analysis/summarize.ts';
import type { Architecture } from '../model/configuration.ts';
import type { CostModel } from '../model/costModel.ts';
import type { BoundedRatio, Comparison } from '../model/migration.ts';
import { invocationCostUsd } from '../pricing/pricing.ts';
import type { Sample } from '../stats/samples.ts';
import { type RatioEstimate, ratioEstimate } from '../stats/statistics.ts';
import { percentileRatio } from './percentileRatio.ts';

/** One architecture at one size, with its warm and successful calls. */
export interface ArchitectureSide {
  readonly memoryMb: number;
  readonly measurements: readonly Succeeded[];
}

/** How values scatter over the whole run, warm calls. */
export interface Spreads {
  readonly costs: SpreadByArchitecture;
  readonly durations: SpreadByArchitecture;
}

/** Always arm64 ÷ x86_64, whichever way the question was asked. */
export type ArchitectureComparison = Omit<Comparison, 'savings'>;

/** Undefined when one side has no successful call. `ephemeralStorageMb`: the function's whole /tmp. */
export function compareArchitectures(
  sides: Readonly<Record<Architecture, ArchitectureSide>>,
  payloads: readonly PayloadShare[],
  spreads: Spreads,
  { costModel, ephemeralStorageMb }: { readonly costModel: CostModel; readonly ephemeralStorageMb: number },
): ArchitectureComparison | undefined {
  const { x86_64: x86, arm64: arm } = sides;
  const costs = { x86_64: costsOf(x86, payloads), arm64: costsOf(arm, payloads) };
  const ratioOfCosts = (baseline: Sample) =>
    ratioEstimate(costs.arm64, baseline, spreads.costs.arm64, 0.95, spreads.costs.x86_64);
  const costRatio = ratioOfCosts(costs.x86_64);
  if (costRatio === undefined) return undefined;
  /** What the calls of x86_64 would have cost on arm64 with the same billed durations. */
  const pricedOnArm = (memoryMb: number) =>
    sampleBy(
      x86.measurements,
      ({ billedDurationMs }) =>
        invocationCostUsd({ architecture: 'arm64', memoryMb, billedDurationMs, ephemeralStorageMb }, costModel),
      payloads,
    );
  const atSameSize = pricedOnArm(x86.memoryMb);
  const atOwnSize = pricedOnArm(arm.memoryMb);
  const duration = ratioOfCosts(atOwnSize) ?? costRatio;
  const durations = (one: ArchitectureSide, architecture: Architecture) => ({
    sample: durationsOf(one, payloads),
    spread: spreads.durations[architecture],
  });
  return {
    memoryMb: { x86_64: x86.memoryMb, arm64: arm.memoryMb },
    costUsd: { x86_64: weightedMean(costs.x86_64), arm64: weightedMean(costs.arm64) },
    costRatio: ratioOf(costRatio),
    p95Ratio: percentileRatio(durations(arm, 'arm64'), durations(x86, 'x86_64'), 0.95),
    causes: {
      price: weightedMean(atSameSize) / weightedMean(costs.x86_64),
      memory: weightedMean(atOwnSize) / weightedMean(atSameSize),
      duration: ratioOf(duration),
    },
  };
}

/**
 * How many times as long arm64 may take at this size until it costs what x86_64 does (1.25 at most prices). `billedMs`:
 * mean billed duration on x86_64.
 */
export function breakEvenSlowdown(memoryMb: number, billedMs: number, costModel: CostModel): number {
  const gb = memoryMb / 1024;
  const perMs = (architecture: Architecture) => (gb * costModel.gbSecondUsd[architecture]) / 1000;
  const paid = perMs('x86_64') * billedMs + costModel.requestUsd.x86_64;
  return (paid - costModel.requestUsd.arm64) / (perMs('arm64') * billedMs);
}

function ratioOf({ ratio, low, high }: RatioEstimate): BoundedRatio {
  return { estimate: ratio, low, high };
}

function costsOf({ measurements }: ArchitectureSide, payloads: readonly PayloadShare[]): Sample {
  return sampleBy(measurements, ({ costUsd }) => costUsd, payloads);
}

function durationsOf({ measurements }: ArchitectureSide, payloads: readonly PayloadShare[]): Sample {
  return sampleBy(measurements, ({ durationMs }) => durationMs, payloads);
}
