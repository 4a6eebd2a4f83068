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
  ['{ $.type = "platform.report" }', '{"type":"platform.report"}', true],
  ['{ $.type = "platform.report" }', 'REPORT RequestId: no JSON', false],
  [
    '{ $.record.metrics.durationMs >= 100 && $.type = platform.* }',
    '{"type":"platform.report","record":{"metrics":{"durationMs":100}}}',
    true,
  ],
  ['{ ($.a = 1 || $.b[1] < 2.5) && $.level != "INFO" }', '{"b":[0,2],"level":"ERROR"}', true],
  ['{ ($.a = 1 || $.b[1] < 2.5) && $.level != "INFO" }', '{"a":1}', false],
  ['{ $.a = 1 }', '{"a":"1"}', false],
  ['{ $.["a b"] IS TRUE }', '{"a b":true}', undefined],
  ['{ $["a b"] IS TRUE }', '{"a b":true}', true],
  ['{ $.a NOT EXISTS }', '{"b":null}', true],
  ['{ $.b IS NULL }', '{"b":null}', true],
])('%j on %j → %s', (pattern, message, matches) => {
  expect(parseFilterPattern(pattern)?.(message)).toBe(matches);
});

it.each(['{ $.a = 1', '{ $.a = }', '{ a = 1 }', '{ $.a < b }', '{ ($.a = 1 }', '[a, b]', '"open'])(
  'does not understand %j',
  (pattern) => {
    expect(parseFilterPattern(pattern)).toBeUndefined();
  },
);
