import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TuneError } from '../../../src/base/errors.ts';
import { formatPointer, parsePointer } from '../../../src/migrate/responses/jsonPointer.ts';
import { compareResponses } from '../../../src/migrate/responses/responses.ts';
import { smokeRow } from '../../../src/migrate/responses/smoke.ts';
import { smokeRows } from '../../../src/migrate/responses/smokeRows.ts';
import type { Measurement } from '../../../src/model/measurement.ts';
import type { TuningResult } from '../../../src/model/run.ts';

const compare = (one: unknown, other: unknown, ...ignore: string[]) =>
  compareResponses(JSON.stringify(one), JSON.stringify(other), ignore.map(parsePointer));

describe('JSON pointers', () => {
  it('are read as RFC 6901 says', () => {
    expect(parsePointer('/a~1b/m~0n/0/')).toEqual(['a/b', 'm~n', '0', '']);
    expect(parsePointer('/~01')).toEqual(['~1']);
    expect(formatPointer(['a/b', 'm~n', '0'])).toBe('/a~1b/m~0n/0');
  });

  it.each(['', 'a', '#/a', '/a~2', '/~'])('refuses %j', (text) => {
    expect(() => parsePointer(text)).toThrow(TuneError);
  });

  it('are the same after writing and reading', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (path) => {
        expect(parsePointer(formatPointer(path))).toEqual(path);
      }),
      { seed: 13 },
    );
  });
});

describe('comparing responses', () => {
  it('takes order of keys and white space for the same', () => {
    expect(compareResponses('{"a":1,"b":[1,2]}', '{ "b": [1, 2], "a": 1 }')).toEqual({ kind: 'equal' });
    expect(compareResponses('plain text', 'plain text')).toEqual({ kind: 'equal' });
    expect(compareResponses('1', '1.0')).toEqual({ kind: 'equal' });
    expect(compareResponses('-0', '0')).toEqual({ kind: 'equal' });
  });

  it('names the place of each difference', () => {
    expect(compare({ a: { 'b/c': [1, 2] }, d: true, e: 1 }, { a: { 'b/c': [1, 3] }, e: 1, f: null })).toEqual({
      kind: 'different',
      differences: [
        { pointer: '/a/b~1c/1', x86_64: '2', arm64: '3', looksVolatile: false },
        { pointer: '/d', x86_64: 'true', looksVolatile: false },
        { pointer: '/f', arm64: 'null', looksVolatile: false },
      ],
      differencesLeftOut: 0,
    });
  });

  it('leaves out what is to be ignored, and says which pointers it took', () => {
    const one = { id: 1, items: [{ at: 1 }, { at: 2 }] };
    const other = { id: 2, items: [{ at: 1 }, { at: 9 }] };
    expect(compare(one, other, '/id', '/items/1/at', '/unused')).toEqual({
      kind: 'equalIgnoring',
      ignored: ['/id', '/items/1/at'],
    });
    expect(compare(one, other, '/id').kind).toBe('different');
    expect(compare({ id: 1 }, {}, '/id').kind).toBe('equalIgnoring');
    expect(compare({ a: 1 }, { a: 1 }, '/a').kind).toBe('equal');
  });

  it('does not shift indexes when elements are ignored', () => {
    expect(compare([1, 2, 3], [9, 8, 3], '/0', '/1')).toEqual({ kind: 'equalIgnoring', ignored: ['/0', '/1'] });
  });

  it('looks into JSON in a string, as HTTP handlers answer', () => {
    const answer = (body: unknown) => ({ statusCode: 200, body: JSON.stringify(body) });
    expect(compare(answer({ a: 1, id: 'x' }), answer({ id: 'y', a: 1 }), '/body/id')).toEqual({
      kind: 'equalIgnoring',
      ignored: ['/body/id'],
    });
    expect(compare(answer({ a: 1 }), answer({ a: 2 }))).toMatchObject({ differences: [{ pointer: '/body/a' }] });
    expect(compare({ body: 'one' }, { body: 'two' })).toMatchObject({ differences: [{ pointer: '/body' }] });
  });

  it('tells large whole numbers apart digit by digit, and from text', () => {
    expect(compareResponses('{"id":12345678901234567890}', '{"id":12345678901234567891}')).toMatchObject({
      differences: [{ pointer: '/id', x86_64: '12345678901234567890', arm64: '12345678901234567891' }],
    });
    expect(compareResponses('{"id":12345678901234567890}', '{"id":"12345678901234567890"}').kind).toBe('different');
    expect(compareResponses('["12345678901234567890 \\" 1"]', '[ "12345678901234567890 \\" 1"]').kind).toBe('equal');
  });

  it('compares what is no JSON as text, shortened to where it begins to differ', () => {
    const long = 'x'.repeat(500);
    expect(compareResponses(`${long}A${long}`, `${long}B${long}`)).toEqual({
      kind: 'different',
      differences: [
        {
          pointer: '',
          x86_64: `…${'x'.repeat(30)}A${'x'.repeat(89)}…`,
          arm64: `…${'x'.repeat(30)}B${'x'.repeat(89)}…`,
          looksVolatile: false,
        },
      ],
      differencesLeftOut: 0,
    });
  });

  it('bounds the list of differences', () => {
    const numbers = Array.from({ length: 100 }, (_, index) => index);
    expect(
      compare(
        numbers,
        numbers.map((number) => number + 1),
      ),
    ).toMatchObject({ differencesLeftOut: 90 });
  });

  it.each([
    ['5f0c1b2e-1111-4222-8333-444455556666', 'a3c1b2e0-9999-4222-8333-444455556666'],
    ['2026-11-23T10:00:00.123Z', '2026-11-23T10:00:01Z'],
    [1_763_000_000_123, 1_763_000_001_456],
  ])('says that %j looks volatile', (one, other) => {
    expect(compare({ at: one }, { at: other })).toMatchObject({
      differences: [{ pointer: '/at', looksVolatile: true }],
    });
  });

  it('survives deep, wide and odd documents', () => {
    const deep = (core: string) => `${'['.repeat(100_000)}${core}${']'.repeat(100_000)}`;
    expect(compareResponses(deep('1'), deep('2')).kind).toBe('different');
    expect(compare({ __proto__: { a: 1 }, constructor: 1 }, { constructor: 1 }).kind).toBe('equal');
    expect(compareResponses('{"__proto__":1}', '{"__proto__":2}')).toMatchObject({
      differences: [{ pointer: '/__proto__' }],
    });
  });

  it('finds any document equal to itself, and any other scalar different', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(compareResponses(text, ` ${text}`).kind).toBe('equal');
        expect(compare({ value }, { value: 'something else' }).kind).toBe(
          value === 'something else' ? 'equal' : 'different',
        );
      }),
      { seed: 13, numRuns: 300 },
    );
  });
});

describe('smoke calls', () => {
  const base = { requestId: '1', startedAt: '2026-11-23T10:00:00.000Z', environment: 'e', start: 'cold' } as const;
  const reported = { durationMs: 1, billedDurationMs: 1, maxMemoryUsedMb: 1, costUsd: 1 };
  const answered: Measurement = { ...base, outcome: 'succeeded', ...reported };
  const failed: Measurement = {
    ...base,
    outcome: 'functionError',
    errorType: 'Runtime.InvalidEntrypoint',
    ...reported,
  };

  it('compares two answers, and shows the error that only one has', () => {
    const good = { measurement: answered, responseBody: '{"a":1}' };
    const bad = { measurement: failed, responseBody: '{"errorType":"x"}' };
    expect(smokeRow({ x86_64: good, arm64: good }, [], 'small')).toEqual({
      payload: 'small',
      response: { kind: 'equal' },
      errors: {},
    });
    const row = smokeRow({ x86_64: good, arm64: bad }, []);
    expect(row).toEqual({ errors: { arm64: { outcome: 'functionError', errorType: 'Runtime.InvalidEntrypoint' } } });
  });
});

describe('the answers to JSON Lines', () => {
  it('are compared line by line, whichever came first', () => {
    const call = (payload: string, requestId: string) => ({ payload, requestId, outcome: 'succeeded' }) as Measurement;
    const run = {
      options: { payloads: [{ name: 'payload', lines: 2 }] },
      configurations: [
        { memoryMb: 512, architecture: 'x86_64', measurements: [call('line 1', 'a'), call('line 2', 'b')] },
        { memoryMb: 512, architecture: 'arm64', measurements: [call('line 2', 'c'), call('line 1', 'd')] },
      ],
    } as unknown as TuningResult;
    const bodies: Readonly<Record<string, string>> = { a: '1', b: '2', c: '2', d: '1' };
    const kept = {
      answerOf: (requestId: string) => ({ body: bodies[requestId] ?? '', sent: '' }),
      redacted: (text: string) => text,
    };
    const rows = smokeRows(run, 512, kept, []);
    expect(rows.map(({ payload, response }) => [payload, response?.kind])).toEqual([
      ['line 1', 'equal'],
      ['line 2', 'equal'],
    ]);
  });
});
