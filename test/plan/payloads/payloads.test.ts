import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Payload } from '../../../src/model/payload.ts';
import { parsePayloadFolder } from '../../../src/plan/payloads/folder.ts';
import { parsePayload, parsePayloadLines, parsePiped } from '../../../src/plan/payloads/payload.ts';
import { payloadSequence } from '../../../src/plan/payloads/sequence.ts';
import { fillTemplate } from '../../../src/plan/payloads/template.ts';
import { parsePayloadList, weightedLookalike } from '../../../src/plan/payloads/weightedList.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const refusal = (message: string) => expect.objectContaining({ code: 'PAYLOAD', message });

describe('what is piped', () => {
  const { body: _body, ...piped } = { body: '', name: 'payload', weight: 1 };

  it('is JSON, however many lines it takes', () => {
    const body = '{\n  "id": 1\n}\n';
    expect(parsePiped(bytes(body), 'standard input')).toEqual({ ...piped, body });
  });

  it('is JSON Lines where every line is an event', () => {
    expect(parsePiped(bytes('{"n":1}\n{"n":2}\n'), 'standard input')).toEqual({
      ...piped,
      body: '{"n":1}',
      lines: ['{"n":1}', '{"n":2}'],
    });
  });

  it('is refused as JSON where it is neither', () => {
    expect(() => parsePiped(bytes('{"n":1}\n{oops'), 'standard input')).toThrowError(
      refusal('standard input is not valid JSON.'),
    );
  });
});

describe('a list of payloads in lines', () => {
  it('has one entry a line, drawn by weight', () => {
    const text = '{"payload":{"n":1},"weight":3,"name":"small"}\n\n{"payload":{"n":2},"weight":1}\n';
    const list = parsePayloadList(bytes(text), 'events.jsonl');
    expect(list).toEqual([
      { name: 'small', body: '{"n":1}', weight: 3 },
      { name: 'payload 2', body: '{"n":2}', weight: 1 },
    ]);
    const sequence = payloadSequence(list);
    const sent = Array.from({ length: 8 }, (_, n) => sequence(n).name);
    expect(sent.filter((name) => name === 'small')).toHaveLength(6);
  });

  it('is read from a pipe, too', () => {
    const text = '{"payload":1,"weight":1}\n{"payload":2,"weight":2}\n';
    expect(parsePayloadList(bytes(text), 'standard input').map(({ weight }) => weight)).toEqual([1, 2]);
  });

  it('names the line that is no entry', () => {
    expect(() => parsePayloadList(bytes('{"payload":1,"weight":1}\n{"weight":1}\n'), 'a.jsonl')).toThrowError(
      refusal('a.jsonl: entry 2, payload must be there.'),
    );
    expect(() => parsePayloadList(bytes('{"payload":1,"weight":1}\n{oops\n'), 'a.jsonl')).toThrowError(
      refusal('line 2 of a.jsonl is not valid JSON.'),
    );
  });
});

describe('a payload that looks like a weighted list', () => {
  const list = '[{"payload":{"id":1},"weight":5},{"payload":{"id":2},"weight":15}]';

  it('is sent as it is, and the note says how it would be one', () => {
    expect(weightedLookalike([parsePayload(bytes(list), '--payload')])).toEqual({
      code: 'weightedPayload',
      text: 'The payload looks like a list of payloads with weights, and is sent as written. To send the payloads by their weights, give the list to --payloads.',
    });
    const lines = parsePayloadLines(bytes('{"payload":1,"weight":2}\n{"payload":2,"weight":1}\n'), 'a.jsonl');
    expect(weightedLookalike([lines])?.text).toContain('The lines look like a list of payloads with weights, and are');
  });

  it.each(['{}', '[]', '[1,2]', '[{"payload":1}]', '[{"payload":1,"weight":2,"id":3}]', '{"payload":1,"weight":2}'])(
    'is not %s',
    (text) => {
      expect(weightedLookalike([parsePayload(bytes(text), '--payload')])).toBeUndefined();
    },
  );
});

describe('parsePayload', () => {
  it('sends the text as it is written', () => {
    expect(parsePayload(bytes(' {"id": 12345678901234567890} '), 'event.json')).toEqual({
      name: 'payload',
      body: ' {"id": 12345678901234567890} ',
      weight: 1,
    });
    expect(parsePayload(bytes('[1, 2]'), '-').body).toBe('[1, 2]');
  });

  it('drops a byte order mark', () => {
    expect(parsePayload(new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d]), 'event.json').body).toBe('{}');
  });

  it('takes 6 MB and not a byte more', () => {
    expect(parsePayload(bytes(`"${'x'.repeat(6_291_454)}"`), 'big.json').body).toHaveLength(6_291_456);
    expect(() => parsePayload(bytes(`"${'x'.repeat(6_291_455)}"`), 'big.json')).toThrowError(
      refusal('big.json is 6291457 bytes long; Lambda takes at most 6291456.'),
    );
    expect(() => parsePayload(bytes(`"${'é'.repeat(3_145_728)}"`), 'big.json')).toThrowError(
      refusal('big.json is 6291458 bytes long; Lambda takes at most 6291456.'),
    );
  });

  it.each([
    ['', 'event.json is empty.'],
    [' \n', 'event.json is empty.'],
    ['hello', 'event.json is not valid JSON.'],
    ["{'a': 1}", 'event.json is not valid JSON.'],
    ['{"n": {{n}}}', 'event.json is not valid JSON.'],
  ])('refuses "%s" without quoting it', (text, message) => {
    expect(() => parsePayload(bytes(text), 'event.json')).toThrowError(refusal(message));
  });

  it('refuses what is not UTF-8', () => {
    expect(() => parsePayload(new Uint8Array([0x22, 0xff, 0x22]), 'event.json')).toThrowError(
      refusal('event.json is not UTF-8 text.'),
    );
  });

  it('judges a template as it will be sent', () => {
    expect(parsePayload(bytes('{"n": {{n}}, "id": "{{uuid}}"}'), 'event.json', true).body).toContain('{{n}}');
    expect(() => parsePayload(bytes('{"id": {{uuid}}}'), 'event.json', true)).toThrowError(
      refusal('event.json is not valid JSON.'),
    );
  });
});

describe('parsePayloadList', () => {
  it('reads payloads of any JSON type with weights and names', () => {
    const list = '[{"payload": {"__proto__": 1}, "weight": 3, "name": "small"}, {"payload": null, "weight": 0.5}]';
    expect(parsePayloadList(bytes(list), 'list.json')).toEqual([
      { name: 'small', body: '{"__proto__":1}', weight: 3 },
      { name: 'payload 2', body: 'null', weight: 0.5 },
    ]);
  });

  it.each([
    ['[]', 'list.json: it must hold at least one payload.'],
    ['[{"payload": {}, "weight": 0}]', 'list.json: entry 1, weight must be above 0.'],
    ['[{"payload": {}, "weight": 1}, {"payload": {}, "weight": -1}]', 'list.json: entry 2, weight must be above 0.'],
    ['[{"payload": {}, "weight": "2"}]', 'list.json: entry 1, weight must be a number above 0.'],
    ['[{"payload": {}}]', 'list.json: entry 1, weight must be a number above 0.'],
    ['[{"weight": 1}]', 'list.json: entry 1, payload must be there.'],
    [
      '[{"payload": 1, "weight": 1, "name": "a"}, {"payload": 2, "weight": 1, "name": "a"}]',
      'list.json has two payloads named "a".',
    ],
    [
      '[{"payload": {"id": 12345678901234567890}, "weight": 1}]',
      '"payload 1" of list.json holds the number 12345678901234567000, which cannot be sent exactly.',
    ],
    [
      '[{"payload": 1e400, "weight": 1}]',
      '"payload 1" of list.json holds the number Infinity, which cannot be sent exactly.',
    ],
    ['{', 'list.json is not valid JSON.'],
    ['', 'list.json is empty.'],
  ])('refuses %s', (list, message) => {
    expect(() => parsePayloadList(bytes(list), 'list.json')).toThrowError(refusal(message));
  });

  it.each([
    '{"payload": {}, "weight": 1}',
    '[{"payload": {}, "weight": 1, "wieght": 2}]',
    '[{"payload": {}, "weight": 1, "name": "a\\u0007"}]',
  ])('refuses %s with an example', (list) => {
    expect(() => parsePayloadList(bytes(list), 'list.json')).toThrowError(
      expect.objectContaining({ code: 'PAYLOAD', hint: expect.stringContaining('"weight": 3') }),
    );
  });

  it('refuses a payload that is nested too deeply to be written again', () => {
    const list = `[{"payload": ${'['.repeat(200_000)}${']'.repeat(200_000)}, "weight": 1}]`;
    expect(() => parsePayloadList(bytes(list), 'list.json')).toThrowError(
      refusal('"payload 1" of list.json is nested too deeply.'),
    );
  });
});

describe('fillTemplate', () => {
  it('replaces every occurrence, and nothing else', () => {
    expect(fillTemplate('{"a":"{{uuid}}","b":"{{uuid}}","n":{{n}},"x":"{{other}}"}', { uuid: '0b5e-$&', n: 7 })).toBe(
      '{"a":"0b5e-$&","b":"0b5e-$&","n":7,"x":"{{other}}"}',
    );
  });
});

describe('payloadSequence', () => {
  const named = (weights: readonly number[]): Payload[] =>
    weights.map((weight, index) => ({ name: `p${index}`, body: '{}', weight }));
  const names = (weights: readonly number[], count: number) => {
    const sequence = payloadSequence(named(weights));
    return Array.from({ length: count }, (_, n) => sequence(n).name).join(' ');
  };

  it('sends each once, the weightiest first, and then by weight, the same every time', () => {
    expect(names([1], 3)).toBe('p0 p0 p0');
    expect(names([1, 1], 4)).toBe('p0 p1 p0 p1');
    expect(names([3, 1], 8)).toBe('p0 p1 p0 p0 p0 p0 p1 p0');
    expect(names([1, 8, 1], 10)).toBe('p1 p0 p2 p1 p1 p1 p1 p1 p1 p1');
    expect(names([1, 999], 4)).toBe('p1 p0 p1 p1');
  });

  it('answers in any order of asking', () => {
    const sequence = payloadSequence(named([3, 1]));
    expect([sequence(6).name, sequence(0).name, sequence(2).name]).toEqual(['p1', 'p0', 'p0']);
  });

  it('is never a whole call away from the weights once even the lightest has earned its call, whatever they are', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(weights, (given) => {
        const total = given.reduce((sum, weight) => sum + weight, 0);
        const sequence = payloadSequence(named(given));
        const sent = new Map<string, number>();
        const earnedAt = total / Math.min(...given);
        for (let n = 1; n <= 150; n += 1) {
          const { name } = sequence(n - 1);
          sent.set(name, (sent.get(name) ?? 0) + 1);
          if (n === given.length) expect(sent.size).toBe(given.length);
          if (n < earnedAt) continue;
          given.forEach((weight, index) => {
            expect(Math.abs((sent.get(`p${index}`) ?? 0) - (n * weight) / total)).toBeLessThan(1);
          });
        }
      }),
      { numRuns: 100, seed: 4 },
    );
  });
});

describe('parsePayloadLines', () => {
  it('is one payload of all lines that hold something, as they are written', () => {
    expect(parsePayloadLines(bytes('{"n": 1}\r\n\n[2]\n'), 'events.jsonl')).toEqual({
      name: 'payload',
      body: '{"n": 1}',
      weight: 1,
      lines: ['{"n": 1}', '[2]'],
    });
  });

  it('names the line that is not JSON', () => {
    expect(() => parsePayloadLines(bytes('{}\n\n{a}\n'), 'events.jsonl')).toThrowError(
      refusal('line 3 of events.jsonl is not valid JSON.'),
    );
    expect(() => parsePayloadLines(bytes('\n \n'), 'events.jsonl')).toThrowError(refusal('events.jsonl is empty.'));
  });

  it('are sent in turn, each named by its line', () => {
    const sequence = payloadSequence([parsePayloadLines(bytes('1\n2\n3'), 'events.jsonl')]);
    expect([0, 1, 2, 3, 4].map((n) => [sequence(n).name, sequence(n).body])).toEqual([
      ['line 1', '1'],
      ['line 2', '2'],
      ['line 3', '3'],
      ['line 1', '1'],
      ['line 2', '2'],
    ]);
  });
});

describe('parsePayloadFolder', () => {
  const files = (content: Readonly<Record<string, string>>) =>
    Object.entries(content).map(([name, text]) => ({ name, bytes: bytes(text) }));

  it('names payloads by their files, weighed in the name', () => {
    expect(parsePayloadFolder(files({ 'small@3.json': '1', 'big.json': '2', 'a@b@0.5.json': '3' }), 'events')).toEqual([
      { name: 'a@b', body: '3', weight: 0.5 },
      { name: 'big', body: '2', weight: 1 },
      { name: 'small', body: '1', weight: 3 },
    ]);
  });

  it('sends what the manifest lists, with its weights', () => {
    const content = { 'manifest.json': '{"a.json": 2}', 'a.json': '1', 'b.json': '2' };
    expect(parsePayloadFolder(files(content), 'events')).toEqual([{ name: 'a', body: '1', weight: 2 }]);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['without a JSON file', { 'readme.txt': '' }, 'events holds no JSON file.'],
    ['with a weight of nothing', { 'a@0.json': '1' }, 'a@0.json of events has no weight above 0 in its name.'],
    [
      'with a weight that is a word',
      { 'a@home.json': '1' },
      'a@home.json of events has no weight above 0 in its name.',
    ],
    ['with one name twice', { 'a.json': '1', 'a@2.json': '2' }, 'events has two payloads named "a".'],
    ['with a file that is not JSON', { 'a.json': '{a' }, 'a.json of events is not valid JSON.'],
    [
      'with a manifest of a missing file',
      { 'manifest.json': '{"x.json":1}', 'a.json': '1' },
      'manifest.json of events names "x.json", which is not there.',
    ],
    [
      'with a manifest of a weight of nothing',
      { 'manifest.json': '{"a.json":0}', 'a.json': '1' },
      'manifest.json of events: "a.json" must be above 0.',
    ],
  ])('refuses a folder %s', (_name, content, message) => {
    expect(() => parsePayloadFolder(files(content), 'events')).toThrowError(refusal(message));
  });
});
