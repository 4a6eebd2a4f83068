import { describe, expect, it } from 'vitest';
import { simulatedRun, type Truth, trueMs, trueUsd } from './simulatedRun.ts';

type Size = { readonly memoryMb: number };
const now = (memoryMb: number) => ({ memoryMb, architecture: 'x86_64' as const });
/** One thread of work: as fast as its share of a core, up to one vCPU. */
const work = (ms: number, { memoryMb }: Size) => (ms * 1769) / Math.min(memoryMb, 1769);
const isBig = (payload: string) => (payload === 'big' ? 8 : 1);

const truths: Readonly<Record<string, { readonly truth: Truth; readonly advised: number }>> = {
  'that waits': { truth: { meanMs: () => 100, current: now(1024) }, advised: 128 },
  'of one thread': { truth: { meanMs: (size) => work(100, size), current: now(1024) }, advised: 1769 },
  'of one thread with noisy durations': {
    truth: { meanMs: (size) => work(100, size), current: now(512), withinCv: 0.2, calls: 20 },
    advised: 1769,
  },
  'that gains up to 512 MB': {
    truth: { meanMs: ({ memoryMb }) => Math.max(60, (60 * 512) / memoryMb), current: now(128) },
    advised: 512,
  },
  'whose best setting is the current one': {
    truth: { meanMs: (size) => 2 + work(100, size), current: now(1769) },
    advised: 1769,
  },
  'with two payloads of unequal size': {
    truth: {
      meanMs: (size, payload) => isBig(payload) * work(50, size),
      payloads: [
        { name: 'small', weight: 3 },
        { name: 'big', weight: 1 },
      ],
      current: now(1024),
    },
    advised: 1769,
  },
  'on hosts that differ by 3 %': {
    truth: { meanMs: (size) => work(100, size), current: now(512), betweenCv: 0.03, calls: 20 },
    advised: 1769,
  },
};

/** Three identical runs once advised 512, 1,024 and 512 MB. Seeded: what it counts does not change. */
describe('the answer over 200 repeats of one truth', () => {
  for (const [name, { truth, advised }] of Object.entries(truths)) {
    it(`is one size, or one that is equal in cost and speed: a function ${name}`, { timeout: 60_000 }, () => {
      const isSame = (size: number) =>
        [trueMs, trueUsd].every((of) => {
          const ratio = of(truth, now(size)) / of(truth, now(advised));
          return ratio <= 1.03 && ratio >= 1 / 1.03;
        });
      const sizes = Array.from(
        { length: 200 },
        (_, seed) => simulatedRun(truth, seed + 1).answer.configuration?.memoryMb,
      );
      const same = sizes.filter((size) => size !== undefined && isSame(size)).length;
      expect(same).toBeGreaterThanOrEqual(190);
    });
  }
});
