import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type RuntimeApi, type RuntimeCall, startRuntimeApi } from '../../../src/local/runtime/runtimeApi.ts';

let api: RuntimeApi | undefined;
afterEach(() => api?.close());

async function start() {
  const calls: RuntimeCall[] = [];
  let seen: (() => void) | undefined;
  api = await startRuntimeApi((call) => {
    calls.push(call);
    seen?.();
  });
  const { address, hand } = api;
  return {
    address,
    hand,
    calls,
    async until(count: number): Promise<void> {
      while (calls.length < count) {
        await new Promise<void>((resolve) => {
          seen = resolve;
        });
      }
    },
    call: (method: string, path: string, body?: string | Buffer, headers: Record<string, string> = {}) =>
      send(address, method, path, body, headers),
  };
}

function send(address: string, method: string, path: string, body?: string | Buffer, headers = {}) {
  const [host, port] = address.split(':');
  return new Promise<{ status?: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const sent = request({ host, port, method, path, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const event = {
  requestId: 'id-1',
  body: Buffer.from('{"a":1}'),
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:f',
  traceId: 'Root=1-0-0;Sampled=0',
  clientContext: '{"custom":{"x":"ü\\n"}}',
};
const runtime = '/2018-06-01/runtime';

it('hands an event with every header that runtime clients insist on', async () => {
  const { call, until, hand } = await start();
  const next = call('GET', `${runtime}/invocation/next`);
  await until(1);
  hand(event, 1795000000000);
  const { status, headers, text } = await next;
  expect([status, text]).toEqual([200, '{"a":1}']);
  expect(headers).toMatchObject({
    'lambda-runtime-aws-request-id': 'id-1',
    'lambda-runtime-deadline-ms': '1795000000000',
    'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-west-1:000000000000:function:f',
    'lambda-runtime-trace-id': 'Root=1-0-0;Sampled=0',
    'lambda-runtime-client-context': '{"custom":{"x":"\\u00fc\\n"}}',
  });
});

it('takes the time of handing before the event is on its way: a runtime that wakes at once has not worked before it', async () => {
  const { call, until, hand } = await start();
  const next = call('GET', `${runtime}/invocation/next`);
  await until(1);
  let writtenAtMs = Number.NaN;
  const watched = {
    ...event,
    get body() {
      writtenAtMs = performance.now();
      const untilMs = writtenAtMs + 3;
      while (performance.now() < untilMs);
      return Buffer.from('1');
    },
  };
  expect(hand(watched, 0)).toBeLessThanOrEqual(writtenAtMs);
  expect((await next).text).toBe('1');
});

it('adds up how late it saw the calls of one invocation', async () => {
  const lateMs = [5, 7, 11];
  const calls: RuntimeCall[] = [];
  api = await startRuntimeApi((one) => calls.push(one), {
    seen: () => undefined,
    sinceSeen: () => lateMs.shift() ?? 0,
    watch: () => () => undefined,
  });
  const { address, hand } = api;
  const first = send(address, 'GET', `${runtime}/invocation/next`);
  while (calls.length === 0) await new Promise(setImmediate);
  hand(event, 0);
  await first;
  await send(address, 'POST', `${runtime}/invocation/id-1/response`, '1');
  void send(address, 'GET', `${runtime}/invocation/next`).catch(() => undefined);
  while (calls.length < 3) await new Promise(setImmediate);
  expect(calls.map((one) => ('lateMs' in one ? one.lateMs : undefined))).toEqual([5, undefined, 18]);
});

it('decodes a client context that comes as the caller sent it', async () => {
  const { call, until, hand } = await start();
  const next = call('GET', `${runtime}/invocation/next`);
  await until(1);
  hand({ ...event, clientContext: 'eyJjdXN0b20iOnsieCI6MX19' }, 0);
  expect((await next).headers['lambda-runtime-client-context']).toBe('{"custom":{"x":1}}');
});

it('takes one answer for the running invocation and none for another', async () => {
  const { call, until, hand, calls } = await start();
  const next = call('GET', `${runtime}/invocation/next`);
  await until(1);
  hand(event, 0);
  await next;
  expect((await call('POST', `${runtime}/invocation/other/response`, '1')).status).toBe(400);
  expect((await call('POST', `${runtime}/invocation/id-1/response`, '"done"')).status).toBe(202);
  expect((await call('POST', `${runtime}/invocation/id-1/response`, '"again"')).status).toBe(400);
  expect(calls.map((one) => [one.kind, 'body' in one ? one.body.toString() : ''])).toEqual([
    ['next', ''],
    ['response', '"done"'],
  ]);
});

it('refuses to give work before the last is answered', async () => {
  const { call, until, hand } = await start();
  const next = call('GET', `${runtime}/invocation/next`);
  await until(1);
  hand(event, 0);
  await next;
  expect((await call('GET', `${runtime}/invocation/next`)).status).toBe(403);
});

it('gives the event to who asked last: a client that gave up waiting asks again before its closed connection is seen', async () => {
  const { call, until, hand } = await start();
  const before = call('GET', `${runtime}/invocation/next`).catch((error: Error) => error.message);
  await until(1);
  const next = call('GET', `${runtime}/invocation/next`);
  await until(2);
  expect(await before).toBe('socket hang up');
  expect(api?.isAsking()).toBe(true);
  hand(event, 0);
  expect(await next).toMatchObject({ status: 200, text: '{"a":1}' });
  expect(api?.isAsking()).toBe(false);
});

it('keeps a response of 6 MB and refuses a larger one', async () => {
  for (const [bytes, status, kind] of [
    [6 * 1024 * 1024, 202, 'response'],
    [6 * 1024 * 1024 + 101, 413, 'responseTooLarge'],
  ] as const) {
    const { call, until, hand, calls } = await start();
    const next = call('GET', `${runtime}/invocation/next`);
    await until(1);
    hand(event, 0);
    await next;
    expect((await call('POST', `${runtime}/invocation/id-1/response`, Buffer.alloc(bytes, 120))).status).toBe(status);
    expect(calls.at(-1)?.kind).toBe(kind);
    api?.close();
  }
});

/** As a runtime client streams: chunks, and trailers where it breaks. */
async function stream(chunks: Iterable<string | Buffer>, trailers: Record<string, string> = {}, isHeard = true) {
  const heard: string[] = [];
  const listener = {
    began: (contentType: string) => void heard.push(contentType),
    chunk: async (bytes: Buffer) => void heard.push(bytes.length > 100 ? '…' : bytes.toString()),
    ended: () => void heard.push('ended'),
  };
  const { address, call, until, hand, calls } = await start();
  const next = call('GET', `${runtime}/invocation/next`);
  await until(1);
  hand(event, 0, isHeard ? listener : undefined);
  await next;
  const [host, port] = address.split(':');
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const headers = {
      'Content-Type': 'text/own',
      'Lambda-Runtime-Function-Response-Mode': 'streaming',
      Trailer: Object.keys(trailers),
    };
    const path = `${runtime}/invocation/id-1/response`;
    const sent = request({ host, port, method: 'POST', path, headers, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    sent.on('error', reject);
    void (async () => {
      for (const chunk of chunks) if (!sent.write(chunk)) await once(sent, 'drain');
      sent.addTrailers(trailers);
      sent.end();
    })();
  });
  return { status, heard, told: calls.at(-1) };
}

describe('a streamed response', () => {
  const body = Buffer.from('{"errorType":"X"}');

  it('is heard as it comes, and not kept', async () => {
    const { status, heard, told } = await stream(['one']);
    expect([status, heard]).toEqual([202, ['text/own', 'one', 'ended']]);
    expect(told).toMatchObject({ kind: 'response', body: Buffer.alloc(0), bytes: 3 });
  });

  it('is kept where nobody listens', async () => {
    expect((await stream(['one', 'two'], {}, false)).told).toMatchObject({
      kind: 'response',
      body: Buffer.from('onetwo'),
    });
  });

  it('has begun with its first byte, not with an error in place of one', async () => {
    const { heard, told } = await stream([], { 'Lambda-Runtime-Function-Error-Body': body.toString('base64') });
    expect([heard, told]).toMatchObject([[], { kind: 'error', body }]);
  });

  it('that breaks says so in its trailers, in the type alone if need be', async () => {
    const { heard, told } = await stream(['one'], { 'Lambda-Runtime-Function-Error-Type': 'Own.Error' });
    expect(heard).toEqual(['text/own', 'one', 'ended']);
    expect(told).toMatchObject({ kind: 'error', body: Buffer.from('{"errorType":"Own.Error","errorMessage":""}') });
  });

  it('ends at 200 MB', async () => {
    const { status, told } = await stream(Array<Buffer>(201).fill(Buffer.alloc(1_048_576)));
    expect([status, told]).toMatchObject([413, { kind: 'responseTooLarge', limitBytes: 209_715_200 }]);
  });
});

it('an answer whose connection closes before its end is one that broke off', async () => {
  const { address, call, until, hand, calls } = await start();
  const next = call('GET', `${runtime}/invocation/next`);
  await until(1);
  hand(event, 1);
  await next;
  const [host, port] = address.split(':');
  const sent = request({ host, port, method: 'POST', path: `${runtime}/invocation/id-1/response`, agent: false });
  sent.on('error', () => {});
  sent.write('half');
  setTimeout(() => sent.destroy(), 50);
  await until(2);
  expect(calls[1]).toEqual({ kind: 'responseTruncated', atMs: expect.any(Number) });
});

it('passes on an init error with its type', async () => {
  const { call, calls } = await start();
  const headers = { 'Lambda-Runtime-Function-Error-Type': 'Runtime.ImportModuleError' };
  expect((await call('POST', `${runtime}/init/error`, '{"errorType":"x"}', headers)).status).toBe(202);
  expect(calls).toMatchObject([{ kind: 'initError', errorType: 'Runtime.ImportModuleError' }]);
});

it('answers extensions and strangers cleanly', async () => {
  const { call } = await start();
  expect((await call('POST', '/2020-01-01/extension/register', '{}')).status).toBe(403);
  expect((await call('GET', `${runtime}/restore/next`)).status).toBe(404);
  expect((await call('GET', `${runtime}/invocation/next`, undefined, { Host: 'evil.example:80' })).status).toBe(403);
});
