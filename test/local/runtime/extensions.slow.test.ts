import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeConfinement, toolPathOf } from '../../../src/local/places/confinement.ts';
import type { ProcessExecutor } from '../../../src/local/runtime/processExecutor.ts';
import type { EnvironmentSpec, ExecutionResult } from '../../../src/local/service/execution.ts';
import { executorFor, invoke, isRunning, payloadOf, specOf } from '../execution.ts';
import { extension, folderOf, loop } from '../extensions/program.ts';

const { enclosure } = await probeConfinement(toolPathOf(process.env.PATH ?? ''), tmpdir());

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'extensions-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const echo = 'console.log("loaded"); export const handler = async (event) => event;';
const telemetryTo = (uri: string) => `{ schemaVersion: '2022-12-13', types: ['platform', 'function', 'extension'],
  buffering: { maxItems: 1000, maxBytes: 262144, timeoutMs: 25 }, destination: { protocol: 'HTTP', URI: '${uri}' } }`;

describe.each(['auto', 'off'] as const)('extensions (cgroups: %s)', (cgroups) => {
  let executor: ProcessExecutor;
  let own = '';
  beforeAll(async () => {
    own = mkdtempSync(join(folder, 'own-'));
    executor = await executorFor(cgroups, own);
  });
  afterAll(async () => {
    await executor.close();
    expect(readdirSync(own)).toEqual([]);
  });

  interface Played {
    readonly results: readonly ExecutionResult[];
    /** All that was logged, also after the last call. */
    readonly log: string;
  }

  /** Calls a function that has these extensions, then stops it. */
  async function played(
    extensions: Readonly<Record<string, string>>,
    changes: Partial<EnvironmentSpec> & { readonly source?: string; readonly calls?: number } = {},
  ): Promise<Played> {
    const { source = echo, calls = 1, ...spec } = changes;
    const named = Object.entries(extensions).map(([name, text]) => [`extensions/${name}`, text]);
    let log = '';
    const environment = await executor.start(
      specOf('', {
        codeFolder: folderOf(folder, { 'index.mjs': source }),
        optFolder: folderOf(folder, Object.fromEntries(named)),
        memoryMb: 1769,
        ...spec,
      }),
      (late) => {
        log += late;
      },
    );
    const results: ExecutionResult[] = [];
    for (let call = 0; call < calls && results.at(-1)?.environmentEnded !== true; call += 1) {
      const result = await invoke(environment, { call });
      log += result.initOutput + result.output;
      results.push(result);
    }
    await environment.stop();
    return { results, log };
  }

  it('register, get the events of each call, and are told of the end', async () => {
    const spy = extension(`
      const answer = await register(['INVOKE', 'SHUTDOWN'], { 'Lambda-Extension-Accept-Feature': 'accountId' });
      console.log('registered', answer.status, JSON.stringify(answer.body));
      ${loop}`);
    const { results, log } = await played({ spy }, { calls: 2 });
    expect(results.map(payloadOf)).toEqual([{ call: 0 }, { call: 1 }]);
    const said = log.split('\n').filter((line) => /^(?:registered|got)|loaded$/.test(line));
    expect(said[0]).toBe(
      'registered 200 {"accountId":"000000000000","functionName":"sample","functionVersion":"1","handler":"index.handler"}',
    );
    // Logged when init is over, behind what was written until then.
    expect(log).toMatch(/\tloaded\n(?:.*\n)*EXTENSION\tName: spy\tState: Ready\tEvents: \[INVOKE, SHUTDOWN\]\n/);
    // The runtime is started once all are registered.
    expect(said.findIndex((line) => line.endsWith('loaded'))).toBe(1);
    const got = said.filter((line) => line.startsWith('got')).map((line) => JSON.parse(line.slice(4)));
    expect(got).toEqual([
      {
        eventType: 'INVOKE',
        deadlineMs: expect.any(Number),
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:sample:1',
        tracing: { type: 'X-Amzn-Trace-Id', value: 'Root=1-6ac7d554-62c6be2f6c1bd8032dac9acf;Sampled=0' },
      },
      expect.objectContaining({ eventType: 'INVOKE' }),
      { eventType: 'SHUTDOWN', shutdownReason: 'spindown', deadlineMs: expect.any(Number) },
    ]);
  });

  it('have the variables of the function, without those of its runtime', async () => {
    const spy = extension(`await register([]); console.log('env', JSON.stringify(process.env)); ${loop}`);
    const { log } = await played({ spy }, { environment: { STAGE: 'prod' } });
    const env = JSON.parse(/^env (.*)$/m.exec(log)?.[1] ?? '{}');
    expect(env).toMatchObject({ STAGE: 'prod', AWS_LAMBDA_FUNCTION_NAME: 'sample', AWS_REGION: 'us-east-1' });
    for (const name of [
      ...['_HANDLER', 'AWS_EXECUTION_ENV', 'LAMBDA_TASK_ROOT', 'AWS_LAMBDA_LOG_GROUP_NAME'],
      ...['AWS_XRAY_DAEMON_ADDRESS', '_AWS_XRAY_DAEMON_ADDRESS', '_AWS_XRAY_DAEMON_PORT'],
    ]) {
      expect(env).not.toHaveProperty(name);
    }
  });

  it('are waited for: by init until the first Next, and by each call after the handler', async () => {
    const idle = extension(
      `await register(['INVOKE']); await sleep(300); for (;;) { await next(); await sleep(200); }`,
    );
    const { results } = await played({ idle }, { calls: 2 });
    const [cold, warm] = results;
    expect(cold?.initDurationMs).toBeGreaterThanOrEqual(299);
    expect(cold?.durationMs).toBeGreaterThanOrEqual(199);
    expect(warm?.durationMs).toBeGreaterThanOrEqual(199);
  });

  it('cost the CPU time that they take of the function’s share', async () => {
    const heavy = extension(`await register(['INVOKE']); for (;;) { await next(); busy(60); }`);
    const { results } = await played({ heavy }, { memoryMb: 512, calls: 3 });
    // 60 ms of work at 29 % of a core: 17 periods of 20 ms, the first and the last of which may be cut.
    for (const { durationMs } of results) expect(durationMs).toBeGreaterThan(150);
  });

  it('fail init as on Lambda: each kind of failure, twice, with no init duration of its own', async () => {
    const broken = {
      'Extension.Crash': extension('process.exit(3);'),
      'Extension.InitError': extension(`await register(['INVOKE']);
        await call('POST', '/2020-01-01/extension/init/error', { 'Lambda-Extension-Function-Error-Type': 'Extension.NoKey' }, {});
        process.exit(1);`),
    };
    for (const [errorType, text] of Object.entries(broken)) {
      const { results } = await played({ broken: text });
      expect(results[0]).toMatchObject({ status: 'error', errorType, environmentEnded: true });
      expect(results[0]?.initDurationMs).toBeUndefined();
      expect(payloadOf(results[0] as ExecutionResult)).toEqual({
        errorType,
        errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: exit status [13]$/),
      });
    }
  });

  it('that may not be executed are named', async () => {
    const optFolder = folderOf(folder, { 'extensions/agent': '#!/bin/sh\n' });
    chmodSync(join(optFolder, 'extensions/agent'), 0o644);
    const { results, log } = await played({}, { optFolder });
    expect(log).toContain(
      'EXTENSION\tName: agent\tState: LaunchError\tEvents: []\tError Type: PermissionDenied\nINIT_REPORT',
    );
    expect(payloadOf(results[0] as ExecutionResult)).toEqual({
      errorType: 'Extension.LaunchError',
      errorMessage: expect.stringMatching(/Error: fork\/exec \/opt\/extensions\/agent: permission denied$/),
    });
  });

  it.each([
    ['Extension.Crash', 'process.exit(0);', 'exit code 0'],
    ['Extension.Crash', "process.kill(process.pid, 'SIGKILL'); await sleep(10000);", 'signal: killed'],
    [
      'Extension.ExitError',
      "await call('POST', '/2020-01-01/extension/exit/error', { 'Lambda-Extension-Function-Error-Type': 'X.Y' }, {}); process.exit(2);",
      'exit status 2',
    ],
  ])('that end during a call fail it, and the others hear of a failure (%s: %s)', async (errorType, act, words) => {
    const ending = extension(`await register(['INVOKE']); await next(); ${act}`);
    const other = extension(`await register(['SHUTDOWN']); ${loop}`);
    const { results, log } = await played(
      { ending, other },
      { source: 'export const handler = () => new Promise((done) => setTimeout(done, 20_000));' },
    );
    expect(results[0]).toMatchObject({ status: 'error', errorType, environmentEnded: true });
    expect(payloadOf(results[0] as ExecutionResult).errorMessage).toMatch(new RegExp(`Error: ${words}$`));
    expect(log).toMatch(/got .*"shutdownReason":"failure"/);
  });

  it('that never come back time the function out, and hear of it', async () => {
    const stuck = extension(`await register(['INVOKE']); await next(); await sleep(60_000);`);
    const other = extension(`await register(['SHUTDOWN']); ${loop}`);
    const { results, log } = await played({ stuck, other }, { timeoutS: 1 });
    expect(results[0]).toMatchObject({ status: 'timeout', durationMs: 1000, environmentEnded: true });
    expect(log).toMatch(/got .*"shutdownReason":"timeout"/);
  });

  it('that do not end themselves are ended', async () => {
    const stubborn = extension(`
      console.log('pid', process.pid); process.on('SIGTERM', () => {});
      await register(['INVOKE', 'SHUTDOWN']); await next(); await next(); await sleep(60_000);`);
    const untold = extension(`console.log('pid', process.pid); await register(['INVOKE']); for (;;) await next();`);
    const { log } = await played({ stubborn, untold });
    const pids = [...log.matchAll(/^pid (\d+)$/gm)].map(([, pid]) => Number(pid));
    expect(pids).toHaveLength(2);
    expect(pids.filter((pid) => isRunning(pid, (path) => readFileSync(path, 'utf8')))).toEqual([]);
  });

  it('may be part of the function: told of calls, not of the end', async () => {
    const source = `
      const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2020-01-01/extension/';
      const register = (name, events) => fetch(api + 'register', { method: 'POST', headers: { 'Lambda-Extension-Name': name }, body: JSON.stringify({ events }) });
      const refused = await (await register('late', ['SHUTDOWN'])).json();
      const registered = await register('inside', ['INVOKE']);
      const headers = { 'Lambda-Extension-Identifier': registered.headers.get('lambda-extension-identifier') };
      const next = () => fetch(api + 'event/next', { headers }).then((answer) => answer.json());
      let event = next();
      export const handler = async () => { const { eventType, requestId } = await event; event = next(); return { refused, eventType, requestId }; };`;
    const { results } = await played({}, { source, calls: 2 });
    expect(results.map(payloadOf)).toEqual(
      [0, 1].map(() => ({
        refused: {
          errorType: 'Extension.InvalidEventType',
          errorMessage: 'SHUTDOWN: ShutdownEventNotSupportedForInternalExtension',
        },
        eventType: 'INVOKE',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      })),
    );
  });

  it.runIf(enclosure !== undefined)('hear by telemetry what happens, each at its own sandbox.localdomain', async () => {
    const spy = extension(`
      const events = [];
      await register(['INVOKE', 'SHUTDOWN']);
      await listen(4243, (some) => events.push(...some));
      const answer = await subscribe('telemetry', ${telemetryTo('http://sandbox.localdomain:4243')});
      console.log('subscribed', answer.status, answer.body);
      for (;;) {
        const event = await next();
        const done = () => events.some(({ type, record }) => type === 'platform.runtimeDone' && record.requestId === event.requestId);
        while (event.eventType === 'INVOKE' && !done()) await sleep(5);
        if (event.eventType === 'SHUTDOWN') {
          while (!events.some(({ type }) => type === 'platform.report')) await sleep(5);
          console.log('events', JSON.stringify(events));
          process.exit(0);
        }
      }`);
    const source = 'export const handler = async () => { process.stdout.write("from the handler\\n"); return 1; };';
    const both = await Promise.all([played({ spy }, { source }), played({ spy }, { source })]);
    for (const { results, log } of both) {
      const [result] = results;
      expect(log).toMatch(/^subscribed 200 OK$/m);
      const events = JSON.parse(/^events (.*)$/m.exec(log)?.[1] ?? '[]') as { type: string; record: unknown }[];
      const of = (type: string) => events.find((event) => event.type === type)?.record;
      expect(events.map(({ type }) => type).filter((type) => type !== 'extension')).toEqual([
        'platform.initStart',
        'platform.telemetrySubscription',
        'platform.initRuntimeDone',
        'platform.extension',
        'platform.initReport',
        'platform.start',
        'function',
        'platform.runtimeDone',
        'platform.report',
      ]);
      expect(of('function')).toBe('from the handler');
      expect(of('extension')).toBe('subscribed 200 OK');
      expect(of('platform.extension')).toEqual({ name: 'spy', state: 'Ready', events: ['INVOKE', 'SHUTDOWN'] });
      expect(of('platform.runtimeDone')).toMatchObject({
        status: 'success',
        metrics: { producedBytes: 1 },
        spans: [{ name: 'responseLatency' }, { name: 'responseDuration' }, { name: 'runtimeOverhead' }],
      });
      expect(of('platform.report')).toMatchObject({
        status: 'success',
        metrics: {
          durationMs: Math.round((result?.durationMs ?? 0) * 1000) / 1000,
          initDurationMs: Math.round((result?.initDurationMs ?? 0) * 1000) / 1000,
          memorySizeMB: 1769,
        },
        spans: [{ name: 'extensionOverhead' }],
      });
    }
  });

  it('are found by the Logs API, too, over TCP', async () => {
    const spy = extension(`
      let text = '';
      await register(['INVOKE', 'SHUTDOWN']);
      await new Promise((done) => require('node:net').createServer((socket) => socket.on('data', (chunk) => { text += chunk; })).listen(0, '127.0.0.1', function () { globalThis.port = this.address().port; done(); }));
      const { body } = await subscribe('logs', { types: ['platform', 'function'], buffering: { timeoutMs: 25 }, destination: { protocol: 'TCP', port: globalThis.port } });
      console.log(body);
      await next();
      await next();
      while (!text.includes('platform.end')) await sleep(5);
      console.log('types', text.trim().split('\\n').map((line) => JSON.parse(line).type).join());
      process.exit(0);`);
    const { log } = await played({ spy }, { source: 'export const handler = async () => console.log("x");' });
    expect(log).toMatch(
      /^types platform\.logsSubscription,platform\.extension,platform\.start,function,platform\.report,platform\.end$/m,
    );
  });
});
