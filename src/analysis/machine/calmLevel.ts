import { type CalmPace, type Measurement, referenceLoop } from '../../model/measurement.ts';
import { sorted } from '../../stats/moments.ts';

/**
 * What the reference loop takes on this machine where nothing slows it, told by the fastest moments of a run and by earlier runs.
 * Limits: a run that met no calm moment knows it only from earlier ones.
 */

export type Paced = Exclude<Measurement, { outcome: 'unreported' }> & { readonly pace: Pace };
type Pace = NonNullable<Exclude<Measurement, { outcome: 'unreported' }>['pace']>;

/** So many of a run's calls are taken to have had a calm moment: few, as nothing is faster than a calm core, but for chance. */
const calmShare = 0.02;
/** So many of the calls, of a run or of one kind, are its calmest. */
export const calmestShare = 0.1;

/** Of a call that an earlier version saved, with another loop, the correction that it made is kept. */
export function isPaced(call: Measurement): call is Paced {
  return call.outcome !== 'unreported' && call.outcome !== 'timedOut' && call.pace?.loop === referenceLoop;
}

/** What the reference took at the fastest moments of each call, in order. */
function fastestMs(calls: readonly Paced[]): readonly number[] {
  return sorted(calls.map(({ pace }) => pace.fastestMs ?? pace.referenceMs));
}

/** What the reference takes where nothing slows it, one standard error of its logarithm, and how far from it the run stayed. */
interface CalmLevel {
  readonly calmMs: number;
  readonly error: number;
  readonly unseen: number;
}

/** As this run met it, where it met moments about as calm as earlier ones did, or calmer; else as these found it. */
export function calmLevel(calls: readonly Paced[]): CalmLevel {
  const ownMs = calmestMs(calls, Math.floor(calmShare * (calls.length - 1)));
  const calmestTenthMs = calmestMs(calls, Math.ceil(calmestShare * (calls.length - 1)));
  const known = knownCalm(calls);
  if (known === undefined || ownMs < alike * known.referenceMs) {
    // Where calm moments were met often they are alike, and where they were not even the fastest may have been slowed.
    const error = Math.log(calmestTenthMs / ownMs) / 2;
    return { calmMs: ownMs, error: known === undefined ? error : Math.min(error, knownError), unseen: 0 };
  }
  const calmMs = alike * known.referenceMs;
  return { calmMs, error: knownError, unseen: Math.max(0, Math.log(calmestTenthMs / known.referenceMs)) };
}

function calmestMs(calls: readonly Paced[], rank: number): number {
  return fastestMs(calls)[rank] ?? Number.NaN;
}

/** As the latest call tells it: calls of an earlier run may come with an older one. */
export function knownCalm(calls: readonly Paced[]): CalmPace | undefined {
  return calls
    .filter(({ pace }) => pace.calm !== undefined)
    .toSorted((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt))
    .at(-1)?.pace.calm;
}

/**
 * Levels of the runs of an hour were within 1.3 % on one machine, and within 4 % on another (state/machinePace.ts). The fastest of all is an
 * extreme: taken as it is, of eighteen recorded runs pairs were 5.4 % apart in the middle, 4.5 so.
 */
const alike = 1.04;
const knownError = 0.01;
/**
 * Between the calm level and the calmest that a run met nothing was learnt, and how much of it counts is what kinds of code do
 * (pace.ts), give or take. By this much, no run is corrected or decided that stayed 28 % slower than the machine's calm level, or more.
 */
export const unseenError = 0.2;

/**
 * One standard error of what is left of the time on the CPU, as a share of it. With 0.055 a first run on a machine that was slow nearly all
 * the time decided, on durations 1.6 times too long (test/analysis/machine/repeatedRuns.test.ts).
 */
export const mostUncertain = 0.05;
