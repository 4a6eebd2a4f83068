import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Schedule } from './disturbedRuns.ts';
import { faultsAtEveryCall } from './faultsAtEveryCall.ts';
import { prepareProcess } from './programInProcess.ts';
import { runAll, sampleOf } from './runSchedules.ts';
import { fieldsOfAnswers, spoiltAnswers } from './spoiltAnswers.ts';
import { countCalls } from './undisturbedRun.ts';

/** A seeded sample of `npm run test:faults`. To see one again: npm run test:faults -- --only "<name>" */
describe('a complete run that meets a fault at one of its calls', () => {
  let restore: () => void;
  let all: readonly Schedule[];
  beforeAll(async () => {
    restore = prepareProcess();
    all = [...faultsAtEveryCall(await countCalls(), [1, 2, 3]), ...spoiltAnswers(await fieldsOfAnswers())];
  });
  afterAll(() => restore());

  it('ends in time, tells the truth, keeps what it measured and leaves nothing after one clean-up', async () => {
    const sample = sampleOf(all, 0.01, 7);
    const ended = await runAll(sample, 4, () => undefined);
    const broken = ended.flatMap(({ schedule, verdict }) =>
      verdict.violations.map((violation) => `${schedule.name}: ${violation}`),
    );
    expect(broken).toEqual([]);
    expect(new Set(ended.map(({ schedule }) => schedule.fault)).size).toBeGreaterThanOrEqual(35);
  }, 240_000);
});
