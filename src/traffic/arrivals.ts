import { secondsPerMonth } from '../pricing/monthlyPrices.ts';
import { type Random, seededRandom } from '../stats/random.ts';
import type { Traffic } from './traffic.ts';

/** What is replayed. */
export interface Arrivals {
  /** Seconds, ascending within a part. */
  readonly atS: Float64Array;
  /** Each begins with an empty pool, and what comes before `counted` is its warm-up. Indices into `atS`. */
  readonly parts: readonly Part[];
  /** One number in [0, 1) an arrival: which of the measured calls it is. The same for every configuration. */
  readonly draws: Float64Array;
  readonly counted: number;
  /** That the counted ones spread over. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly requestsPerMonth: number;
  readonly seed: number;
  /** Time of day (UTC, seconds) at 0 s. */
  readonly startS: number;
  /** Whether a whole day is in it, so that hours can be told apart. */
  readonly coversDay: boolean;
}

interface Part {
  readonly from: number;
  readonly counted: number;
  readonly to: number;
  /** The time that its counted calls spread over. */
  readonly fromS: number;
  readonly toS: number;
}

/** Enough that a share of cold starts of one in a hundred is known within some per cent. */
const wanted = 150_000;
/** Including warm-up: what a second or two can replay for every configuration. */
const most = 1_000_000;
/** A day with its hours: who has so many calls waits some seconds for what is known of all of them. */
const mostOfCounts = 4_000_000;

/**
 * Seeded. A list is replayed once, from an empty pool. Rates and counts are replayed until enough calls are counted, each part
 * after a warm-up of twice the longest idle life that is asked about, since a pool that was empty a minute ago has cold starts
 * that no running one has.
 */
export function arrivalsOf(traffic: Traffic, longestIdleS: number, seed: number): Arrivals {
  switch (traffic.kind) {
    case 'arrivals':
      return ofList(traffic, seed);
    case 'rate':
      return ofRate(traffic.perSecond, longestIdleS, seed);
    case 'minutes':
      return ofCounts(traffic, longestIdleS, seed);
  }
}

/** It stands for as many minutes as it touches. */
function ofList({ atS, startMinute }: Extract<Traffic, { kind: 'arrivals' }>, seed: number): Arrivals {
  const minutes = Math.floor((atS.at(-1) ?? 0) / 60) + 1;
  return {
    atS,
    parts: [{ from: 0, counted: 0, to: atS.length, fromS: 0, toS: minutes * 60 }],
    draws: stratified(atS.length, seededRandom(seed)),
    counted: atS.length,
    seconds: minutes * 60,
    warmUpSeconds: 0,
    requestsPerMonth: Math.round((atS.length * secondsPerMonth) / (minutes * 60)),
    seed,
    startS: startMinute * 60,
    coversDay: minutes >= 1440,
  };
}

function ofRate(perSecond: number, longestIdleS: number, seed: number): Arrivals {
  const random = seededRandom(seed);
  // Where calls are so many that this is less than an idle life, no environment of the replay ends idle.
  const before = Math.min(most - wanted, Math.ceil(2 * longestIdleS * perSecond));
  const atS = stratified(before + wanted, random);
  let clock = 0;
  for (let index = 0; index < atS.length; index++) {
    clock += -Math.log1p(-(atS[index] ?? 0)) / perSecond;
    atS[index] = clock;
  }
  const warmUpSeconds = before === 0 ? 0 : (atS[before - 1] ?? 0);
  return {
    atS,
    parts: [{ from: 0, counted: before, to: atS.length, fromS: warmUpSeconds, toS: clock }],
    draws: stratified(atS.length, random),
    counted: wanted,
    seconds: clock - warmUpSeconds,
    warmUpSeconds,
    requestsPerMonth: Math.round(perSecond * secondsPerMonth),
    seed,
    startS: 0,
    coversDay: false,
  };
}

/** The counts come round again: before the first one is the last one. Within a count calls come at any time of it. */
function ofCounts(traffic: Extract<Traffic, { kind: 'minutes' }>, longestIdleS: number, seed: number): Arrivals {
  const { counts, minutesEach, startMinute } = traffic;
  const random = seededRandom(seed);
  const eachS = minutesEach * 60;
  const total = counts.reduce((sum, calls) => sum + calls, 0);
  const before = Math.ceil((2 * longestIdleS) / eachS);
  const stretches = stretchesOf(counts, before, 1440 / minutesEach);
  const times: number[] = [];
  const parts: Part[] = [];
  let seconds = 0;
  for (const { first, length } of stretches) {
    const from = times.length;
    addCalls(times, counts, first - before, before, eachS, random);
    const counted = times.length;
    addCalls(times, counts, first, length, eachS, random);
    parts.push({ from, counted, to: times.length, fromS: first * eachS, toS: (first + length) * eachS });
    seconds += length * eachS;
  }
  const atS = Float64Array.from(times);
  return {
    atS,
    parts,
    draws: stratified(atS.length, random),
    counted: parts.reduce((sum, { counted, to }) => sum + to - counted, 0),
    seconds,
    warmUpSeconds: before * eachS,
    requestsPerMonth: Math.round((total / (counts.length * eachS)) * secondsPerMonth),
    seed,
    startS: startMinute * 60,
    coversDay: counts.length * minutesEach >= 1440 && isWholeDay(parts),
  };
}

const daySeconds = 86_400;

/** Of pieces, whether each time of day lies in one of them. */
function isWholeDay(parts: readonly Part[]): boolean {
  const covered = new Uint8Array(288);
  for (const { fromS, toS } of parts) {
    for (let step = Math.floor(fromS / 300); step * 300 < toS; step++) {
      covered[((step % 288) + 288) % 288] = 1;
      if (toS - fromS >= daySeconds) return true;
    }
  }
  return covered.every((one) => one === 1);
}

interface Stretch {
  readonly first: number;
  readonly length: number;
}

/** All of it, several times where calls are few; of more than can be replayed, pieces that are spread evenly over days and hours. */
function stretchesOf(counts: readonly number[], before: number, dayLength: number): readonly Stretch[] {
  const total = counts.reduce((sum, calls) => sum + calls, 0);
  if (total <= mostOfCounts) {
    const times = Math.min(mostRounds, Math.max(1, Math.ceil(wanted / total)));
    return [{ first: 0, length: counts.length * times }];
  }
  const isWholeDays = counts.length % dayLength === 0;
  // As long as its warm-up, so that half of what is replayed counts; of a day, a whole part.
  const length = Math.min(counts.length, isWholeDays ? divisorFrom(before, dayLength) : Math.max(1, before));
  const perPiece = (total / counts.length) * (length + before);
  const pieces = Math.max(1, Math.min(Math.floor(mostOfCounts / perPiece), Math.floor(counts.length / length)));
  const slots = dayLength / length;
  if (!isWholeDays || pieces < slots) {
    return Array.from({ length: pieces }, (_, index) => ({
      first: Math.floor(((index + 0.5) * counts.length) / pieces - length / 2),
      length,
    }));
  }
  // Each time of day as often, on days that are spread over all.
  const days = counts.length / dayLength;
  const rounds = Math.floor(pieces / slots);
  return Array.from({ length: rounds * slots }, (_, index) => {
    const [round, slot] = [Math.floor(index / slots), index % slots];
    const day = Math.min(days - 1, Math.floor(((round + slot / slots) * days) / rounds));
    return { first: day * dayLength + slot * length, length };
  });
}

/** The least part of the whole that is no shorter. */
function divisorFrom(least: number, whole: number): number {
  for (let length = Math.max(1, least); length < whole; length++) if (whole % length === 0) return length;
  return whole;
}

/** A day of one call is not made more certain by a thousand like it. */
const mostRounds = 200;

/** A fraction of a call comes as often as it says. */
function addCalls(
  times: number[],
  counts: readonly number[],
  first: number,
  length: number,
  eachS: number,
  random: Random,
): void {
  for (let index = first; index < first + length; index++) {
    const wrapped = ((index % counts.length) + counts.length) % counts.length;
    const calls = counts[wrapped] ?? 0;
    const whole = Math.floor(calls) + (random() < calls % 1 ? 1 : 0);
    const from = times.length;
    for (let call = 0; call < whole; call++) times.push((index + random()) * eachS);
    sortTail(times, from);
  }
}

function sortTail(times: number[], from: number): void {
  if (times.length - from < 2) return;
  const tail = Float64Array.from(times.slice(from)).sort();
  for (let index = 0; index < tail.length; index++) times[from + index] = tail[index] ?? 0;
}

/**
 * As many numbers in [0, 1) as there are equal intervals, one from each, in random order: as random as any to whoever looks at
 * a few of them, and with far less chance in what is counted over all (McKay, Beckman and Conover 1979).
 */
function stratified(length: number, random: Random): Float64Array {
  const values = new Float64Array(length);
  for (let index = 0; index < length; index++) {
    const other = Math.floor(random() * (index + 1));
    values[index] = values[other] ?? 0;
    values[other] = index;
  }
  for (let index = 0; index < length; index++) values[index] = ((values[index] ?? 0) + random()) / length;
  return values;
}
