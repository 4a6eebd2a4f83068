import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createExtensions,
  type ExtensionHappening,
  type Extensions,
} from '../../../src/local/extensions/extensions.ts';
import { type RuntimeApi, startRuntimeApi } from '../../../src/local/runtime/runtimeApi.ts';

let extensions: Extensions;
let api: RuntimeApi;
let happened: ExtensionHappening['kind'][] = [];
let registeredAll = 0;

beforeEach(async () => {
  happened = [];
  registeredAll = 0;
  extensions = createExtensions({
    about: {
      functionName: 'orders',
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:orders',
      version: '7',
      handler: 'index.handler',
      runtimeVersion: 'nodejs:22.x',
      runtimeVersionArn: 'arn',
      instanceId: 'stream',
      memoryMb: 128,
    },
    externalNames: ['first', 'second'],
    addresses: ['127.0.0.1'],
    phase: 'init',
    logFormat: 'Text',
    registered: () => {
      registeredAll += 1;
    },
    happened: ({ kind }) => happened.push(kind),
  });
  api = await startRuntimeApi(
    ({ kind, atMs }) => kind === 'next' && extensions.runtimeWaits(atMs),
    undefined,
    extensions,
  );
});
afterEach(() => {
  extensions.close();
  api.close();
});

async function call(method: string, path: string, headers: Record<string, string> = {}, body?: unknown) {
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const answer = await fetch(`http://${api.address}${path}`, { method, headers, ...sent });
  return {
    status: answer.status,
    id: answer.headers.get('lambda-extension-identifier') ?? '',
    body: (await answer.json()) as { readonly errorType?: string },
  };
}
const register = (name: string, events: string[] = ['INVOKE']) =>
  call('POST', '/2020-01-01/extension/register', { 'Lambda-Extension-Name': name }, { events });
const as = (id: string, more = {}) => ({ 'Lambda-Extension-Identifier': id, ...more });
const next = (id: string) => call('GET', '/2020-01-01/extension/event/next', as(id));
const unknown = '00000000-0000-4000-8000-000000000000';

const unknownType = 'Extension.UnknownExtensionIdentifier';

describe('the Extensions API', () => {
  it('lets the runtime start once every external one is registered, and tells when all wait', async () => {
    const [first, second] = [await register('first'), await register('second', ['SHUTDOWN'])];
    expect([first.status, second.status, registeredAll]).toEqual([200, 200, 1]);
    const waiting = [next(first.id).catch(() => undefined), next(second.id)];
    await expect.poll(() => extensions.readySinceMs()).toBeGreaterThan(0);
    expect(happened).toEqual(['extensionsReady']);
    extensions.shutDown('spindown', 5);
    expect((await waiting[1])?.body).toEqual({ eventType: 'SHUTDOWN', shutdownReason: 'spindown', deadlineMs: 5 });
  });

  it.each([
    ['POST', 'register', {}, { events: [] }, 'Extension.InvalidExtensionName'],
    ['POST', 'register', { 'Lambda-Extension-Name': 'first' }, '{"events"', 'InvalidRequestFormat'],
    [
      'POST',
      'register',
      { 'Lambda-Extension-Name': 'first' },
      { events: [], configurationKeys: ['a'] },
      'InvalidRequestFormat',
    ],
    ['POST', 'register', { 'Lambda-Extension-Name': 'first' }, { events: ['RESTORE'] }, 'Extension.InvalidEventType'],
    ['POST', 'register', { 'Lambda-Extension-Name': 'inside' }, { events: ['SHUTDOWN'] }, 'Extension.InvalidEventType'],
    ['POST', 'register', { 'Lambda-Extension-Name': 'first' }, '', 'InvalidRequestFormat'],
    ['POST', 'register', { 'Lambda-Extension-Name': 'first' }, { events: 'INVOKE' }, 'InvalidRequestFormat'],
    ['POST', 'init/error', as(unknown), {}, 'Extension.MissingHeader'],
    ['POST', 'exit/error', as(unknown, { 'Lambda-Extension-Function-Error-Type': 'a' }), {}, unknownType],
    ['GET', 'event/next', {}, undefined, 'Extension.MissingExtensionIdentifier'],
    ['GET', 'event/next', as('me'), undefined, 'Extension.InvalidExtensionIdentifier'],
    ['GET', 'event/next', as(unknown), undefined, 'Extension.UnknownExtensionIdentifier'],
  ])('refuses %s %s with %j %j: %s', async (method, path, headers, body, errorType) => {
    const answer = await call(method, `/2020-01-01/extension/${path}`, headers as Record<string, string>, body);
    expect(answer).toMatchObject({ status: 403, body: { errorType, errorMessage: expect.any(String) } });
  });

  it('refuses what is out of turn', async () => {
    const { id } = await register('first');
    expect((await register('first')).body.errorType).toBe('Extension.InvalidExtensionState');
    const error = '/2020-01-01/extension/init/error';
    expect((await call('POST', error, as(id), {})).body.errorType).toBe('Extension.MissingHeader');
    const said = as(id, { 'Lambda-Extension-Function-Error-Type': 'Extension.Own' });
    expect((await call('POST', error, said, {})).status).toBe(202);
    expect((await next(id)).body).toEqual({
      errorType: 'Extension.InvalidExtensionState',
      errorMessage: `State transition from InitError to Ready failed for extension ${id}. Error: State transition is not allowed`,
    });
    expect(extensions.fatalErrorType()).toBe('Extension.InitError');
  });

  it('takes ten extensions, and none once the runtime waits', async () => {
    for (let number = 3; number <= 10; number += 1) expect((await register(`inside-${number}`)).status).toBe(200);
    expect((await register('one-more')).body.errorType).toBe('Extension.TooManyExtensions');
    // With a name that is taken, too: the limit comes first.
    expect((await register('inside-3')).body.errorType).toBe('Extension.TooManyExtensions');
    await register('first');
    await register('second');
    void fetch(`http://${api.address}/2018-06-01/runtime/invocation/next`).catch(() => undefined);
    await expect.poll(async () => (await register('late')).body.errorType).toBe('Extension.RegistrationClosed');
  });

  it('takes nothing in place of a list, and knows one that has another name than its file as internal', async () => {
    const header = { 'Lambda-Extension-Name': 'first' };
    expect((await call('POST', '/2020-01-01/extension/register', header, 'null')).status).toBe(200);
    const other = await register('second.sh');
    expect([other.status, registeredAll]).toEqual([200, 0]);
    expect((await register('second.sh')).body).toEqual({
      errorType: 'Extension.InvalidExtensionState',
      errorMessage: 'Extension with this name already registered',
    });
    expect(extensions.initRecords()).toMatchObject([
      { name: 'first', state: 'Registered', events: [] },
      { name: 'second', state: 'Started' },
      { name: 'second.sh', state: 'Registered', events: ['INVOKE'] },
    ]);
  });

  it('keeps what was said first, and sends nothing more to one that said that it cannot go on', async () => {
    const { id } = await register('first');
    await register('second', []);
    const waiting = next(id);
    await wait(20);
    const say = (type: string) =>
      call('POST', '/2020-01-01/extension/exit/error', as(id, { 'Lambda-Extension-Function-Error-Type': type }), {});
    expect([(await say('Extension.One')).status, (await say('Extension.Two')).status]).toEqual([202, 202]);
    extensions.invoked({ requestId: 'r', body: Buffer.alloc(0), invokedFunctionArn: 'arn', traceId: 't' }, 9, 0);
    expect(extensions.initRecords()[0]).toMatchObject({ state: 'ExitError', errorType: 'Extension.One' });
    api.close();
    await waiting.catch(() => undefined);
  });

  it('waits in a call only for those that are told of calls', async () => {
    const [first, second] = [await register('first'), await register('second', ['SHUTDOWN'])];
    const giveUp = new AbortController();
    const asking = fetch(`http://${api.address}/2020-01-01/extension/event/next`, {
      headers: as(second.id),
      signal: giveUp.signal,
    });
    void next(first.id).catch(() => undefined);
    await expect.poll(() => extensions.readySinceMs()).toBeDefined();
    extensions.initEnded({ status: 'success' }, 12);
    giveUp.abort();
    await asking.catch(() => undefined);
    await wait(20);
    expect(extensions.readySinceMs()).toBeDefined();
  });

  it('lets one ask again whose client gave up waiting', async () => {
    const { id } = await register('first');
    await register('second', []);
    const giveUp = new AbortController();
    const first = fetch(`http://${api.address}/2020-01-01/extension/event/next`, {
      headers: as(id),
      signal: giveUp.signal,
    });
    await wait(20);
    giveUp.abort();
    await first.catch(() => undefined);
    await wait(20);
    const second = next(id);
    await wait(20);
    extensions.invoked({ requestId: 'r-2', body: Buffer.alloc(0), invokedFunctionArn: 'arn', traceId: 't' }, 9, 0);
    expect((await second).body).toMatchObject({ eventType: 'INVOKE', requestId: 'r-2', deadlineMs: 9 });
  });
});

describe('the Telemetry and the Logs API', () => {
  const telemetry = '/2022-07-01/telemetry';
  const logs = '/2020-08-15/logs';
  const to = (URI: string) => ({ protocol: 'HTTP', URI });
  const asked = { schemaVersion: '2022-12-13', types: ['platform'], destination: to('http://sandbox.localdomain:1') };

  it.each([
    [telemetry, { ...asked, schemaVersion: '2019-01-01' }, /schemaVersion/],
    [telemetry, { ...asked, schemaVersion: undefined }, /schemaVersion/],
    [telemetry, { ...asked, types: [] }, /types/],
    [telemetry, { ...asked, types: ['everything'] }, /types/],
    [telemetry, { ...asked, destination: to('http://example.com/') }, /sandbox\.localdomain/],
    [telemetry, { ...asked, destination: to('https://sandbox.localdomain/') }, /URI/],
    [telemetry, { ...asked, buffering: { timeoutMs: 24 } }, /timeoutMs/],
    [telemetry, { ...asked, buffering: { maxItems: 10_001 } }, /maxItems/],
    [telemetry, { ...asked, buffering: { maxBytes: 1000 } }, /maxBytes/],
    [logs, { ...asked }, /schemaVersion/],
    [logs, { types: ['platform'], destination: { protocol: 'TCP', port: 0 } }, /port/],
    [logs, 'x', /JSON/],
  ])('%s refuses %j', async (path, body, message) => {
    const { id } = await register('first');
    expect(await call('PUT', path, as(id), body)).toMatchObject({
      status: 400,
      body: { errorType: 'ValidationError', errorMessage: expect.stringMatching(message) },
    });
  });

  it('an extension has one of them, and only during init', async () => {
    const { id } = await register('first');
    expect(await call('PUT', telemetry, as(id), asked)).toMatchObject({ status: 200, body: 'OK' });
    const other = { types: ['platform'], destination: { protocol: 'TCP', port: 1 } };
    expect((await call('PUT', logs, as(id), other)).status).toBe(400);
    extensions.initEnded({ status: 'success' }, 12);
    expect((await call('PUT', telemetry, as(id), asked)).body).toEqual({
      errorType: 'Telemetry.SubscriptionClosed',
      errorMessage: 'Telemetry API subscription is closed',
    });
  });

  it('sends in batches, again where it was not taken, with what happened before', async () => {
    const batches: { type: string; record: unknown }[][] = [];
    let refusals = 2;
    const listener = createServer(async (request, response) => {
      const sent = await text(request);
      refusals -= 1;
      response.statusCode = refusals >= 0 ? 500 : 200;
      if (refusals < 0) batches.push(JSON.parse(sent));
      response.end();
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    extensions.wrote('function', 'one\ntw');
    const { id } = await register('first');
    const destination = to(`http://sandbox.localdomain:${port}/all`);
    await call('PUT', telemetry, as(id), { ...asked, types: ['platform', 'function'], destination });
    extensions.wrote('function', 'o\n');
    await extensions.flush();
    expect(batches.map((batch) => batch.map(({ type, record }) => (type === 'function' ? record : type)))).toEqual([
      ['platform.initStart', 'one', 'platform.telemetrySubscription', 'two'],
    ]);
    listener.close();
  });

  it('says what was dropped while nobody took it', async () => {
    const received: { type: string; record: unknown }[] = [];
    const listener = createServer(async (request, response) => {
      received.push(...JSON.parse(await text(request)));
      response.end();
    });
    const port = await freePort();
    const { id } = await register('first');
    await call('PUT', telemetry, as(id), { ...asked, destination: to(`http://sandbox.localdomain:${port}`) });
    await extensions.flush();
    await new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve));
    await extensions.flush();
    expect(received).toMatchObject([
      { type: 'platform.logsDropped', record: { droppedRecords: 2, droppedBytes: expect.any(Number) } },
    ]);
    listener.close();
  });
});

async function freePort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  return port;
}
