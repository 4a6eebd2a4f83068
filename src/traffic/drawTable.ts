import { type Sample, valuesOf } from '../stats/samples.ts';

/**
 * Measured values to draw from, each as often as its stratum's weight says, with one random number and no search (Walker 1974,
 * in Vose's form of 1991).
 */
export interface DrawTable {
  /** Seconds, ascending. */
  readonly values: Float64Array;
  readonly shares: Float64Array;
  readonly keep: Float64Array;
  readonly other: Int32Array;
}

/** Undefined of an empty sample. Values are milliseconds. */
export function drawTableOf(sample: Sample): DrawTable | undefined {
  const total = sample.reduce((sum, { weight }) => sum + weight, 0);
  const weighted = sample.flatMap((stratum) => {
    const values = valuesOf(stratum);
    return values.map((value) => ({ value: value / 1000, share: stratum.weight / total / values.length }));
  });
  if (weighted.length === 0) return undefined;
  weighted.sort((one, other) => one.value - other.value);
  const shares = Float64Array.from(weighted, ({ share }) => share);
  return { values: Float64Array.from(weighted, ({ value }) => value), shares, ...aliasOf(shares) };
}

function aliasOf(shares: Float64Array): Pick<DrawTable, 'keep' | 'other'> {
  const count = shares.length;
  const keep = new Float64Array(count).fill(1);
  const other = Int32Array.from(shares, (_, index) => index);
  const scaled = shares.map((share) => share * count);
  const small = indicesWhere(scaled, (value) => value < 1);
  const large = indicesWhere(scaled, (value) => value >= 1);
  for (;;) {
    const low = small.pop();
    const high = large.at(-1);
    if (low === undefined || high === undefined) return { keep, other };
    keep[low] = scaled[low] ?? 1;
    other[low] = high;
    const left = (scaled[high] ?? 1) - (1 - (scaled[low] ?? 1));
    scaled[high] = left;
    if (left < 1) {
      large.pop();
      small.push(high);
    }
  }
}

function indicesWhere(values: Float64Array, test: (value: number) => boolean): number[] {
  return [...values.keys()].filter((index) => test(values[index] ?? 0));
}

/** Index of the value that a number in [0, 1) draws. */
export function drawn({ keep, other }: DrawTable, random: number): number {
  const scaled = random * keep.length;
  const index = scaled | 0;
  return scaled - index < (keep[index] as number) ? index : (other[index] as number);
}
