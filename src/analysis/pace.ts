import type { Configuration } from '../model/configuration.ts';
import type { Measurement } from '../model/measurement.ts';
import { commonSlope } from '../stats/commonSlope.ts';
import { median, sorted } from '../stats/moments.ts';

/**
 * Local durations at the machine's calm pace. What the endpoint reports is the clock's time without what the kernel counted as
 * waiting for a core. A core that is handed over is itself slow while its neighbours work, too: of that the kernel knows
 * nothing, but the reference loop does, which was timed right before and after the call.
 *
 * No loop is slowed as the function is, so how much of it counts is learnt from the run itself, as a control variate: the
 * logarithm of the calls' time on the CPU follows that of the reference by one slope, common to all configurations of the
 * function. Where the reference explains nothing the slope is 0 and nothing is corrected. What was counted is kept with the
 * call, so that correcting twice changes nothing.
 *
 * Limits: time off the CPU stays as it is. Nothing is made longer, and no call shorter than the shortest that was counted of its
 * kind (same configuration, payload and start), which work that is always the same cannot be. A call that would have to be
 * corrected by more than `mostSlow` is not corrected: it counts as contended (contention.ts). Figures: `npm run bench:local`.
 */
export function atCalmPace<Lane extends PacedLane>(lanes: readonly Lane[], price: Price): readonly Lane[] {
  const all = lanes.flatMap(({ earlier = [], measurements }) => [...earlier, ...measurements]);
  const paces = all.filter(isPaced).map(({ pace }) => pace.referenceMs);
  if (paces.length === 0) return lanes;
  const calmMs = calmLevelMs(paces);
  const kinds = lanes.flatMap(kindsOf);
  const slope = Math.min(steepest, Math.max(0, commonSlope(kinds.map((calls) => calls.map(pairOf)))));
  const shortestMs = new Map(
    kinds.flatMap((calls) => {
      const least = Math.min(...calls.map(({ pace }) => pace.busyMs));
      return calls.map((call) => [call, least] as const);
    }),
  );
  const corrected = (configuration: Configuration) => (call: Measurement) =>
    isPaced(call) ? atPace(call, slope, calmMs, shortestMs.get(call) ?? call.pace.busyMs, configuration, price) : call;
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

type Paced = Exclude<Measurement, { outcome: 'unreported' }> & { readonly pace: Pace };
type Pace = NonNullable<Exclude<Measurement, { outcome: 'unreported' }>['pace']>;

/** Share of the time on the CPU that may be taken off: a core that is shared with one busy neighbour is half as fast. */
const mostSlow = 0.5;
/** Code that fills a core suffers more than the reference does, but not by much. */
const steepest = 2;
/** So many of a run's moments are taken for calm ones. */
const calmShare = 0.1;

function isPaced(call: Measurement): call is Paced {
  return call.outcome !== 'unreported' && call.outcome !== 'timedOut' && call.pace !== undefined;
}

/** What the reference takes in the calmest tenth of the run. */
function calmLevelMs(paces: readonly number[]): number {
  return sorted(paces)[Math.floor(calmShare * (paces.length - 1))] ?? Number.NaN;
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

function kindOf({ payload = '', start, outcome }: Paced): string {
  return `${start} ${outcome} ${payload}`;
}

function pairOf({ pace }: Paced) {
  return { x: Math.log(pace.referenceMs), y: Math.log(Math.max(pace.busyMs, leastMs)) };
}

/** What the endpoint rounds to. */
const leastMs = 0.01;

function atPace(
  call: Paced,
  slope: number,
  calmMs: number,
  shortestMs: number,
  configuration: Configuration,
  price: Price,
): Measurement {
  const { countedMs, busyMs } = call.pace;
  const slowShare = Math.max(0, 1 - (calmMs / call.pace.referenceMs) ** slope);
  const isTooMuch = slowShare > mostSlow;
  const takenOffMs = isTooMuch ? 0 : Math.min(slowShare * busyMs, busyMs - shortestMs);
  const durationMs = hundredths(countedMs - Math.max(0, takenOffMs));
  // What is billed beyond duration and init is of the restore, and stays as it is.
  const restoreMs = call.restoreDurationMs === undefined ? 0 : call.billedDurationMs - billedAs(call.durationMs, call);
  const billedDurationMs = billedAs(durationMs, call) + restoreMs;
  return {
    ...call,
    durationMs,
    billedDurationMs,
    costUsd: price(billedDurationMs, configuration, call),
    pace: { ...call.pace, slowShare },
  };
}

/** Whole milliseconds. */
function billedAs(durationMs: number, { initDurationMs = 0 }: Paced): number {
  return Math.max(1, Math.ceil(hundredths(durationMs + initDurationMs)));
}

/** As REPORT lines have them. */
function hundredths(ms: number): number {
  return Math.round(ms * 100) / 100;
}

/** The machine was so slow around this call that no correction will be made for it; among those of its own configuration. */
export function isMadeAtSlowPace(call: Measurement, others: readonly Measurement[]): boolean {
  if (!isPaced(call)) return false;
  const calmMs = calmLevelMs([call, ...others].filter(isPaced).map(({ pace }) => pace.referenceMs));
  return isTooSlow(1 - calmMs / call.pace.referenceMs, call.pace.busyMs);
}

export function isTooSlow(slowShare: number, busyMs: number): boolean {
  return slowShare > mostSlow && slowShare * busyMs >= leastTakenMs;
}

/** Of a call of a few milliseconds less is within what it varies by. */
const leastTakenMs = 5;

/** What was left out of the clock's time, as a share: waiting for a core, and slow cores. Undefined of a call on AWS. */
export function takenOffShare(call: Measurement): number | undefined {
  if (call.outcome === 'unreported' || call.rawDurationMs === undefined) return undefined;
  const { contendedShare = 0, pace, durationMs } = call;
  const kept = pace === undefined || pace.countedMs <= 0 ? 1 : durationMs / pace.countedMs;
  return 1 - (1 - contendedShare) * kept;
}

/** From half a percent on; less is no correction that anybody would look for. */
const leastShown = 0.005;

/** One sentence for every output that shows durations; undefined where they are the clock's, or as good as that. */
export function unloadedText(calls: readonly Measurement[]): string | undefined {
  const shares = calls.flatMap((call) => (call.start === 'warm' ? (takenOffShare(call) ?? []) : []));
  const usual = median(shares);
  if (!(usual >= leastShown)) return undefined;
  const percent = (100 * usual).toFixed(1);
  return `Durations are corrected for this machine’s other work: median correction −${percent} %. Those of the clock are in the saved run as rawDurationMs.`;
}
