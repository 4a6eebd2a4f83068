import { expect, it } from 'vitest';
import { autoRungs, rungsBetween } from '../../src/search/rungs.ts';

it('the rungs of a range are its ends and what lies between, each once', () => {
  expect(rungsBetween(256, 3008)).toEqual([256, 512, 1024, 1769, 3008]);
  expect(rungsBetween(200, 600)).toEqual([200, 256, 512, 600]);
  expect(rungsBetween(512, 512)).toEqual([512]);
});

it('the whole ladder holds one whole vCPU and the limit of new accounts', () => {
  expect(autoRungs).toEqual([128, 256, 512, 1024, 1769, 3008, 4096, 6144, 8192, 10_240]);
});
