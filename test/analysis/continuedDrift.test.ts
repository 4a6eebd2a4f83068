import { describe, expect, it } from 'vitest';
import { continuedDrift, type TwoParts } from '../../src/analysis/continuedDrift.ts';
import { awsHosts } from '../../src/analysis/hosts.ts';
import type { Architecture } from '../../src/model/configuration.ts';
import type { Measurement } from '../../src/model/measurement.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { normalDraw } from '../normalDraw.ts';

const payloads = [{ name: 'payload', weight: 1 }];

/** Six configurations with ten warm calls before and ten after, two environments each; environments differ by `hosts`. */
function parts(seed: number, slower: number, architecture: Architecture = 'x86_64', hosts = 0.03): readonly TwoParts[] {
  const random = seededRandom(seed);
  const normal = () => normalDraw(random);
  const calls = (part: string, factor: number): Measurement[] =>
    ['0', '1'].flatMap((name) => {
      const environment = `${part} ${name}`;
      const host = Math.exp(hosts * normal());
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
  return Array.from({ length: 6 }, () => ({ architecture, earlier: calls('a', 1), later: calls('b', slower) }));
}

const told = (slower: number, architecture?: Architecture, hosts?: number) =>
  Array.from({ length: 200 }, (_, seed) => seed).filter(
    (seed) => continuedDrift(parts(seed, slower, architecture, hosts), payloads, awsHosts).length > 0,
  ).length / 200;

describe('a change between two parts of a run', () => {
  it('is not seen where there is none', () => {
    expect(told(1)).toBeLessThanOrEqual(0.015);
  });

  it('is not seen in hosts of arm64 that differ as those do', () => {
    expect(told(1, 'arm64', 0.09)).toBeLessThanOrEqual(0.015);
  });

  it('is seen from a fifth on, with its size and direction', () => {
    expect(told(1.2)).toBeGreaterThanOrEqual(0.95);
    expect(told(1 / 1.2)).toBeGreaterThanOrEqual(0.95);
    const [warning] = continuedDrift(parts(1, 1.3), payloads, awsHosts);
    expect(warning).toMatchObject({
      code: 'continuedDrift',
      text: expect.stringMatching(/^Calls take (2[6-9]|3[0-4]) % longer/),
    });
  });

  it('is not looked for where one part has hardly anything', () => {
    const [first] = parts(1, 2);
    const short: TwoParts = {
      architecture: 'x86_64',
      earlier: first?.earlier.slice(0, 2) ?? [],
      later: first?.later ?? [],
    };
    expect(continuedDrift([short], payloads, awsHosts)).toEqual([]);
    expect(continuedDrift([], payloads, awsHosts)).toEqual([]);
  });
});
