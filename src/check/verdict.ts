import type { Quantity } from './quantities.ts';
import type { Bounds } from './ratio.ts';

export type CheckVerdict = 'passed' | 'regressed' | 'inconclusive';

export type MetricName = 'cost' | 'meanCost' | 'duration' | 'p95' | 'init' | 'memory' | 'errors';

/**
 * `increase`: the interval is of current ÷ baseline, its limit 1 + the allowed share. `budget`: of the current figure.
 * `difference`: of current − baseline (shares of failed calls).
 */
export type LimitKind = 'increase' | 'budget' | 'difference';

/** One line of the answer. */
export interface MetricResult {
  readonly name: MetricName;
  readonly kind: LimitKind;
  /** As the user gave it: a share for increase and difference, the figure's unit for a budget. Null: shown, not judged. */
  readonly limit: number | null;
  /** US$ per invocation, ms, MB, or a share; null where not known. */
  readonly baseline: number | null;
  readonly current: number | null;
  /** Current ÷ baseline; a bound is null where it is not known. */
  readonly ratio: { readonly estimate: number; readonly low: number | null; readonly high: number | null } | null;
  /** What is compared with the limit where that is not the ratio. */
  readonly interval?: { readonly estimate: number; readonly low: number; readonly high: number | null };
  readonly verdict: CheckVerdict | null;
  /** Surely beyond the warn level. */
  readonly warned: boolean;
  /** Whether a pass needs this line within its limit; otherwise it only must not be beyond. */
  readonly required: boolean;
}

/** Confidences of this look. `atLimit` and `plain` as in options.ts; a line that shares the promise has higher ones. */
export interface Levels {
  readonly regress: { readonly atLimit: number; readonly plain: number };
  readonly pass: { readonly atLimit: number; readonly plain: number };
}

/**
 * Where the limit stands for a quantity: `same` is its value where nothing changed, `far` as much beyond the limit as `same`
 * is before it.
 */
export interface Limit {
  readonly at: number;
  readonly same: number;
  readonly far: number;
}

export function increaseLimit(max: number): Limit {
  const at = 1 + max;
  const same = Math.min(1, at);
  return { at, same, far: at ** 2 / same };
}

export function differenceLimit(max: number): Limit {
  const same = Math.min(0, max);
  return { at: max, same, far: 2 * max - same };
}

/** A budget has no unchanged value to compare with. */
export function budgetLimit(max: number): Limit {
  return { at: max, same: Number.NEGATIVE_INFINITY, far: Number.POSITIVE_INFINITY };
}

/**
 * The three-valued decision. The interval that is handed on lies beyond the limit exactly when the verdict is regressed, and
 * within exactly when it is passed: where the second promise holds a verdict back, it is widened to the limit.
 */
export function verdictOnQuantity(
  quantity: Quantity,
  limit: Limit,
  { regress, pass }: Levels,
): Bounds & { verdict: CheckVerdict } {
  const { low } = quantity.bounds(regress.atLimit);
  const { high } = quantity.bounds(pass.atLimit);
  const beyond = low > limit.at && quantity.bounds(regress.plain).low > limit.same;
  const within = high < limit.at && quantity.bounds(pass.plain).high < limit.far;
  return {
    low: beyond ? low : Math.min(low, limit.at),
    high: within ? high : Math.max(high, limit.at),
    verdict: beyond ? 'regressed' : within ? 'passed' : 'inconclusive',
  };
}

/**
 * All lines together. One beyond its limit is enough to fail (their error rates were shared out for that); a pass needs every
 * required line within (no sharing: each would have to err) and no other beyond.
 */
export function combine(lines: readonly Pick<MetricResult, 'verdict' | 'required'>[]): CheckVerdict {
  const judged = lines.filter(({ verdict }) => verdict !== null);
  if (judged.some(({ verdict }) => verdict === 'regressed')) return 'regressed';
  const required = judged.filter((line) => line.required);
  return required.length > 0 && required.every(({ verdict }) => verdict === 'passed') ? 'passed' : 'inconclusive';
}

/** Of several functions: one that regressed fails all, one that is undecided leaves them undecided. */
export function worstVerdict(verdicts: readonly CheckVerdict[]): CheckVerdict {
  if (verdicts.includes('regressed')) return 'regressed';
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'passed') ? 'passed' : 'inconclusive';
}
