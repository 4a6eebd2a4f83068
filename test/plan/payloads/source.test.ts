import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sensitiveValues } from '../../../src/plan/payloads/personalData.ts';
import { parsePayloadSource } from '../../../src/plan/payloads/source.ts';
import { payloadOfTestEvent } from '../../../src/plan/payloads/testEvents.ts';
import { parseSample, sampleBody, sampleNames } from '../../../src/plan/samples/sampleEvents.ts';

describe('--payload', () => {
  it.each([
    ['-', { kind: 'stdin' }],
    ['{"a":1}', { kind: 'typed', text: '{"a":1}' }],
    ['"s3://bucket/key"', { kind: 'typed', text: '"s3://bucket/key"' }],
    ['event.json', { kind: 'path', path: 'event.json' }],
    ['./sample', { kind: 'path', path: './sample' }],
    ['test-event:my event', { kind: 'testEvent', name: 'my event' }],
    ['s3://my-bucket/a/b.json', { kind: 'object', bucket: 'my-bucket', key: 'a/b.json' }],
    ['sample:sqs*10', { kind: 'sample', sample: { name: 'sqs', records: 10 } }],
  ])('%s is %j', (text, source) => {
    expect(parsePayloadSource(text)).toEqual(source);
  });

  it.each([
    ['s3://bucket', 's3://bucket names no object in a bucket.'],
    ['test-event:', '--payload test-event: names no test event.'],
    ['sample:kafka', 'There is no sample event "kafka".'],
    ['sample:sqs*0', 'A batch of sqs holds 1 to 10000 records.'],
    ['sample:sqs*', 'A batch of sqs holds 1 to 10000 records.'],
    ['sample:sqs*ten', 'A batch of sqs holds 1 to 10000 records.'],
    ['sample:sns*2', 'An event of sns holds one record: there are no batches of it.'],
  ])('%s is refused', (text, message) => {
    expect(() => parsePayloadSource(text)).toThrowError(expect.objectContaining({ code: 'USAGE', message }));
  });
});

describe('sample events', () => {
  const page = readFileSync(fileURLToPath(new URL('../../../docs/payloads.md', import.meta.url)), 'utf8');
  const bytes = (text: string) => Buffer.byteLength(sampleBody(parseSample(text))).toLocaleString('en-US');

  it.each(sampleNames)('%s is as large as docs/payloads.md says, alone and as a batch', (name) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`sample:${name}\` |`)) ?? '';
    const [, , alone = '', ten = ''] = row.split('|').map((cell) => cell.trim());
    expect([alone, ten]).toEqual([bytes(name), ten === '' ? '' : bytes(`${name}*10`)]);
  });

  it.each(sampleNames)('%s holds nobody’s data', (name) => {
    // Every cookie is named, and that of the sample is `sample=1`.
    const cookies = name === 'apigw-v2' ? [{ pointer: '/cookies/0', kind: 'secret by its name' }] : [];
    expect(sensitiveValues(sampleBody({ name, records: 1 }))).toEqual(cookies);
  });

  it('of a batch differ in their ids', () => {
    const ids = (name: 'sqs' | 'kinesis' | 'dynamodb', key: string) =>
      new Set(JSON.parse(sampleBody({ name, records: 100 })).Records.map((one: Record<string, string>) => one[key]));
    expect([ids('sqs', 'messageId').size, ids('kinesis', 'eventID').size, ids('dynamodb', 'eventID').size]).toEqual([
      100, 100, 100,
    ]);
  });
});

describe('a shared test event', () => {
  const document = (examples: object) => JSON.stringify({ openapi: '3.0.0', components: { examples } });

  it('is the value of its example', () => {
    const content = document({ checkout: { value: { id: 1 } } });
    expect(payloadOfTestEvent(content, 'checkout', 'orders', false)).toEqual({
      name: 'payload',
      body: '{"id":1}',
      weight: 1,
    });
  });

  it('that is not there is told with those that are', () => {
    expect(() => payloadOfTestEvent(document({ a: { value: 1 } }), 'toString', 'orders', false)).toThrowError(
      expect.objectContaining({
        message: 'orders has no shared test event "toString".',
        hint: 'It has: test-event:a',
      }),
    );
  });

  it.each(['no json', '{}', '{"components":{"examples":[]}}', '{"components":{"examples":{"a":1}}}'])(
    'in a document that is not one (%s) is refused',
    (content) => {
      expect(() => payloadOfTestEvent(content, 'a', 'orders', false)).toThrowError(
        expect.objectContaining({ code: 'PAYLOAD' }),
      );
    },
  );
});
