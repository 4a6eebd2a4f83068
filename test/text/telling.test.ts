import { expect, it } from 'vitest';
import { telling } from '../../src/text/telling.ts';

it('a warning names six of what it concerns and counts the others; where it concerns nothing there is none', () => {
  const sizes = ['128', '256', '512', '1024', '1769', '3008', '10240', '4096'];
  expect(telling('oneSample', sizes, (names) => `One call at ${names}.`)).toEqual({
    code: 'oneSample',
    text: 'One call at 128, 256, 512, 1024, 1769, 3008 and 2 more.',
  });
  expect(telling('oneSample', [], (names) => `One call at ${names}.`)).toBeUndefined();
});
