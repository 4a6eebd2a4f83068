import { describe, expect, it } from 'vitest';
import { simulatedRun } from './simulatedRun.ts';
import { comparisonsOf, stabilityOf } from './stability.ts';
import { candidateAt, type TruthName, truths } from './truths.ts';

const now = (memoryMb: number) => ({ memoryMb, architecture: 'x86_64' as const });

/** What each truth has advised; the truths that are left out lie on an edge (see truths.ts and `npm run bench:advice`). */
const advised = {
  waits: now(128),
  'one thread': now(1769),
  'one thread, calls 20 %, n = 20': now(1769),
  'gains up to 512 MB': now(512),
  'best is the current': now(1769),
  'waits 5 ms, works 5 ms': now(256),
  'waits 20 ms, works 5 ms': now(128),
  'waits 100 ms, works 5 ms': now(128),
  'two payloads, 1 : 8': now(1769),
  'two payloads, 1 : 20': now(1769),
  'hosts 3 %': now(1769),
  'hosts 3 %, n = 20': now(1769),
  'hosts 5 %': now(1769),
  'hosts 5 %, n = 20': now(1769),
  'hosts 5 %, four of them, n = 20': now(1769),
  'both architectures alike': { memoryMb: 1769, architecture: 'arm64' },
  'arm64 10 % slower': { memoryMb: 1769, architecture: 'arm64' },
  'arm64 as dear': now(1769),
} as const satisfies Partial<Record<TruthName, unknown>>;

/** Three identical runs once advised 512, 1,024 and 512 MB. Seeded: what it counts does not change. */
describe('the answer over 200 repeats of one truth', () => {
  for (const [name, wanted] of Object.entries(advised)) {
    it(`is one size, or one that is equal in cost and speed: ${name}`, () => {
      const truth = truths[name as keyof typeof advised];
      const found = stabilityOf(truth, comparisonsOf(truth, 200));
      expect(found.advised).toEqual(wanted);
      expect(found.share).toBeGreaterThanOrEqual(0.95);
    });
  }

  it('is made of what a whole run has', () => {
    const truth = truths['two payloads, 1 : 8'];
    const [compared] = comparisonsOf(truth, 1);
    const run = simulatedRun(truth, 1);
    for (const row of run.configurations) {
      expect(candidateAt(compared?.candidates ?? [], row).costUsd).toBeCloseTo(row.warm?.costUsd.mean ?? 0, 12);
    }
    expect(run.answer.configuration).toEqual(now(1769));
  });
});
