import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Schedule } from './disturbedRuns.ts';
import { allSchedules } from './faultsAtEveryCall.ts';
import { prepareProcess } from './programInProcess.ts';
import { playAll, sampleOf } from './runSchedules.ts';
import { answerSchedules, fieldsOfAnswers } from './spoiltAnswers.ts';
import { countCalls } from './undisturbedRun.ts';

/** A seeded sample of `npm run test:faults`. To see one again: npm run test:faults -- --only "<name>" */
describe('a complete run that meets a fault at one of its calls', () => {
  let restore: () => void;
  let all: readonly Schedule[];
  beforeAll(async () => {
    restore = prepareProcess();
    all = [...allSchedules(await countCalls(), [1, 2, 3]), ...answerSchedules(await fieldsOfAnswers())];
  });
  afterAll(() => restore());

  it('ends in time, tells the truth, keeps what it measured and leaves nothing after one clean-up', async () => {
    const sample = sampleOf(all, 0.01, 7);
    const played = await playAll(sample, 4, () => undefined);
    const broken = played.flatMap(({ schedule, verdict }) =>
      verdict.violations.map((violation) => `${schedule.name}: ${violation}`),
    );
    expect(broken).toEqual([]);
    expect(new Set(played.map(({ schedule }) => schedule.fault)).size).toBeGreaterThanOrEqual(35);
  }, 240_000);
});
