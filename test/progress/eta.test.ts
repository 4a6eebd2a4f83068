import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceEta, type Eta, etaText, startEta } from '../../src/progress/eta.ts';

function replay(steps: readonly (readonly [nowMs: number, done: number])[], calls: number): readonly Eta[] {
  let eta = startEta(0);
  return steps.map(([nowMs, done]) => {
    eta = advanceEta(eta, { nowMs, done, left: calls - done });
    return eta;
  });
}

describe('the time that is left', () => {
  it('is not said before three calls', () => {
    const [first, second] = replay([[1000, 1], [2000, 2]], 10); // biome-ignore format: two moments
    expect(first?.finishMs).toBeUndefined();
    expect(etaText(second as Eta, 2000)).toBeUndefined();
  });

  it('is the pace so far times what is left', () => {
    const [eta] = replay([[3000, 3]], 43);
    expect(etaText(eta as Eta, 3000)).toBe('about 40 s left');
  });

  it('counts down like a clock between calls and at a steady pace', () => {
    const steady = Array.from({ length: 38 }, (_, index) => [3000 + 1000 * index, 3 + index] as const);
    for (const eta of replay(steady, 43)) expect(eta.finishMs).toBeCloseTo(43_000, 6);
  });

  it('follows a pace that has become half as fast slowly', () => {
    const etas = replay([[10_000, 10], [10_120, 10], [20_000, 15], [40_000, 25], [60_000, 35]], 40); // biome-ignore format: five moments
    const left = etas.map((eta) => etaText(eta, eta.atMs));
    expect(left).toEqual([
      'about 30 s left',
      'about 30 s left',
      'about 30 s left',
      'about 25 s left',
      'about 9 s left',
    ]);
  });

  it('moves by no more than a twentieth of the difference between two frames, and never into the past', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 200 });
    fc.assert(
      fc.property(steps, (calls) => {
        const total = 3 + calls.reduce((sum, count) => sum + count, 0);
        let eta = startEta(0);
        let done = 3;
        eta = advanceEta(eta, { nowMs: 30_000, done, left: total - done + 100 });
        calls.forEach((count, index) => {
          const nowMs = 30_000 + 120 * (index + 1);
          done += count;
          const before = eta.finishMs ?? Number.NaN;
          eta = advanceEta(eta, { nowMs, done, left: total - done + 100 });
          const target = nowMs + (nowMs / done) * (total - done + 100);
          const moved = Math.abs((eta.finishMs ?? Number.NaN) - before);
          expect(moved).toBeLessThanOrEqual(Math.abs(target - before) * 0.05 + 1e-6);
          expect(eta.finishMs).toBeGreaterThan(nowMs);
        });
      }),
      { seed: 11, numRuns: 100 },
    );
  });

  it.each([
    [2.9, 'a few seconds left'],
    [3, 'about 3 s left'],
    [11.4, 'about 11 s left'],
    [19.4, 'about 19 s left'],
    [20, 'about 20 s left'],
    [22.4, 'about 20 s left'],
    [22.6, 'about 25 s left'],
    [41, 'about 40 s left'],
    [57.4, 'about 55 s left'],
    [87.9, 'about 90 s left'],
    [88, 'about 1 min left'],
    [91, 'about 2 min left'],
    [5369, 'about 89 min left'],
    [5371, 'about 1.5 h left'],
  ])('%d s are said as coarsely as they are known: %s', (seconds, said) => {
    expect(etaText({ sinceMs: 0, atMs: 0, finishMs: seconds * 1000 }, 0)).toBe(said);
  });

  it('is said coarsely', () => {
    const said = [0, 7000, 33_000, 100_000, 700_000, 7_000_000].map((finishMs) =>
      etaText({ sinceMs: 0, atMs: 0, finishMs }, 0),
    );
    expect(said).toEqual([
      'a few seconds left',
      'about 7 s left',
      'about 35 s left',
      'about 2 min left',
      'about 12 min left',
      'about 1.9 h left',
    ]);
  });
});
