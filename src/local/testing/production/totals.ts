import { callsIn, minutesIn, type SyntheticProduction } from './syntheticProduction.ts';

/** Calls of a stretch, summed up: what CloudWatch keeps of them, and what they are billed. */
export interface Totals {
  readonly calls: number;
  readonly cold: number;
  readonly errors: number;
  readonly durationMs: number;
  /** Calls by the version that answered. */
  readonly byVersion: ReadonlyMap<string, number>;
  /** By memory size: billed milliseconds, and calls. */
  readonly billed: ReadonlyMap<number, { readonly ms: number; readonly calls: number }>;
  /** Calls by the logarithm of their duration, in steps of a hundredth. */
  readonly histogram: Uint32Array;
}

const hourMs = 3_600_000;
const binsPerE = 100;
/** From 0.01 ms to 15 minutes. */
const bins = Math.ceil(binsPerE * Math.log(900_000 / 0.01)) + 1;

/** Whole hours are kept: a month is looked at more than once. */
const kept = new WeakMap<SyntheticProduction, Map<number, Totals>>();

export function totalsOf(of: SyntheticProduction, fromMs: number, toMs: number): Totals {
  const parts: Totals[] = [];
  for (let startMs = fromMs; startMs < toMs; ) {
    const isHour = startMs % hourMs === 0 && startMs + hourMs <= toMs;
    const endMs = isHour ? startMs + hourMs : Math.min(toMs, Math.floor(startMs / hourMs + 1) * hourMs);
    parts.push(isHour ? hourOf(of, startMs) : counted(of, startMs, endMs));
    startMs = endMs;
  }
  return parts.reduce(added, nothing());
}

function hourOf(of: SyntheticProduction, startMs: number): Totals {
  const hours = kept.get(of) ?? new Map<number, Totals>();
  kept.set(of, hours);
  const known = hours.get(startMs) ?? counted(of, startMs, startMs + hourMs);
  hours.set(startMs, known);
  return known;
}

function counted(of: SyntheticProduction, fromMs: number, toMs: number): Totals {
  let [calls, cold, errors, durationMs] = [0, 0, 0, 0];
  const billed = new Map<number, { ms: number; calls: number }>();
  const byVersion = new Map<string, number>();
  const histogram = new Uint32Array(bins);
  for (const minute of minutesIn(of, fromMs, toMs)) {
    for (const call of callsIn(of, minute)) {
      calls += 1;
      durationMs += call.durationMs;
      if (call.initMs !== undefined) cold += 1;
      if (call.outcome !== 'success') errors += 1;
      byVersion.set(call.version, (byVersion.get(call.version) ?? 0) + 1);
      const own = billed.get(call.memoryMb) ?? { ms: 0, calls: 0 };
      billed.set(call.memoryMb, own);
      own.ms += call.billedMs;
      own.calls += 1;
      const bin = Math.min(bins - 1, Math.max(0, Math.floor(binsPerE * Math.log(call.durationMs / 0.01))));
      histogram[bin] = (histogram[bin] ?? 0) + 1;
    }
  }
  return { calls, cold, errors, durationMs, byVersion, billed, histogram };
}

function nothing(): Totals {
  return {
    calls: 0,
    cold: 0,
    errors: 0,
    durationMs: 0,
    byVersion: new Map(),
    billed: new Map(),
    histogram: new Uint32Array(bins),
  };
}

function added(one: Totals, other: Totals): Totals {
  const billed = new Map(one.billed);
  for (const [memoryMb, { ms, calls }] of other.billed) {
    const own = billed.get(memoryMb) ?? { ms: 0, calls: 0 };
    billed.set(memoryMb, { ms: own.ms + ms, calls: own.calls + calls });
  }
  const byVersion = new Map(one.byVersion);
  for (const [version, calls] of other.byVersion) byVersion.set(version, (byVersion.get(version) ?? 0) + calls);
  return {
    byVersion,
    calls: one.calls + other.calls,
    cold: one.cold + other.cold,
    errors: one.errors + other.errors,
    durationMs: one.durationMs + other.durationMs,
    billed,
    histogram: one.histogram.map((count, bin) => count + (other.histogram[bin] ?? 0)),
  };
}

export function durationQuantileMs({ calls, histogram }: Totals, share: number): number {
  let reached = 0;
  const bin = histogram.findIndex((count) => {
    reached += count;
    return reached >= share * calls;
  });
  return 0.01 * Math.exp((bin + 0.5) / binsPerE);
}
