import { sameConfiguration } from './marks.ts';
import type { Architecture, Configuration } from './model.ts';
import { choiceFigures, worthNaming } from './recommendation.ts';
import type { ConfigurationResult, Summary, TuningResult } from './result.ts';
import { oneVcpuMb } from './vcpus.ts';

/** What follows from the figures beyond the choice itself. Shares are fractions. */
export type Hint =
  /** The pick needed nearly all its memory: a larger payload may not fit. */
  | { readonly kind: 'tightMemory'; readonly pick: Configuration; readonly usedMb: number }
  /** A smaller size is as fast and uses a fraction of the memory: what is paid for is not used. */
  | {
      readonly kind: 'overProvisioned';
      readonly current: Configuration;
      readonly usedMb: number;
      readonly enough: Configuration;
    }
  /** Faster up to one vCPU, not beyond. */
  | { readonly kind: 'singleCore'; readonly architectures: readonly Architecture[] }
  /** The duration hardly depends on the size. */
  | {
      readonly kind: 'waiting';
      readonly architectures: readonly Architecture[];
      readonly leastMb: number;
      readonly mostMb: number;
    }
  /** Who calls decides between the cheapest and the fastest. */
  | {
      readonly kind: 'caller';
      readonly cheapest: Configuration;
      readonly fastest: Configuration;
      readonly extraCostShare: number;
      readonly savedTimeShare: number;
    };

/** The figure is the high-water mark of few environments, so this near to the limit the next one may go over it. */
const tightShare = 0.9;
const muchUnusedShare = 0.5;
/** By how much a CPU-bound function must gain below one vCPU before "not beyond" means anything. */
const clearGain = 1.15;
/** How much larger than one vCPU a size must be for "not beyond" to have been seen. */
const clearlyMore = 1.4;
/** Durations over a four-fold range of sizes that differ by less do not come from the CPU. */
const flatRatio = 1.1;
const flatRange = 4;

type MeasuredRow = ConfigurationResult & { readonly warm: Summary };

export function hintsOf(
  result: TuningResult,
  pick: Configuration | undefined,
  current: Configuration | undefined,
): readonly Hint[] {
  const rows = result.configurations.filter(isMeasured).toSorted((one, other) => one.memoryMb - other.memoryMb);
  const found = [
    pick && tightMemory(rows, pick),
    current && overProvisioned(rows, current),
    ...speedHints(rows),
    callerHint(result),
  ];
  return found.filter((hint) => hint !== undefined);
}

function isMeasured(row: ConfigurationResult): row is MeasuredRow {
  return row.status === 'measured' && row.warm !== undefined;
}

function tightMemory(rows: readonly MeasuredRow[], pick: Configuration): Hint | undefined {
  const row = rows.find((one) => one.memoryMb === pick.memoryMb && one.architecture === pick.architecture);
  if (!row || row.warm.maxMemoryUsedMb < tightShare * row.memoryMb) return undefined;
  return { kind: 'tightMemory', pick, usedMb: row.warm.maxMemoryUsedMb };
}

function overProvisioned(rows: readonly MeasuredRow[], current: Configuration): Hint | undefined {
  const same = rows.filter((row) => row.architecture === current.architecture);
  const row = same.find((one) => one.memoryMb === current.memoryMb);
  if (!row || row.warm.maxMemoryUsedMb > muchUnusedShare * row.memoryMb) return undefined;
  const enough = same.find(
    (one) =>
      one.memoryMb < row.memoryMb &&
      one.warm.durationMs.mean <= row.warm.durationMs.mean * (1 + worthNaming) &&
      one.warm.maxMemoryUsedMb < tightShare * one.memoryMb,
  );
  return enough && { kind: 'overProvisioned', current, usedMb: row.warm.maxMemoryUsedMb, enough };
}

function speedHints(rows: readonly MeasuredRow[]): readonly Hint[] {
  const architectures = [...new Set(rows.map((row) => row.architecture))];
  const of = (shape: ReturnType<typeof speedShape>) =>
    architectures.filter(
      (architecture) => speedShape(rows.filter((row) => row.architecture === architecture)) === shape,
    );
  const waiting = of('waiting');
  const singleCore = of('singleCore');
  const sizes = rows.map((row) => row.memoryMb);
  return [
    ...(waiting.length === 0
      ? []
      : [
          {
            kind: 'waiting' as const,
            architectures: waiting,
            leastMb: Math.min(...sizes),
            mostMb: Math.max(...sizes),
          },
        ]),
    ...(singleCore.length === 0 ? [] : [{ kind: 'singleCore' as const, architectures: singleCore }]),
  ];
}

/** Rows of one architecture, by size. */
function speedShape(rows: readonly MeasuredRow[]): 'waiting' | 'singleCore' | undefined {
  const smallest = rows[0];
  const largest = rows.at(-1);
  if (!smallest || !largest) return undefined;
  const means = rows.map((row) => row.warm.durationMs.mean);
  if (largest.memoryMb >= flatRange * smallest.memoryMb && Math.max(...means) <= flatRatio * Math.min(...means)) {
    return 'waiting';
  }
  const oneCore = rows.find((row) => row.memoryMb >= oneVcpuMb);
  if (!oneCore || largest.memoryMb < clearlyMore * oneCore.memoryMb || smallest.memoryMb >= oneVcpuMb) return undefined;
  const gainsBelow = smallest.warm.durationMs.mean >= clearGain * oneCore.warm.durationMs.mean;
  const gainsAbove = largest.warm.durationMs.mean < oneCore.warm.durationMs.mean * (1 - worthNaming);
  return gainsBelow && !gainsAbove ? 'singleCore' : undefined;
}

/** Nothing to decide where the fastest is among the cheapest. */
function callerHint(result: TuningResult): Hint | undefined {
  const [cheapest, ...tied] = choiceFigures(result, result.cheapest);
  const fastest = choiceFigures(result, result.fastest)[0];
  if (!cheapest || !fastest || tied.some((one) => sameConfiguration(one, fastest))) return undefined;
  if (!(cheapest.costUsd.mean > 0) || !(cheapest.meanMs > 0)) return undefined;
  const extraCostShare = fastest.costUsd.mean / cheapest.costUsd.mean - 1;
  const savedTimeShare = 1 - fastest.meanMs / cheapest.meanMs;
  if (extraCostShare < worthNaming || savedTimeShare < worthNaming) return undefined;
  return { kind: 'caller', cheapest, fastest, extraCostShare, savedTimeShare };
}
