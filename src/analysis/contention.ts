import type { Measurement } from '../model/measurement.ts';

/**
 * Calls on the embedded endpoint that a busy machine got in the way of. Their durations are corrected (local/cpuShare.ts), and
 * the more there was to correct the less is known: beyond this share of the clock's time a call is measured again, decides
 * nothing, and is in a figure only where there are hardly any others.
 */
export const mostContended = 0.15;

export function isContended(measurement: Measurement): boolean {
  return measurement.outcome !== 'unreported' && (measurement.contendedShare ?? 0) > mostContended;
}

/** Without the contended ones, as long as at least as many others are left; else all, which `neverCalm` tells. */
export function calmOnes<Call extends Measurement>(calls: readonly Call[]): readonly Call[] {
  const calm = calls.filter((call) => !isContended(call));
  return calm.length === 0 || 2 * calm.length < calls.length ? calls : calm;
}

/** The machine was busy for so many of the calls that their figures had to be taken from contended ones. */
export function neverCalm(calls: readonly Measurement[]): boolean {
  return calmOnes(calls).some(isContended);
}

/** From this share of contended calls on, it is the machine that kept a comparison from a verdict. */
const keepsFromVerdict = 0.1;

export function isHostTheCause(calls: readonly Measurement[]): boolean {
  const contended = calls.filter(isContended).length;
  return contended > 0 && contended >= keepsFromVerdict * calls.length;
}
