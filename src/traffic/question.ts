import type { Prior } from '../model/production/prior.ts';
import type { ObservedTraffic, TrafficRecord } from '../model/traffic.ts';
import { profileOf, type Traffic } from './traffic.ts';

/** The traffic that an answer is wanted at, with what is known of it. */
export interface TrafficQuestion {
  readonly given: string;
  readonly kind: TrafficRecord['kind'];
  readonly traffic: Traffic;
  /** From an observation; absent: 5 minutes, with 15 beside it. */
  readonly idleLifeS?: number | undefined;
  readonly logBytesPerCall?: number | undefined;
  readonly durationQuantilesMs?: ObservedTraffic['durationQuantilesMs'];
  /** From an observation: what a race begins by. */
  readonly prior?: Prior | undefined;
  /** On compute alone. */
  readonly discount?: number | undefined;
}

/** Old public measurements say 5 to 7 minutes; AWS documents nothing. */
export const assumedIdleLifeS = 300;
export const otherIdleLifeS = 900;

/** @throws TuneError TRAFFIC where nothing arrives */
export function observedQuestion(
  observed: ObservedTraffic,
  shown: string,
  prior?: Prior,
): Omit<TrafficQuestion, 'discount'> {
  const { startsAt, minutesEach, counts, idleLifeS, logBytesPerCall, durationQuantilesMs } = observed;
  const startMinute = Math.floor(Date.parse(startsAt) / 60_000) % 1440;
  return {
    given: shown,
    kind: 'observation',
    traffic: profileOf({ minutesEach, counts, startMinute }, shown),
    idleLifeS: idleLifeS?.estimate,
    logBytesPerCall,
    durationQuantilesMs,
    prior,
  };
}
