import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { awaitAsking } from '../../../src/local/runtime/phases.ts';
import type { ProcessExecutor } from '../../../src/local/runtime/processExecutor.ts';
import type { Sandbox, SandboxEvent } from '../../../src/local/runtime/sandbox.ts';
import { executorFor, invoke, payloadOf, specOf } from '../execution.ts';

describe('a runtime that was ready and does not wait for its event', () => {
  /** `asks`: what it does, look by look. */
  function sandboxOf(asks: readonly boolean[], events: readonly SandboxEvent[], hasExited = false): Sandbox {
    const looks = [...asks];
    const queue = [...events];
    const sandbox = {
      isAsking: () => looks.shift() ?? false,
      hasExited: () => hasExited,
      nextEvent: async () => queue.shift(),
    };
    return sandbox as unknown as Sandbox;
  }
  const next = { kind: 'next', atMs: 900, lateMs: 0 } as const;
  const exit = { kind: 'exit', atMs: 900, exitCode: 3, signal: null, outOfMemory: false } as const;

  it('is waited for until it asks, is gone, or the time is over', async () => {
    expect(await awaitAsking(sandboxOf([true], []), 1000, 3000)).toBeUndefined();
    expect(await awaitAsking(sandboxOf([false, true], [next]), 1000, 3000)).toBeUndefined();
    // It asked twice during init: what is left of that in the queue is no new question.
    expect(await awaitAsking(sandboxOf([false, false, true], [next, next]), 1000, 3000)).toBeUndefined();
    expect(await awaitAsking(sandboxOf([false], []), 1000, 3000)).toEqual({ kind: 'timeout' });
    expect(await awaitAsking(sandboxOf([false], [exit]), 1000, 3000)).toEqual({ ...exit, atMs: 1000 });
  });

  it('is gone where it has ended, although its connection is not seen closed yet', async () => {
    expect(await awaitAsking(sandboxOf([true], [exit], true), 1000, 3000)).toMatchObject({ kind: 'exit' });
  });
});

/**
 * Asks for work, closes that connection when it is told to, and does what it is told then. Each step waits for an answer from
 * outside, so that nothing depends on how fast this machine is.
 */
const bootstrap = `#!/usr/bin/env node
const http = require('node:http');
const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/';
const send = (url, options = {}, body) => new Promise((resolve, reject) => {
  http.request(url, { agent: false, ...options }, (response) => {
    let text = '';
    response.on('data', (chunk) => { text += chunk; });
    response.on('end', () => resolve({ text, id: response.headers['lambda-runtime-aws-request-id'] }));
  }).on('error', reject).end(body);
});
const step = async (name) => (await send(process.env.OUTSIDE + name)).text;
(async () => {
  const given = http.get(api + 'next', { agent: false });
  given.on('error', () => {});
  const answered = new Promise((resolve) => given.on('response', resolve));
  if ((await step('asked')) !== 'answer') {
    given.destroy();
    if ((await step('closed')) === 'exit') process.exit(3);
    for (;;) {
      const { id } = await send(api + 'next');
      await send(api + id + '/response', { method: 'POST' }, '"asked again"');
    }
  }
  const response = await answered;
  response.resume();
  await send(api + response.headers['lambda-runtime-aws-request-id'] + '/response', { method: 'POST' }, '"started again"');
  await send(api + 'next');
})();
`;

describe.each(['auto', 'off'] as const)('a runtime that closes its connection (cgroups: %s)', (cgroups) => {
  let folder = '';
  let executor: ProcessExecutor;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'asking-test-'));
    writeFileSync(join(folder, 'bootstrap'), bootstrap);
    chmodSync(join(folder, 'bootstrap'), 0o755);
    executor = await executorFor(cgroups);
  });
  afterAll(async () => {
    await executor.close();
    rmSync(folder, { recursive: true });
  });

  const steps = new Map<string, ServerResponse[]>();
  const waiting = new Map<string, () => void>();
  const outside = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    steps.set(name, [...(steps.get(name) ?? []), response]);
    waiting.get(name)?.();
  });
  beforeEach(async () => {
    steps.clear();
    await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    outside.closeAllConnections();
    outside.close();
  });

  async function reached(name: string): Promise<ServerResponse> {
    for (;;) {
      const response = steps.get(name)?.shift();
      if (response !== undefined) return response;
      await new Promise<void>((resolve) => waiting.set(name, resolve));
    }
  }

  async function started(timeoutS: number) {
    const environment = await executor.start(
      specOf('', {
        codeFolder: folder,
        runtime: 'provided.al2023',
        environment: { OUTSIDE: `http://127.0.0.1:${(outside.address() as AddressInfo).port}/` },
        timeoutS,
      }),
    );
    (await reached('asked')).end('close');
    const closed = await reached('closed');
    // Both came through one event loop; this lets it see the closed connection, too.
    await wait(100);
    return { environment, closed };
  }

  it('to ask again gets its event then, as on Lambda', async () => {
    const { environment, closed } = await started(30);
    const running = invoke(environment);
    await wait(100);
    closed.end('ask again');
    const result = await running;
    await environment.stop();
    expect(result).toMatchObject({ status: 'success', environmentEnded: false });
    expect(payloadOf(result)).toBe('asked again');
  });

  it('because it dies is started again within the invocation', async () => {
    const { environment, closed } = await started(30);
    const running = invoke(environment);
    await wait(100);
    closed.end('exit');
    (await reached('asked')).end('answer');
    const result = await running;
    await environment.stop();
    expect(result).toMatchObject({ status: 'success', environmentEnded: false });
    expect(payloadOf(result)).toBe('started again');
  });

  it('and never asks again runs into the timeout', async () => {
    const { environment } = await started(1);
    const result = await invoke(environment);
    await environment.stop();
    expect(result).toMatchObject({ status: 'timeout', environmentEnded: true, durationMs: 1000 });
    expect(payloadOf(result).errorMessage).toMatch(/Error: Task timed out after 1\.00 seconds$/);
  });
});
