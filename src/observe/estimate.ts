import type { Interval } from '../model/production/observedFigures.ts';
import { studentTQuantile } from '../stats/quantiles.ts';
import type { ObservedCall, ReadWindow } from './calls.ts';

/** Something that each call has: its cost; 1 for a cold start, else 0. */
export type Amount = (call: ObservedCall) => number;

/** Fewer windows of a stratum tell nothing of their scatter. */
const leastWindows = 2;

/** Windows with calls, in strata of two or more. What a window stands for moves with it. */
function strataOf(windows: readonly ReadWindow[]): readonly (readonly ReadWindow[])[] {
  const named = new Map<string, ReadWindow[]>();
  for (const window of windows) {
    if (window.calls.length === 0) continue;
    named.set(window.stratum, [...(named.get(window.stratum) ?? []), window]);
  }
  const strata = [...named.values()].sort((one, other) => one.length - other.length);
  while (strata.length > 1 && (strata[0]?.length ?? 0) < leastWindows) {
    const [smallest = [], next = [], ...rest] = strata;
    strata.splice(
      0,
      strata.length,
      ...[[...smallest, ...next], ...rest].sort((one, other) => one.length - other.length),
    );
  }
  return strata;
}

/**
 * Sum of one amount ÷ sum of another over all calls of the period, with the interval of the sampling: each window is a cluster, its
 * mean per call stands for the calls of its share (ratio of two stratified means, linearised: Cochran 1977, §6.3 and §9A). Undefined
 * without a call that counts, or with one window alone.
 */
export function ratioOfAmounts(
  windows: readonly ReadWindow[],
  amount: Amount,
  per: Amount,
  options: { readonly isWhole: boolean; readonly confidence?: number },
): Interval | undefined {
  const strata = strataOf(windows);
  const means = strata.map((own) =>
    own.map((window) => {
      const count = window.calls.length;
      return { y: total(window, amount) / count, x: total(window, per) / count, standsFor: window.standsFor, count };
    }),
  );
  const all = means.flat();
  const weighted = (key: 'y' | 'x') => all.reduce((sum, one) => sum + one.standsFor * one[key], 0);
  const base = weighted('x');
  if (!(base > 0)) return undefined;
  const estimate = weighted('y') / base;
  if (options.isWhole) return { estimate, low: estimate, high: estimate };
  if (all.length < leastWindows) return undefined;
  let variance = 0;
  let dfBelow = 0;
  for (const own of means) {
    const count = own.length;
    if (count < leastWindows) continue;
    const calls = own.reduce((sum, one) => sum + one.standsFor, 0);
    const residuals = own.map((one) => ({ e: one.y - estimate * one.x, weight: one.standsFor / calls }));
    const centre = residuals.reduce((sum, { e, weight }) => sum + weight * e, 0);
    const spread = residuals.reduce((sum, { e, weight }) => sum + (weight * (e - centre)) ** 2, 0);
    const read = own.reduce((sum, one) => sum + one.count, 0);
    const left = Math.max(0, 1 - read / Math.max(read, calls));
    const part = (calls / base) ** 2 * spread * (count / (count - 1)) * left;
    variance += part;
    dfBelow += part ** 2 / (count - 1);
  }
  const df = dfBelow > 0 ? Math.max(1, variance ** 2 / dfBelow) : all.length - 1;
  const half = studentTQuantile(0.5 + (options.confidence ?? 0.95) / 2, df) * Math.sqrt(variance);
  return { estimate, low: Math.max(0, estimate - half), high: estimate + half };
}

export const one: Amount = () => 1;

function total(window: ReadWindow, amount: Amount): number {
  return window.calls.reduce((sum, call) => sum + amount(call), 0);
}

/** Quantiles of all calls of the period; a window's calls count for what it stands for. */
export function quantilesOf(
  windows: readonly ReadWindow[],
  amount: (call: ObservedCall) => number | undefined,
  wanted: readonly number[],
): readonly number[] | undefined {
  const values: { value: number; weight: number }[] = [];
  for (const { calls, standsFor } of windows) {
    for (const call of calls) {
      const value = amount(call);
      if (value !== undefined) values.push({ value, weight: standsFor / calls.length });
    }
  }
  if (values.length === 0) return undefined;
  values.sort((one, other) => one.value - other.value);
  const whole = values.reduce((sum, { weight }) => sum + weight, 0);
  return wanted.map((share) => {
    let reached = 0;
    for (const { value, weight } of values) {
      reached += weight;
      if (reached >= share * whole - 1e-9) return value;
    }
    return values.at(-1)?.value ?? 0;
  });
}

/** An interval in other units. */
export function scaled<T extends Interval | null>(interval: T, factor: number): T {
  if (interval === null) return interval;
  const { estimate, low, high } = interval;
  return { estimate: estimate * factor, low: low * factor, high: high * factor } as T;
}

/** Of the calls that are meant; nothing of the others. */
export function own(isOwn: (call: ObservedCall) => boolean, amount: Amount): Amount {
  return (call) => (isOwn(call) ? amount(call) : 0);
}
