import { expect, it } from 'vitest';
import { parseFilterPattern } from '../../../src/local/logs-api/filterPattern.ts';

it.each([
  ['', 'anything', true],
  ['"id-1"', 'REPORT RequestId: id-1\tDuration', true],
  ['"id-1"', 'REPORT RequestId: id-2', false],
  ['?"REPORT RequestId" ?"platform.report"', '{"type":"platform.report"}', true],
  ['?"REPORT RequestId" ?"platform.report"', 'START RequestId: x', false],
  ['ERROR -timeout', 'ERROR: boom', true],
  ['ERROR -timeout', 'ERROR: timeout', false],
  ['one two', 'two and one', true],
  ['one two', 'one only', false],
  ['"a \\"quoted\\" word"', 'has a "quoted" word', true],
])('%j on %j → %s', (pattern, message, matches) => {
  expect(parseFilterPattern(pattern)?.(message)).toBe(matches);
});

it.each(['{ $.a = 1 }', '[a, b]', '"open'])('does not understand %j', (pattern) => {
  expect(parseFilterPattern(pattern)).toBeUndefined();
});
