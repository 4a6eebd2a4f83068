import type { ReadWindow } from './calls.ts';
import type { ProductionEvidence } from './evidence.ts';
import { stratumOf } from './samplingPlan.ts';

/** Fewer windows of a stratum tell nothing of their scatter. */
const leastWindows = 2;

interface Part {
  readonly stratum: string;
  readonly firstPhase: number;
  readonly windows: readonly ReadWindow[];
  readonly calls: number;
}

/**
 * The sample, with its strata cut where something was deployed: what differs before and after is then no scatter of the sample. How
 * many calls lie on either side is counted by CloudWatch, and windows stand for those of their part (post-stratification: Cochran 1977,
 * §5A.9). A part with fewer than two windows stays with the one beside it.
 */
export function cutAtChanges(
  { windows, metrics, period, isWhole }: Pick<ProductionEvidence, 'windows' | 'metrics' | 'period' | 'isWhole'>,
  changesMs: readonly number[],
): readonly ReadWindow[] {
  if (isWhole || metrics === undefined || changesMs.length === 0) return windows;
  const cellOf = (ms: number) => period.fromMs + Math.floor((ms - period.fromMs) / period.cellMs) * period.cellMs;
  // Calls are counted by cells: all of one are on one side.
  const phaseOf = (ms: number) => changesMs.filter((change) => change <= cellOf(ms)).length;
  const isOne = windows.every(({ stratum }) => stratum === 'all');
  const counted = new Map<string, number>();
  for (const [at, calls] of metrics.calls) {
    const key = keyOf(isOne ? 'all' : stratumOf({ fromMs: at }), phaseOf(at));
    counted.set(key, (counted.get(key) ?? 0) + calls);
  }
  const strata = new Set(windows.map(({ stratum }) => stratum));
  return [...strata].flatMap((stratum) => {
    const own = windows.filter((window) => window.stratum === stratum);
    const phases = Array.from({ length: changesMs.length + 1 }, (_, phase): Part => {
      const here = own.filter(({ fromMs }) => phaseOf(fromMs) === phase);
      return { stratum, firstPhase: phase, windows: here, calls: counted.get(keyOf(stratum, phase)) ?? 0 };
    });
    return joined(phases).flatMap(weighted);
  });
}

function joined(parts: readonly Part[]): readonly Part[] {
  const kept: Part[] = [];
  for (const part of parts) {
    const before = kept.at(-1);
    const isThin = (one: Part) => one.windows.filter(({ calls }) => calls.length > 0).length < leastWindows;
    if (before !== undefined && (isThin(before) || isThin(part))) {
      kept[kept.length - 1] = {
        ...before,
        windows: [...before.windows, ...part.windows],
        calls: before.calls + part.calls,
      };
    } else kept.push(part);
  }
  return kept;
}

function weighted({ stratum, firstPhase, windows, calls }: Part): readonly ReadWindow[] {
  const read = windows.reduce((sum, window) => sum + (window.calls.length > 0 ? window.standsFor : 0), 0);
  const factor = read > 0 && calls > 0 ? calls / read : 1;
  return windows.map((window) => ({
    ...window,
    stratum: keyOf(stratum, firstPhase),
    standsFor: window.standsFor * factor,
  }));
}

function keyOf(stratum: string, phase: number): string {
  return `${stratum}, ${phase}`;
}
