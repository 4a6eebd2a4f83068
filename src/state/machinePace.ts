import { z } from 'zod';
import { count, nonNegative } from '../model/amounts.ts';
import type { CalmPace } from '../model/measurement.ts';
import { together } from '../stats/segmentedSlope.ts';

/**
 * What runs found of how fast this machine is where nothing slows it, by the reference loop of the embedded endpoint. No run can
 * tell from within that its machine was slow all the time: a neighbour on the same cores was seen to take more than half of the
 * speed for minutes. The calm pace itself stays what it is (23.8 to 24.1 µs in twelve of fourteen runs of an hour; the other two
 * never met it), so it is kept between runs.
 */
const seenSchema = z.strictObject({
  /** Whatever the pace depends on, as a digest (host/machine.ts). */
  machine: z.string().max(64),
  at: z.iso.datetime(),
  /** What the loop took at the calmest moments, and of how many calls the fastest moments were alike. */
  calmMs: z.number().positive().max(1000),
  calls: nonNegative,
});

export type PaceSeen = z.infer<typeof seenSchema>;

/** By how much one code followed the reference in one run (stats/segmentedSlope.ts). */
const codeSchema = z.strictObject({
  machine: z.string().max(64),
  /** Its digest. */
  code: z.string().max(64),
  at: z.iso.datetime(),
  follows: z
    .array(
      z.strictObject({ range: count.max(9), slope: z.number().min(0).max(10), error: z.number().positive().max(1) }),
    )
    .max(10)
    .readonly(),
});

export type CodeSeen = z.infer<typeof codeSchema>;

const fileSchema = z.strictObject({
  version: z.literal(2),
  seen: z.array(seenSchema),
  codes: z.array(codeSchema),
});

export interface Paces {
  readonly seen: readonly PaceSeen[];
  readonly codes: readonly CodeSeen[];
}

/** Nothing of a file that somebody else wrote, or that is damaged. */
export function parsePaces(text: string): Paces {
  try {
    const { seen, codes } = fileSchema.parse(JSON.parse(text));
    return { seen, codes };
  } catch {
    return { seen: [], codes: [] };
  }
}

export function pacesText({ seen, codes }: Paces): string {
  return `${JSON.stringify({ version: 2, seen, codes })}\n`;
}

/** The latest ones, of all machines that share the folder. */
const mostKept = 200;

export function withPaces(paces: Paces, latest: Paces): Paces {
  return {
    seen: [...paces.seen, ...latest.seen].slice(-mostKept),
    codes: [...paces.codes, ...latest.codes].slice(-mostKept),
  };
}

/** What is within so much of the fastest is as fast: levels of fourteen runs were within 1.3 %. */
const alike = 1.02;
/** Chance does not make as many calls alike and too fast. */
const leastAlike = 4;

/**
 * The fastest pace that several calls of a run met. A single one may be chance, and is not it. Undefined: too few calls, or no
 * two of them alike.
 */
export function calmestOf(fastestMs: readonly number[]): Pick<PaceSeen, 'calmMs' | 'calls'> | undefined {
  const inOrder = fastestMs.toSorted((one, other) => one - other);
  for (const calmMs of inOrder) {
    const calls = inOrder.filter((ms) => ms >= calmMs && ms <= calmMs * alike).length;
    if (calls >= leastAlike) return { calmMs, calls };
  }
  return undefined;
}

/** Of several runs: the processor's clock varies, too. With 2 % recorded runs were as far apart. */
const alikeRuns = 1.04;
/** So many calls, of whatever runs, have to have met a pace. */
const leastCalls = 10;
const expireMs = 14 * 24 * 3600 * 1000;
/** So many of the latest runs that were all slower by `changed` speak of a machine that has changed: saving power, moved, throttled. */
const runsOfAChange = 5;
const changed = 1.1;
/** Five runs within minutes were one busy spell of the neighbours: the calm pace was forgotten in it, and found again a minute later. */
const changeLastsMs = 3600 * 1000;

/** The calm pace of a machine by what its runs saw, undefined where that is not known. */
export function knownPace(seen: readonly PaceSeen[], machine: string, now: Date): CalmPace | undefined {
  const own = seen
    .filter((one) => one.machine === machine)
    .filter((one) => isRecent(one, now))
    .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const known = fastestOften(own);
  const latest = own.slice(-runsOfAChange);
  const hasChanged =
    known !== undefined &&
    latest.length === runsOfAChange &&
    lastingMs(latest) >= changeLastsMs &&
    latest.every(({ calmMs }) => calmMs > changed * known.referenceMs);
  return hasChanged ? fastestOften(latest) : known;
}

/** In order of time. */
function lastingMs(seen: readonly PaceSeen[]): number {
  return Date.parse(seen.at(-1)?.at ?? '') - Date.parse(seen[0]?.at ?? '');
}

function isRecent({ at }: Pick<PaceSeen, 'at'>, now: Date): boolean {
  const agoMs = now.getTime() - Date.parse(at);
  return agoMs >= 0 && agoMs < expireMs;
}

/**
 * The fastest that many calls met. Not the middle of the runs that met it: that moves from run to run, and every figure with it (of ten
 * recorded runs pairs were 5.8 % apart in the middle so, and 4.6 % by the fastest).
 */
function fastestOften(seen: readonly PaceSeen[]): CalmPace | undefined {
  const inOrder = seen.toSorted((one, other) => one.calmMs - other.calmMs);
  for (const { calmMs } of inOrder) {
    const near = inOrder.filter((one) => one.calmMs >= calmMs && one.calmMs <= calmMs * alikeRuns);
    if (near.reduce((sum, { calls }) => sum + calls, 0) < leastCalls) continue;
    const latest = near.map(({ at }) => at).toSorted((one, other) => Date.parse(other) - Date.parse(one))[0] ?? '';
    return { referenceMs: calmMs, runs: near.length, lastSeenAt: latest };
  }
  return undefined;
}

const mostRuns = 10;

/**
 * What the latest runs of one code found together. How a run of its own takes its code to follow the reference is what two runs of one
 * folder differ by most where a machine is slow for half of the time: windows of twenty calls a size were up to 45 % apart alone, and
 * 25 where each knew what those before it had found (docs/benchmarks.md).
 */
export function knownFollows(
  codes: readonly CodeSeen[],
  { machine, code }: Pick<CodeSeen, 'machine' | 'code'>,
  now: Date,
): NonNullable<CalmPace['follows']> {
  const own = codes
    .filter((one) => one.machine === machine && one.code === code && isRecent(one, now))
    .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))
    .slice(-mostRuns);
  return together(own.map(({ follows }) => follows));
}
