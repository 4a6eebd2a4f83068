import { arrivalsOf } from '../../src/traffic/arrivals.ts';
import { drawTableOf } from '../../src/traffic/drawTable.ts';
import { assumedIdleLifeS } from '../../src/traffic/question.ts';
import { replay } from '../../src/traffic/replay.ts';

/**
 * Bursts that were recorded on AWS on 29 April 2020 (github.com/danielBCN/faas-parallelism-benchmark at daaccf2, results of
 * run-experiment): when each call was sent, how long it ran, and its container, whose first call is a cold start. Rebuilt here
 * as when a burst began, how many calls it had, over what time they were sent, how long they ran, and how many of them were cold.
 */
export interface Burst {
  readonly atS: number;
  readonly calls: number;
  readonly spreadMs: number;
  readonly durationMs: number;
  readonly cold: number;
}

const burst = (atS: number, calls: number, spreadMs: number, durationMs: number, cold: number): Burst => ({
  atS,
  calls,
  spreadMs,
  durationMs,
  cold,
});

export const recordedBursts: Readonly<Record<string, readonly Burst[]>> = {
  'a second of sleep, 256 MB': [
    burst(0, 10, 49, 1120, 10),
    burst(10, 10, 48, 1050, 0),
    burst(22, 50, 334, 1100, 40),
    burst(33, 50, 157, 1060, 0),
    burst(43, 100, 225, 1090, 50),
    burst(54, 100, 225, 1060, 0),
    burst(386, 197, 614, 1080, 197),
    burst(2250, 200, 573, 1050, 200),
    // Of these, 119 ran in containers that had been idle for eleven minutes.
    burst(2902, 500, 703, 1070, 381),
    burst(2931, 1000, 1447, 1050, 316),
  ],
  'seven seconds of work, 256 MB': [
    burst(0, 1, 0, 7611, 1),
    burst(37, 10, 31, 7600, 9),
    burst(80, 50, 139, 7700, 40),
    burst(132, 100, 241, 7600, 50),
    burst(171, 200, 470, 7600, 124),
  ],
  'a second of work, 2,048 MB': [
    burst(0, 1, 0, 1128, 1),
    burst(106, 10, 39, 1060, 9),
    burst(120, 50, 551, 1050, 40),
    burst(139, 100, 247, 1050, 50),
    burst(204, 200, 295, 1050, 100),
  ],
};

/** What a first call took longer than the others to begin. */
const initMs = 190;

/** Cold starts of each burst, as a replay of all up to it has more than one of all before it. */
export function predictedColdStarts(bursts: readonly Burst[]): readonly number[] {
  const table = (extraMs: number) => {
    const values = bursts.map(({ durationMs }) => durationMs + extraMs);
    const found = drawTableOf([{ weight: 1, clusters: [{ environment: 'a', values }] }]);
    if (found === undefined) throw new Error('there are bursts');
    return found;
  };
  const times = { warm: table(0), cold: table(initMs) };
  const coldOf = (count: number) => {
    const atS = bursts.slice(0, count).flatMap((one) => {
      const apartS = one.spreadMs / 1000 / Math.max(1, one.calls - 1);
      return Array.from({ length: one.calls }, (_, index) => one.atS + index * apartS);
    });
    const arrivals = arrivalsOf({ kind: 'arrivals', atS: Float64Array.from(atS), startMinute: 0 }, assumedIdleLifeS, 1);
    return replay(arrivals, times, { idleLifeS: assumedIdleLifeS }).coldCalls;
  };
  return bursts.map((_, index) => coldOf(index + 1) - (index === 0 ? 0 : coldOf(index)));
}
