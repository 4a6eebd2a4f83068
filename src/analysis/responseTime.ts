import type { Measurement, Reported } from '../model/measurement.ts';

export type Figured = Reported & Pick<Measurement, 'start'>;

/** What a caller waits for in Lambda: a cold start's init or restore comes on top of its duration. */
export function responseMs({ durationMs, start, initDurationMs = 0, restoreDurationMs = 0 }: Figured): number {
  return start === 'cold' ? durationMs + initDurationMs + restoreDurationMs : durationMs;
}
