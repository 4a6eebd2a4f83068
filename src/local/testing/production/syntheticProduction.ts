import { normalQuantile } from '../../../stats/quantiles.ts';
import { type Random, seededRandom } from '../../../stats/random.ts';

/** Weeks or months of production with a known truth: any minute of it is made from the seed, by itself, when it is asked for. */
export interface SyntheticProduction {
  readonly seed: number;
  readonly range: { readonly fromMs: number; readonly toMs: number };
  readonly callsPerDay: number;
  readonly meanMs: number;
  readonly coldShare: number;
  /** From when on another version, size or speed; one that answers only a share of the calls leaves the rest to what was before. */
  readonly eras?: readonly Era[];
  /** How much days differ, as a share. */
  readonly dayNoise?: number;
  /** As CloudWatch counts them and Logs Insights scans them. */
  readonly bytesPerCall?: number;
  readonly timedOutShare?: number;
  readonly outOfMemoryShare?: number;
  readonly errorShare?: number;
}

interface Era {
  readonly fromMs: number;
  readonly version: string;
  readonly memoryMb: number;
  readonly factor: number;
  /** Of the calls: the weight of an alias. */
  readonly share?: number;
}

export interface SyntheticCall {
  readonly version: string;
  readonly memoryMb: number;
  /** When it ended. */
  readonly atMs: number;
  readonly durationMs: number;
  readonly initMs: number | undefined;
  /** As it is billed since 2025-08. */
  readonly billedMs: number;
  readonly environment: number;
  readonly outcome: 'success' | 'error' | 'timeout' | 'outOfMemory';
}

export const minuteMs = 60_000;
const dayMs = 86_400_000;
const timeoutMs = 30_000;
export const usualBytesPerCall = 400;

function erasAt({ eras = [] }: SyntheticProduction, atMs: number): { readonly now: Era; readonly before: Era } {
  const first = { fromMs: 0, version: '1', memoryMb: 512, factor: 1 };
  const begun = [first, ...eras.filter(({ fromMs }) => fromMs <= atMs)];
  const now = begun.at(-1) ?? first;
  return { now, before: begun.at(-2) ?? now };
}

/** Busy by day and on working days. */
function ratePerMinute({ callsPerDay }: SyntheticProduction, atMs: number): number {
  const hour = (atMs % dayMs) / 3_600_000;
  const isWeekend = [0, 6].includes(new Date(atMs).getUTCDay());
  return (callsPerDay / 1440) * (1 + 0.7 * Math.sin(((hour - 8) / 12) * Math.PI)) * (isWeekend ? 0.5 : 1.2);
}

/** Each is asked for by many series. */
const keptCounts = new WeakMap<SyntheticProduction, Map<number, number>>();

export function countIn(of: SyntheticProduction, minute: number): number {
  const atMs = minute * minuteMs;
  if (atMs < of.range.fromMs || atMs >= of.range.toMs) return 0;
  const counts = keptCounts.get(of) ?? new Map<number, number>();
  keptCounts.set(of, counts);
  const count = counts.get(minute) ?? poisson(ratePerMinute(of, atMs), minuteRandom(of, minute, 1));
  counts.set(minute, count);
  return count;
}

/** Longer by day, and on Mondays; around that they scatter as durations do, to the right. */
export function callsIn(of: SyntheticProduction, minute: number): readonly SyntheticCall[] {
  const count = countIn(of, minute);
  if (count === 0) return [];
  const random = minuteRandom(of, minute, 2);
  const startMs = minute * minuteMs;
  const noise = 1 + (of.dayNoise ?? 0) * normal(minuteRandom(of, Math.floor(startMs / dayMs), 3));
  const byHour =
    1 + 0.15 * Math.sin(((startMs % dayMs) / dayMs) * 2 * Math.PI) + (new Date(startMs).getUTCDay() === 1 ? 0.08 : 0);
  const { now, before } = erasAt(of, startMs);
  const level = of.meanMs * noise * byHour;
  const calls: SyntheticCall[] = [];
  for (let index = 0; index < count; index += 1) {
    const { version, memoryMb, factor } = now.share !== undefined && random() >= now.share ? before : now;
    const outcome = outcomeOf(of, random);
    const drawnMs = outcome === 'timeout' ? timeoutMs : level * factor * factors(random);
    const durationMs = Math.max(0.01, Math.round(drawnMs * 100) / 100);
    const isCold = random() < of.coldShare;
    const initMs = isCold ? Math.round(40_000 * Math.exp(0.3 * normal(random))) / 100 : undefined;
    calls.push({
      version,
      memoryMb,
      atMs: startMs + Math.floor(random() * minuteMs),
      durationMs,
      initMs,
      billedMs: Math.max(1, Math.ceil(Math.round((durationMs + (initMs ?? 0)) * 100) / 100)),
      environment: isCold ? Math.floor(1e9 * random()) : Math.floor(20 * random()),
      outcome,
    });
  }
  return calls;
}

/** Log-normal with a mean of 1, drawn from a table: months have millions of calls. */
function factors(random: Random): number {
  return table[Math.floor(random() * table.length)] ?? 1;
}

const table = logNormal(0.7, 16_384);

function logNormal(sigma: number, size: number): Float64Array {
  const values = Float64Array.from({ length: size }, (_, index) =>
    Math.exp(sigma * normalQuantile((index + 0.5) / size)),
  );
  const mean = values.reduce((sum, value) => sum + value, 0) / size;
  return values.map((value) => value / mean);
}

/** How much memory it used at most: by environment. */
export function memoryUsedMb({ environment, memoryMb, outcome }: SyntheticCall): number {
  return outcome === 'outOfMemory' ? memoryMb : 100 + (environment % 40);
}

export function requestIdOf(minute: number, index: number): string {
  return `${minute.toString(16).padStart(8, '0')}-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
}

/** Minutes of the production that lie in a range. */
export function* minutesIn({ range }: SyntheticProduction, fromMs: number, toMs: number): Generator<number> {
  const first = Math.floor(Math.max(fromMs, range.fromMs) / minuteMs);
  for (let minute = first; minute * minuteMs < Math.min(toMs, range.toMs); minute += 1) yield minute;
}

function outcomeOf(of: SyntheticProduction, random: Random): SyntheticCall['outcome'] {
  const { timedOutShare = 0, outOfMemoryShare = 0, errorShare = 0 } = of;
  const shares = timedOutShare + outOfMemoryShare + errorShare;
  if (shares === 0) return 'success';
  const drawn = random();
  if (drawn < timedOutShare) return 'timeout';
  if (drawn < timedOutShare + outOfMemoryShare) return 'outOfMemory';
  return drawn < shares ? 'error' : 'success';
}

function minuteRandom(of: SyntheticProduction, minute: number, salt: number): Random {
  return seededRandom((Math.imul(of.seed + 1, 0x9e3779b1) ^ Math.imul(minute + 1, 0x85ebca6b) ^ salt) >>> 0);
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function poisson(mean: number, random: Random): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const limit = Math.exp(-mean);
  let product = random();
  let count = 0;
  while (product > limit) {
    product *= random();
    count += 1;
  }
  return count;
}
