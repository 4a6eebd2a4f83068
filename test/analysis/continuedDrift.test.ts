import { describe, expect, it } from 'vitest';
import { continuedDrift, type TwoParts } from '../../src/analysis/continuedDrift.ts';
import type { Measurement } from '../../src/model/measurement.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { normalDraw } from '../normalDraw.ts';

const payloads = [{ name: 'payload', weight: 1 }];

/** Six configurations with ten warm calls before and ten after, two environments each; environments differ by 3 %. */
function parts(seed: number, slower: number): readonly TwoParts[] {
  const random = seededRandom(seed);
  const normal = () => normalDraw(random);
  const calls = (part: string, factor: number): Measurement[] =>
    ['0', '1'].flatMap((name) => {
      const environment = `${part} ${name}`;
      const host = Math.exp(0.03 * normal());
      return Array.from({ length: 5 }, (_, index): Measurement => {
        const durationMs = 100 * factor * host * Math.exp(0.1 * normal());
        return {
          requestId: `${environment} ${index}`,
          startedAt: '2026-11-26T10:00:00.000Z',
          environment,
          start: 'warm',
          outcome: 'succeeded',
          durationMs,
          billedDurationMs: Math.ceil(durationMs),
          maxMemoryUsedMb: 70,
          costUsd: durationMs * 1e-9,
        };
      });
    });
  return Array.from({ length: 6 }, () => ({ earlier: calls('a', 1), later: calls('b', slower) }));
}

const told = (slower: number) =>
  Array.from({ length: 200 }, (_, seed) => continuedDrift(parts(seed, slower), payloads, false).length).filter(Boolean)
    .length / 200;

describe('a change between two parts of a run', () => {
  it('is not seen where there is none', () => {
    expect(told(1)).toBeLessThanOrEqual(0.015);
  });

  it('is seen from a fifth on, with its size and direction', () => {
    expect(told(1.2)).toBeGreaterThanOrEqual(0.95);
    expect(told(1 / 1.2)).toBeGreaterThanOrEqual(0.95);
    const [warning] = continuedDrift(parts(1, 1.3), payloads, false);
    expect(warning).toMatchObject({
      code: 'continuedDrift',
      text: expect.stringMatching(/^Calls take (2[6-9]|3[0-4]) % longer/),
    });
  });

  it('is not looked for where one part has hardly anything', () => {
    const [first] = parts(1, 2);
    const short = { earlier: first?.earlier.slice(0, 2) ?? [], later: first?.later ?? [] };
    expect(continuedDrift([short], payloads, false)).toEqual([]);
    expect(continuedDrift([], payloads, false)).toEqual([]);
  });
});
