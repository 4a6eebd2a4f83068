import { describe, expect, it } from 'vitest';
import { hookFunctions, isTypedHook, parseHook, payloadAfterHook } from '../../src/plan/hooks.ts';

describe('a hook', () => {
  it.each([
    ['prepare', { kind: 'function', named: 'prepare' }],
    ['prepare:live', { kind: 'function', named: 'prepare:live' }],
    ['lambda:cmd', { kind: 'function', named: 'cmd' }],
    [
      'arn:aws:lambda:eu-west-1:123456789012:function:prepare:$LATEST',
      { kind: 'function', named: 'arn:aws:lambda:eu-west-1:123456789012:function:prepare:$LATEST' },
    ],
    ['./prepare.sh --fast', { kind: 'command', line: './prepare.sh --fast' }],
    ['../prepare', { kind: 'command', line: '../prepare' }],
    ['/opt/prepare', { kind: 'command', line: '/opt/prepare' }],
    ['cmd:jq .a', { kind: 'command', line: 'jq .a' }],
  ])('%s is %j', (text, request) => {
    expect(parseHook(text, '--before')).toEqual(request);
  });

  it.each(['', 'cmd:', 'lambda: ', 'jq .a', 'prepare.sh'])('"%s" is refused', (text) => {
    expect(() => parseHook(text, '--before')).toThrowError(expect.objectContaining({ code: 'USAGE' }));
  });

  it('with arguments is nothing that a file may hold', () => {
    expect([isTypedHook('./a.sh --token x'), isTypedHook('./a.sh'), isTypedHook('prepare')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('that is a function needs to be allowed', () => {
    expect(hookFunctions({ before: 'prepare', after: './a.sh', afterRun: 'lambda:tidy' })).toEqual(['prepare', 'tidy']);
  });
});

describe('the payload after a hook', () => {
  it.each([
    ['', '{"a":1}'],
    [' \n', '{"a":1}'],
    ['null', '{"a":1}'],
    ['{"b": 2}\n', '{"b": 2}'],
    ['0', '0'],
    ['not json', undefined],
  ])('that answers %j is %j', (output, body) => {
    expect(payloadAfterHook(output, '{"a":1}')).toBe(body);
  });
});
