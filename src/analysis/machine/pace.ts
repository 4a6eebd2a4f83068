import type { Configuration } from '../../model/configuration.ts';
import type { FollowedRange, Measurement } from '../../model/measurement.ts';
import {
  isOtherThan,
  type MeasuredPair,
  riseAt,
  riseErrorAt,
  type SegmentedSlope,
  segmentedSlope,
} from '../../stats/segmentedSlope.ts';
import { calmestShare, calmLevel, isPaced, knownCalm, mostUncertain, type Paced, unseenError } from './calmLevel.ts';
import { slownessPairs } from './slowness.ts';

/**
 * Local durations at the machine's calm pace. What the endpoint reports is the clock's time without what the kernel counted as
 * waiting for a core. A core that is handed over is itself slow while its neighbours work, too: of that the kernel knows
 * nothing, but the reference loop does, which was timed on the same core right before, after and during the call.
 *
 * No loop is slowed quite as the function is, so how much of it counts is learnt from the run itself, as a control variate: the
 * logarithm of the calls' time on the CPU follows how slow the reference was by a line with bends (stats/segmentedSlope.ts), the same
 * for all configurations of the function. The less a run tells of it, the more it is what earlier runs of the code found, or where
 * there are none what kinds of code were seen to do. What was counted is kept with the call, so that correcting twice changes nothing.
 *
 * Limits: time off the CPU stays as it is. Nothing is made longer, and no call left with less time on the CPU than those took
 * that were made at the calmest moments, for the same payload of the same code at any size. What cannot be told well enough is
 * not corrected, and such a call counts as contended (contention.ts): one slowed by more than `mostSlow`, and one whose correction
 * depends by more than `mostUncertain` on a slope or a calm level that is hardly known, as where a machine was slow for nearly
 * the whole of a run. That it was slow for the whole of it no run can tell from within: earlier runs on the machine do, where they
 * met calm moments (state/machinePace.ts), and their level comes with every call.
 * Figures: `npm run bench:local`.
 */
export function atCalmPace<Lane extends PacedLane>(lanes: readonly Lane[], price: Price): readonly Lane[] {
  const all = lanes.flatMap(({ earlier = [], measurements }) => [...earlier, ...measurements]).filter(isPaced);
  if (all.length === 0) return lanes;
  const level = calmLevel(all);
  const kinds = lanes.map(kindsOf);
  const groups = kinds.flat();
  const timed = groups.map((calls) => calls.map(({ pace }) => ({ ...pace, cpuMs: pace.cpuMs ?? pace.busyMs })));
  const pairs = slownessPairs(timed, level.calmMs);
  const slowness = new Map(
    groups.flatMap((calls, at) => calls.map((call, index) => [call, pairs[at]?.[index]?.x ?? 0])),
  );
  const follows = followsOf(pairs, knownCalm(all)?.follows);
  const pace: RunPace = {
    follows,
    levelError: level.error,
    unseen: level.unseen,
    slowness,
    leastMs: leastNeeded(lanes, kinds, (call) => keptShare(follows, slowness.get(call) ?? 0)),
  };
  const corrected = (configuration: Configuration) => (call: Measurement) =>
    isPaced(call) ? atPace(call, pace, configuration, price) : call;
  return lanes.map((lane) => ({
    ...lane,
    earlier: lane.earlier?.map(corrected(lane.configuration)),
    measurements: lane.measurements.map(corrected(lane.configuration)),
  }));
}

export interface PacedLane {
  readonly configuration: Configuration;
  readonly earlier?: readonly Measurement[] | undefined;
  readonly measurements: readonly Measurement[];
}

/** US$ of this call, if it were billed so. */
export type Price = (billedDurationMs: number, configuration: Configuration, call: Paced) => number;

/** What is known of all calls of a run. */
interface RunPace {
  /** By how much the function follows the reference, both logarithms. */
  readonly follows: SegmentedSlope;
  /** One standard error of the logarithm of the calm level. */
  readonly levelError: number;
  /** Logarithm of how much slower than the calm level the run's calmest moments were. */
  readonly unseen: number;
  /** Logarithm of how much longer than at the calm level the reference took. */
  readonly slowness: ReadonlyMap<Measurement, number>;
  /** How much of its time on the CPU each call needed at least. */
  readonly leastMs: ReadonlyMap<Measurement, number>;
}

/** Share of the time on the CPU that may be taken off. A core whose neighbour works all the time was seen to be 2.4 times as slow. */
const mostSlow = 0.7;
/** From here on a call is worth making again. */
const slowAgain = 0.5;
/** What is within so much of the calm level is taken to be calm: the reference scatters, too. */
const nearlyCalm = 0.95;

/** The run's own, and what earlier runs of the code found unless it has another behaviour now, as with another payload. */
function followsOf(
  pairs: readonly (readonly MeasuredPair[])[],
  earlier: readonly FollowedRange[] = [],
): SegmentedSlope {
  const own = segmentedSlope(pairs);
  return earlier.length === 0 || isOtherThan(own, earlier) ? own : segmentedSlope(pairs, earlier);
}

function kindsOf({ earlier = [], measurements }: PacedLane): readonly (readonly Paced[])[] {
  const kinds = new Map<string, Paced[]>();
  for (const call of [...earlier, ...measurements].filter(isPaced)) {
    kinds.set(kindOf(call), [...(kinds.get(kindOf(call)) ?? []), call]);
  }
  return [...kinds.values()].map((calls) =>
    calls.toSorted((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt)),
  );
}

/**
 * The least time on the CPU that the calls at the calmest moments took, corrected by what little there is to correct; quotas only
 * spread it. Where it was not counted (runs of earlier versions), the shortest call at its own size.
 */
function leastNeeded(
  lanes: readonly PacedLane[],
  kinds: readonly (readonly (readonly Paced[])[])[],
  keptOf: (call: Paced) => number,
): ReadonlyMap<Measurement, number> {
  const byCode = new Map<string, Paced[]>();
  const ofCode = (at: number, call: Paced): Paced[] => {
    const { architecture, variant } = lanes[at]?.configuration ?? {};
    const code = `${architecture} ${kindOf(call)} ${variant?.name ?? ''}`;
    const known = byCode.get(code) ?? [];
    byCode.set(code, known);
    return known;
  };
  for (const [at, ofLane] of kinds.entries()) for (const call of ofLane.flat()) ofCode(at, call).push(call);
  const leastCpuMs = new Map([...byCode.values()].map((calls) => [calls, calmestCpuMs(calls, keptOf)] as const));
  return new Map(
    kinds.flatMap((ofLane, at) =>
      ofLane.flatMap((calls) => {
        const shortestMs = Math.min(...calls.map(({ pace }) => pace.busyMs));
        return calls.map((call) => {
          const { busyMs, cpuMs = 0 } = call.pace;
          const leastMs = leastCpuMs.get(ofCode(at, call)) ?? 0;
          return [call, cpuMs > 0 && leastMs > 0 ? (busyMs * leastMs) / cpuMs : shortestMs] as const;
        });
      }),
    ),
  );
}

/** 0: not counted. */
function calmestCpuMs(calls: readonly Paced[], keptOf: (call: Paced) => number): number {
  const calmest = calls.toSorted((one, other) => keptOf(other) - keptOf(one));
  const few = calmest.slice(0, Math.max(1, Math.ceil(calmestShare * calls.length)));
  return Math.min(...few.map((call) => (keptOf(call) > nearlyCalm ? 1 : keptOf(call)) * (call.pace.cpuMs ?? 0)));
}

function kindOf({ payload = '', start, outcome }: Paced): string {
  return `${start} ${outcome} ${payload}`;
}

/** Of its time on the CPU, what a call would have taken at the calm level. */
function keptShare(follows: SegmentedSlope, slowness: number): number {
  return Math.exp(-riseAt(follows, slowness));
}

function atPace(call: Paced, run: RunPace, configuration: Configuration, price: Price): Measurement {
  const { countedMs, busyMs } = call.pace;
  const slowness = run.slowness.get(call) ?? 0;
  const slowShare = 1 - keptShare(run.follows, slowness);
  const uncertainShare = Math.hypot(
    riseErrorAt(run.follows, slowness),
    levelErrorOf(run),
    unseenError * Math.min(run.unseen, slowness),
  );
  const isLeft = isTooSlow({ busyMs, slowShare, uncertainShare });
  const takenOffMs = isLeft
    ? 0
    : Math.min(Math.min(slowShare, mostSlow) * busyMs, busyMs - (run.leastMs.get(call) ?? busyMs));
  const durationMs = hundredths(countedMs - Math.max(0, takenOffMs));
  // What is billed beyond duration and init is of the restore, and stays as it is.
  const restoreMs = call.restoreDurationMs === undefined ? 0 : call.billedDurationMs - billedAs(call.durationMs, call);
  const billedDurationMs = billedAs(durationMs, call) + restoreMs;
  return {
    ...call,
    durationMs,
    billedDurationMs,
    costUsd: price(billedDurationMs, configuration, call),
    pace: { ...call.pace, slowShare, uncertainShare: Math.min(1, uncertainShare) },
  };
}

/**
 * What an error of the calm level makes of the correction, of every call: how code follows the reference is told by the calls themselves
 * down to the level that the run has met, and what lies below is as steep as the lowest part.
 */
function levelErrorOf({ follows, levelError }: RunPace): number {
  return Math.hypot(follows.slopes[0] ?? 0, Math.sqrt(follows.covariance[0]?.[0] ?? 0)) * levelError;
}

/** Whole milliseconds. */
function billedAs(durationMs: number, { initDurationMs = 0 }: Paced): number {
  return Math.max(1, Math.ceil(hundredths(durationMs + initDurationMs)));
}

/** As REPORT lines have them. */
function hundredths(ms: number): number {
  return Math.round(ms * 100) / 100;
}

/** The machine was so slow during this call that another one is worth making; among those of its own configuration. */
export function isMadeAtSlowPace(call: Measurement, others: readonly Measurement[]): boolean {
  if (!isPaced(call)) return false;
  const slowShare = 1 - calmLevel([call, ...others].filter(isPaced)).calmMs / call.pace.referenceMs;
  return slowShare > slowAgain && slowShare * call.pace.busyMs >= leastTakenMs;
}

/**
 * No correction is made, as it would be too large, or known too badly. The same for what is corrected and for what counts: a call
 * left as it was and counted all the same would be a slow one among corrected ones.
 */
export function isTooSlow({
  busyMs,
  slowShare = 0,
  uncertainShare = 0,
}: Pick<Paced['pace'], 'busyMs' | 'slowShare' | 'uncertainShare'>): boolean {
  const isTooLarge = slowShare > mostSlow && slowShare * busyMs >= leastTakenMs;
  const isHardlyKnown = uncertainShare > mostUncertain && uncertainShare * busyMs >= leastTakenMs;
  return isTooLarge || isHardlyKnown || (uncertainShare > notKnown && uncertainShare * busyMs >= leastSeenMs);
}

/** Of a call of a few milliseconds less is within what it varies by. */
const leastTakenMs = 5;
/** What may be wrong by so much is no figure, of a call of a few milliseconds either. */
const notKnown = 0.1;
const leastSeenMs = 1;
