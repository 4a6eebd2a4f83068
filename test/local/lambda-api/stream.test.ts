import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvokeCommand, InvokeWithResponseStreamCommand } from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, settled, startLab } from '../lab.ts';
import { type Running, startRunning } from '../running.ts';

type Streamed = Awaited<ReturnType<typeof readStream>>;

async function readStream(lambda: Lab['lambda'], functionName: string, event: unknown, onChunk = (_: string) => {}) {
  const answer = await lambda.send(
    new InvokeWithResponseStreamCommand({
      FunctionName: functionName,
      Payload: Buffer.from(JSON.stringify(event)),
      LogType: 'Tail',
    }),
  );
  let text = '';
  for await (const { PayloadChunk, InvokeComplete } of answer.EventStream ?? []) {
    if (PayloadChunk !== undefined) {
      const chunk = Buffer.from(PayloadChunk.Payload ?? []).toString();
      text += chunk;
      onChunk(chunk);
    }
    if (InvokeComplete !== undefined) {
      const { ErrorCode, ErrorDetails, LogResult = '' } = InvokeComplete;
      const details = ErrorDetails === undefined ? undefined : JSON.parse(ErrorDetails);
      return { answer, text, error: ErrorCode, details, log: Buffer.from(LogResult, 'base64').toString() };
    }
  }
  throw new Error('The stream ended without InvokeComplete');
}

describe('InvokeWithResponseStream', () => {
  let lab: Lab;
  afterEach(() => lab.close());

  it('answers errors of the call before any stream begins', async () => {
    lab = await startLab({ testing: settled });
    await expect(readStream(lab.lambda, 'orders', {})).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await lab.create();
    const dry = new InvokeWithResponseStreamCommand({ FunctionName: 'orders', InvocationType: 'DryRun' });
    expect((await lab.lambda.send(dry)).StatusCode).toBe(204);
    const asynchronous = { FunctionName: 'orders', InvocationType: 'Event' } as never;
    await expect(lab.lambda.send(new InvokeWithResponseStreamCommand(asynchronous))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('sends what is streamed as it is, and an answer in one piece in chunks of at most 256 KB', async () => {
    const chunks = ['a'.repeat(300_000), 'b'];
    lab = await startLab({
      testing: settled,
      script: ({ event }) => ({
        durationMs: 5,
        payload: 'x'.repeat(600_000),
        ...(event.body.includes('stream') ? { streams: { contentType: 'text/plain', chunks } } : {}),
      }),
    });
    await lab.create();
    const streamed = await readStream(lab.lambda, 'orders', { stream: true });
    expect(streamed.text.length).toBe(300_001);
    expect(streamed).toMatchObject({ error: undefined, answer: { StatusCode: 200, ExecutedVersion: '$LATEST' } });
    const sizes: number[] = [];
    const whole = await readStream(lab.lambda, 'orders', {}, (chunk) => sizes.push(chunk.length));
    expect(sizes).toEqual([262_144, 262_144, 75_714]);
    expect(whole.log).toContain('REPORT RequestId');
  });

  it('tells a timeout after what was sent before it', async () => {
    const streams = { contentType: 'text/plain', chunks: ['some'] };
    lab = await startLab({ testing: settled, script: () => ({ durationMs: 5000, streams }) });
    await lab.create({ Timeout: 3 });
    const streamed = await readStream(lab.lambda, 'orders', {});
    expect(streamed).toMatchObject({ text: 'some', error: 'Unhandled', details: { errorType: 'Sandbox.Timedout' } });
    expect(streamed.log).toContain('Status: timeout');
  });

  it('counts against the reserved concurrency', async () => {
    lab = await startLab({ testing: { ...settled, throttleEveryNthInvoke: 1 } });
    await lab.create();
    await expect(readStream(lab.lambda, 'orders', {})).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  });
});

describe('functions that stream', () => {
  let running: Running;
  beforeAll(async () => {
    running = await startRunning();
    await running.create(
      'streams',
      `exports.handler = awslambda.streamifyResponse(async (event, stream, context) => {
        if (event.fails === 'before') throw new TypeError('not today');
        stream.setContentType('text/plain');
        stream.write('first ');
        if (event.gate) await fetch(event.gate);
        if (event.fails === 'exits') { await new Promise((resolve) => setTimeout(resolve, 50)); process.exit(7); }
        if (event.fails) throw new RangeError('half-way');
        if (event.bytes) {
          const { pipeline } = require('node:stream/promises');
          const { Readable } = require('node:stream');
          await pipeline(Readable.from(Array(event.bytes / 65536).fill(Buffer.alloc(65536, 'x'))), stream);
          return;
        }
        stream.write({ id: context.awsRequestId.length });
        stream.end();
      });`,
    );
    await running.create(
      'plain',
      "exports.handler = async (event) => { if (event.fails) throw new TypeError('no'); return event; };",
    );
  });
  afterAll(() => running.close());

  it('are heard while they write', async () => {
    let open = (): void => undefined;
    const gate = createServer((_, response) => {
      open = () => response.end();
      if (heard) open();
    });
    let heard = false;
    await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
    const { port } = gate.address() as AddressInfo;
    // The function goes on once its first words were heard here.
    const streamed = await readStream(running.lambda, 'streams', { gate: `http://127.0.0.1:${port}/` }, () => {
      heard = true;
      open();
    });
    expect(streamed).toMatchObject({ text: 'first {"id":36}', error: undefined });
    expect(streamed.log).toMatch(/REPORT RequestId: \S+\tDuration: /);
    gate.close();
  });

  const failures: readonly [string, object, Partial<Streamed>][] = [
    [
      'before the first byte',
      { fails: 'before' },
      { text: '', error: 'Unhandled', details: { errorType: 'TypeError', errorMessage: 'not today' } },
    ],
    [
      'in the middle',
      { fails: 'half-way' },
      { text: 'first ', error: 'Unhandled', details: { errorType: 'RangeError', errorMessage: 'half-way' } },
    ],
    [
      'by the end of the process',
      { fails: 'exits' },
      { text: 'first ', error: 'Unhandled', details: { errorType: 'Runtime.ExitError' } },
    ],
  ];
  it.each(failures)('say at the end that they failed: %s', async (_, event, told) => {
    const streamed = await readStream(running.lambda, 'streams', event);
    expect(streamed).toMatchObject(told);
    expect(streamed.log).toContain('REPORT RequestId');
  });

  it('go on to their end when nobody reads any more', async () => {
    const command = new InvokeWithResponseStreamCommand({ FunctionName: 'streams', Payload: '{"bytes":67108864}' });
    const { EventStream, $metadata } = await running.lambda.send(command);
    for await (const _ of EventStream ?? []) break;
    running.lambda.destroy();
    const reported = () =>
      running.messages('streams').filter((message) => message.includes(`REPORT RequestId: ${$metadata.requestId}`));
    await expect.poll(reported, { timeout: 20_000 }).toHaveLength(1);
    expect(reported()[0]).not.toContain('Status: ');
  });

  it('wait for a slow reader without a listener more for every part', async () => {
    const warned: string[] = [];
    const hear = (warning: Error): number => warned.push(warning.name);
    process.on('warning', hear);
    await readStream(running.lambda, 'streams', { bytes: 16 * 1_048_576 });
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', hear);
    expect(warned).toEqual([]);
  });

  it('may send more than fits a buffered answer', async () => {
    const streamed = await readStream(running.lambda, 'streams', { bytes: 8 * 1_048_576 });
    expect(streamed).toMatchObject({ error: undefined });
    expect(streamed.text.length).toBe(8 * 1_048_576 + 6);
    const buffered = await running.lambda.send(
      new InvokeCommand({ FunctionName: 'streams', Payload: Buffer.from('{"bytes":8388608}') }),
    );
    expect(buffered.FunctionError).toBe('Unhandled');
    expect(JSON.parse(Buffer.from(buffered.Payload ?? []).toString()).errorType).toBe('Function.ResponseSizeTooLarge');
  });

  it('answer an ordinary Invoke in one piece', async () => {
    const { Payload, FunctionError } = await running.lambda.send(new InvokeCommand({ FunctionName: 'streams' }));
    expect([Buffer.from(Payload ?? []).toString(), FunctionError]).toEqual(['first {"id":36}', undefined]);
  });

  it('are no condition for InvokeWithResponseStream', async () => {
    expect(await readStream(running.lambda, 'plain', { a: 1 })).toMatchObject({ text: '{"a":1}', error: undefined });
    expect(await readStream(running.lambda, 'plain', { fails: true })).toMatchObject({
      text: '',
      error: 'Unhandled',
      details: { errorType: 'TypeError', errorMessage: 'no' },
    });
  });
});
