import { studentTQuantile } from '../stats/quantiles.ts';

const known = new Map<number, Map<number, number>>();

/**
 * Quantile of Student's t (stats/quantiles.ts), its degrees of freedom rounded down to halves (the safe side) and remembered: a gate asks for
 * the same few levels again and again. Where it fails: below one degree of freedom it is that of one, and so not cautious; no caller has less.
 */
export function tCritical(confidence: number, df: number): number {
  const halves = Math.min(400, Math.max(1, Math.floor(2 * df)));
  let byDf = known.get(confidence);
  if (byDf === undefined) {
    if (known.size > 2000) known.clear();
    byDf = new Map();
    known.set(confidence, byDf);
  }
  let value = byDf.get(halves);
  if (value === undefined) {
    value = studentTQuantile(confidence, halves / 2);
    byDf.set(halves, value);
  }
  return value;
}
