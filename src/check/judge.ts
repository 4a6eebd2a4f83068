import type { Side } from './figures.ts';
import { judgedLines, type Line, levelsOf, limitOf, shownLines } from './metrics.ts';
import type { GateOptions } from './options.ts';
import { type MetricResult, verdictOnQuantity } from './verdict.ts';

/**
 * From lines to verdicts (verdict.ts decides each, levels.ts how much error a look may spend). Where it fails: as the intervals of its lines
 * do (ratio.ts, stats/percentiles.ts), and a memory mark is the highest seen, which more calls can only raise.
 */

/** What one look at the data says. */
export interface GateLook {
  readonly metrics: readonly MetricResult[];
  readonly lines: readonly Line[];
  /** A line that only must not be beyond its limit looks as if it were: worth another round, and no pass in the end. */
  readonly suspicious: boolean;
  /** A line is beyond its limit although nothing changed. */
  readonly heldBack: boolean;
}

export function judge(
  baseline: Side,
  current: Side,
  options: GateOptions,
  known: readonly number[],
  look: number,
  mayBeHosts = false,
): GateLook {
  const lines = judgedLines(baseline, current, options);
  const found = lines.map((line) => resultOf(line, known, look));
  const metrics = mayBeHosts || options.sameCode === true ? found.map(heldBack) : found;
  const memory = options.limits.memoryHeadroom && memoryLine(baseline, current, options);
  return {
    metrics: memory === undefined ? metrics : [...metrics, memory],
    lines,
    suspicious: lines.some(isSuspicious),
    heldBack: found.some((line, index) => line !== metrics[index]),
  };
}

/** Duration, p95, init and memory where they are not judged: shown beside the verdict, their own verdict null. */
export function shownMetrics(
  baseline: Side,
  current: Side,
  options: GateOptions,
  known: readonly number[],
  look: number,
): readonly MetricResult[] {
  const metrics = shownLines(baseline, current, options).map((line) => resultOf(line, known, look));
  const memory = options.limits.memoryHeadroom ? undefined : memoryLine(baseline, current, options);
  return memory === undefined ? metrics : [...metrics, memory];
}

function resultOf(line: Line, known: readonly number[], look: number): MetricResult {
  const { name, kind, quantity, required, share } = line;
  const limit = limitOf(line);
  const levels = levelsOf(known, look, share);
  const base = { name, kind, required, limit: line.limit?.max ?? null };
  if (quantity === undefined) {
    const verdict = limit === undefined ? null : ('inconclusive' as const);
    return { ...base, baseline: null, current: null, ratio: null, verdict, warned: false };
  }
  const { baseline, current, estimate } = quantity;
  const shown = quantity.bounds(levels.pass.atLimit);
  const { low, high, verdict } =
    limit === undefined ? { ...shown, verdict: null } : verdictOnQuantity(quantity, limit, levels);
  const interval = { estimate, low, high: Number.isFinite(high) ? high : null };
  const figures = { baseline, current };
  const warn = line.limit?.warn;
  const warned = warn !== undefined && shown.low > (kind === 'increase' ? 1 + warn : warn);
  if (kind === 'increase') return { ...base, ...figures, ratio: interval, verdict, warned };
  const ratio = baseline && current !== null ? { estimate: current / baseline, low: null, high: null } : null;
  return { ...base, ...figures, ratio, interval, verdict, warned };
}

/**
 * Of the same code with the same settings no line compares a change, and where one side may have met more of the slower hosts
 * (`mayBeHosts`) none surely does: an interval beyond the limit may be a sample of hosts that erred, and is widened to it, as `decide` does. Budgets and failures are judged as ever: they are the function's, changed or not.
 */
function heldBack(line: MetricResult): MetricResult {
  if (line.kind !== 'increase' || line.verdict !== 'regressed' || line.ratio === null || line.limit === null)
    return line;
  const { low } = line.ratio;
  const ratio = { ...line.ratio, low: low === null ? null : Math.min(low, 1 + line.limit) };
  return { ...line, ratio, verdict: 'inconclusive' };
}

/**
 * About 70 % sure of being beyond the limit. What it costs is in the columns "passed" of `npm run bench:check`; what it is for, a fifth of
 * the calls four times as slow, in test/check/simulations.slow.test.ts.
 */
const suspicion = 0.7;

function isSuspicious(line: Line): boolean {
  const limit = limitOf(line);
  if (line.required || limit === undefined || line.quantity === undefined) return false;
  return line.quantity.bounds(suspicion).low > limit.at;
}

/** The highest mark that any environment reached: seen, not estimated, so it has no interval. */
function memoryLine(baseline: Side, current: Side, options: GateOptions): MetricResult | undefined {
  const [before, now] = [baseline.maxMemoryUsedMb, current.maxMemoryUsedMb];
  if (now === 0) return undefined;
  const asked = options.limits.memoryHeadroom;
  const mark = (headroom: number) => options.memoryMb * (1 - headroom);
  const limit = asked === undefined ? null : mark(asked.min);
  const estimate = now / before;
  return {
    name: 'memory',
    kind: 'budget',
    limit,
    baseline: before === 0 ? null : before,
    current: now,
    ratio: before === 0 ? null : { estimate, low: estimate, high: estimate },
    interval: { estimate: now, low: now, high: now },
    verdict: limit === null ? null : now > limit ? 'regressed' : 'passed',
    warned: asked?.warn !== undefined && now > mark(asked.warn),
    required: asked !== undefined,
  };
}
