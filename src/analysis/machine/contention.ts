import type { Measurement } from '../../model/measurement.ts';
import { mean, squaredDeviations } from '../../stats/moments.ts';
import { isPaced } from './calmLevel.ts';
import { isTooSlow } from './pace.ts';

/**
 * Calls on the embedded endpoint that a busy machine got in the way of. What others took is left out of their durations
 * (local/cgroup/cpuShare.ts) as the kernel counted it, and the more that was the less is known: beyond this share of the clock's
 * time (below it, calls that waited 0 to 15 % and 35 to 50 % were alike within 4 %) a call is measured again, decides nothing, and
 * is in a figure only where there are hardly any others. So is one whose core was so slow, or by so little known an amount, that
 * no correction is made for it (pace.ts). Where it fails: a neighbour that slows the memory and takes no core is not counted. The
 * shares are choices: `npm run bench:local` prints durations beside a calm machine's.
 */
const mostContended = 0.5;

/** One turn of another task on the core, which a calm machine has, too: of a call of a few milliseconds it is a large share. */
const oneTurnMs = 5;

export function isContended(measurement: Measurement): boolean {
  if (measurement.outcome === 'unreported') return false;
  const { contendedShare = 0, rawDurationMs = measurement.durationMs, pace } = measurement;
  return isBeyond(contendedShare, rawDurationMs) || (pace !== undefined && isTooSlow(pace));
}

/** `rawDurationMs` is the clock's time. */
export function isBeyond(contendedShare: number, rawDurationMs: number): boolean {
  return contendedShare > mostContended && contendedShare * rawDurationMs >= oneTurnMs;
}

/**
 * So many calm calls tell of the function, however many others there were: what is left out is chosen by the machine's state, not by
 * how long the call took. Of 57 windows of sixty calls a size on a machine whose neighbours came and went, 32 gave figures where half of the
 * calls had to be calm, 45 so, and pairs of them were as far apart.
 */
const enoughCalm = 8;

/** Without the contended ones, as long as at least as many others are left, or enough; else all, which `neverCalm` tells. */
export function calmOnes<Call extends Measurement>(calls: readonly Call[]): readonly Call[] {
  const calm = calls.filter((call) => !isContended(call));
  const areEnough = calm.length >= enoughCalm || (calm.length > 0 && 2 * calm.length >= calls.length);
  return areEnough ? calm : calls;
}

/** The machine was busy for so many of the calls that their figures had to be taken from contended ones. */
export function neverCalm(calls: readonly Measurement[]): boolean {
  return calmOnes(calls).some(isContended);
}

/** One standard error of a mean duration, as a share of it. */
const wellKnown = 0.006;
/** One standard error of what the correction leaves: of windows of 20, 50 and 100 calls a size it was 0.026, 0.019 and 0.015. */
const wellCorrected = 0.012;
/** Correcting by so much on average is what scatters; what a function varies by itself is not called on for. */
const clearlySlow = 0.05;

/**
 * The machine got in the way so much that the figures of these calls of one size are rough: further ones are worth their time,
 * which is all that they cost there. Of windows of 20, 50 and 100 calls a size of one function, beside busy loops and neighbours,
 * pairs were 4.7, 3.5 and 2.6 % apart in the middle. Never of calls on AWS.
 */
export function isWorthCallingOn(calls: readonly Measurement[]): boolean {
  const warm = calls.filter(isPaced).filter(({ outcome, start }) => outcome === 'succeeded' && start === 'warm');
  if (neverCalm(warm)) return true;
  const calm = calmOnes(warm);
  if (mean(calm.map(({ pace }) => pace.uncertainShare ?? 0)) > wellCorrected) return true;
  if (!(mean(calm.map(({ pace }) => pace.slowShare ?? 0)) > clearlySlow)) return false;
  return [...new Set(calm.map(({ payload }) => payload))].some((payload) => {
    const durationsMs = calm.filter((call) => call.payload === payload).map(({ durationMs }) => durationMs);
    const count = durationsMs.length;
    return Math.sqrt(squaredDeviations(durationsMs) / (count - 1) / count) > wellKnown * mean(durationsMs);
  });
}

/** From this share of contended calls on, it is the machine that kept a comparison from a verdict. */
const keepsFromVerdict = 0.1;

export function isHostTheCause(calls: readonly Measurement[]): boolean {
  const contended = calls.filter(isContended).length;
  return contended > 0 && contended >= keepsFromVerdict * calls.length;
}
