import { describe, expect, it } from 'vitest';
import { sharedCap } from '../../src/check/sharedCap.ts';

describe('one cap for several functions', () => {
  it('is shared out to its last cent over those that are measured', () => {
    expect(sharedCap(1, [undefined, undefined, undefined, undefined])).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('gives to the others what a lower cap of its own keeps one from spending', () => {
    expect(sharedCap(1, [0.1, undefined, 1])).toEqual([0.1, 0.45, 0.45]);
    expect(sharedCap(1, [0.1, 0.2])).toEqual([0.1, 0.2]);
  });

  it('leaves the caps of the functions where there is none for all', () => {
    expect(sharedCap(undefined, [0.1, undefined])).toEqual([0.1, undefined]);
  });
});
