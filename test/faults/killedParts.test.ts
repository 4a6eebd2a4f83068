import { describe, expect, it } from 'vitest';
import { killedParts } from './killedParts.ts';

/** Some of those that `npm run test:faults` plays. To see one again: npm run test:faults -- --only "<name>" */
describe('parts of a fleet that are killed at random points and started again', () => {
  it.each([1000, 1001, 1002, 1003])(
    'pay no function twice, lose none, and leave nothing (%i)',
    async (seed) => {
      expect(await killedParts(seed).run()).toMatchObject({ violations: [] });
    },
    120_000,
  );
});
