import type { Architecture } from '../model/configuration.ts';
import type { BoundedRatio, Decision } from '../model/migration.ts';
import type { ArchitectureComparison } from './comparison.ts';
import type { PercentileRatio } from './ratio.ts';

export type Requirement = Decision['require'];

/** `holds`: 95 % sure that it does; `fails`: as sure that it does not. */
type Decided = Decision['decided'];

/**
 * Whether moving away from the current architecture brings what is required of it. `tolerance`: a saving that is surely
 * not larger than this share is none.
 */
export function decideMove(
  comparison: Pick<ArchitectureComparison, 'costRatio' | 'p95Ratio'>,
  current: Architecture,
  { require, maxSlowdown }: { readonly require: Requirement; readonly maxSlowdown: number },
  tolerance = 0,
): Decision {
  const change = changeFrom(current, comparison);
  const cheaper = require === 'not-slower' ? undefined : decidedBy(change.costRatio, { below: 1, from: 1 - tolerance });
  const notSlower = require === 'cheaper' ? undefined : decidedBy(change.p95Ratio, { upTo: 1 + maxSlowdown });
  return {
    require,
    maxSlowdown,
    decided: both(cheaper ?? 'holds', notSlower ?? 'holds'),
    cheaper,
    notSlower,
  };
}

/** The figures of a comparison for whoever is on `current`: the other architecture ÷ the current one. */
export interface MoveFigures {
  readonly to: Architecture;
  readonly memoryMb: number;
  readonly costRatio: BoundedRatio;
  readonly p95Ratio: PercentileRatio | null;
}

/** Data of the first sentence of the answer. */
export function moveFiguresOf(comparison: ArchitectureComparison, current: Architecture): MoveFigures {
  const to = current === 'arm64' ? 'x86_64' : 'arm64';
  return { to, memoryMb: comparison.memoryMb[to], ...changeFrom(current, comparison) };
}

function changeFrom(
  current: Architecture,
  { costRatio, p95Ratio }: Pick<ArchitectureComparison, 'costRatio' | 'p95Ratio'>,
): Pick<MoveFigures, 'costRatio' | 'p95Ratio'> {
  if (current === 'x86_64') return { costRatio, p95Ratio };
  return {
    costRatio: { estimate: 1 / costRatio.estimate, low: 1 / costRatio.high, high: 1 / costRatio.low },
    p95Ratio: p95Ratio && {
      estimate: 1 / p95Ratio.estimate,
      low: p95Ratio.high === null ? null : 1 / p95Ratio.high,
      high: p95Ratio.low === null ? null : 1 / p95Ratio.low,
    },
  };
}

/** `below`: holds under it, fails from `from` on; `upTo`: holds up to it, fails above it. */
function decidedBy(
  ratio: PercentileRatio | null,
  limit: { readonly below: number; readonly from: number } | { readonly upTo: number },
): Decided {
  if (ratio === null) return 'inconclusive';
  const { low, high } = ratio;
  if (high !== null && ('below' in limit ? high < limit.below : high <= limit.upTo)) return 'holds';
  if (low !== null && ('below' in limit ? low >= limit.from : low > limit.upTo)) return 'fails';
  return 'inconclusive';
}

function both(one: Decided, other: Decided): Decided {
  if (one === 'fails' || other === 'fails') return 'fails';
  return one === 'holds' && other === 'holds' ? 'holds' : 'inconclusive';
}
