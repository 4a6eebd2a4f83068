import { describe, expect, it } from 'vitest';
import { defaultMaxInFlight } from '../../src/plan/inFlightLimit.ts';

const on = (cores: number) => ({ emulation: { architectures: ['x86_64'], cpu: 'cgroup', cores } }) as const;

describe('invocations in flight on the embedded endpoint', () => {
  it.each([
    ['all whose CPU shares fit the cores together', 2, [128, 512, 1024, 1769], 4],
    ['exactly full cores', 2, [1769, 1769], 2],
    ['the smallest ones where not all fit', 2, [3008, 1024, 2048], 2],
    ['more than cores for small sizes', 1, [128, 256, 512], 3],
    ['each environment of a configuration', 1, [512, 512, 512, 512], 3],
    ['one when even the smallest is worth more than the machine', 2, [10_240], 1],
    ['at most 32', 64, Array.from({ length: 90 }, () => 128), 32],
  ])('are %s', (_, cores, memoryMb, expected) => {
    expect(defaultMaxInFlight(on(cores), memoryMb)).toBe(expected);
  });
});

describe('invocations in flight on AWS, where production shares the pool', () => {
  it.each([
    ['a twentieth of what is unreserved', { unreservedConcurrency: 600 }, 30],
    ['a twentieth, whole ones', { unreservedConcurrency: 359 }, 17],
    ['one where a twentieth is less than one', { unreservedConcurrency: 10 }, 1],
    ['at most 32', { unreservedConcurrency: 1000 }, 32],
    ['at most what the function reserves', { unreservedConcurrency: 600, reservedConcurrency: 4 }, 4],
    ['five where the account may not be read', {}, 5],
  ])('are %s', (_, facts, expected) => {
    expect(defaultMaxInFlight(facts, [])).toBe(expected);
  });
});
