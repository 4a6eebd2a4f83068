import pLimit from 'p-limit';
import { seededRandom, shuffled } from '../../src/stats/random.ts';
import type { Schedule } from './disturbedRuns.ts';
import type { EndedRun } from './faultTable.ts';

/** A share of the schedules, the same for the same seed; at least one of every fault. */
export function sampleOf(schedules: readonly Schedule[], share: number, seed: number): readonly Schedule[] {
  const random = seededRandom(seed);
  const faults = [...new Set(schedules.map(({ fault }) => fault))];
  return faults.flatMap((fault) => {
    const own = schedules.filter((schedule) => schedule.fault === fault);
    return shuffled(own, random).slice(0, Math.max(1, Math.round(own.length * share)));
  });
}

/** Most of a schedule's time is waiting, so several are run side by side. */
export async function runAll(
  schedules: readonly Schedule[],
  atOnce: number,
  onEnded: (ended: EndedRun, count: number) => void,
): Promise<readonly EndedRun[]> {
  const limit = pLimit(atOnce);
  let count = 0;
  return Promise.all(
    schedules.map((schedule) =>
      limit(async () => {
        const ended = { schedule, verdict: await schedule.run().catch(crashed) };
        count += 1;
        onEnded(ended, count);
        return ended;
      }),
    ),
  );
}

function crashed(error: unknown) {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: null, violations: [`the harness failed: ${text}`] };
}
