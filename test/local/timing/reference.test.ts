import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { bootstrapsFolder } from '../../../src/local/launch/runtimes.ts';
import { lastCpu } from '../../../src/local/processes/processTree.ts';
import { openReference, type Reference } from '../../../src/local/timing/reference.ts';

const toolPath = '/usr/sbin:/usr/bin:/sbin:/bin';
let endings: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(endings.map((end) => end()));
  endings = [];
});

function reference(program: { readonly toolPath?: string; readonly loop?: string } = {}): Reference {
  const opened = openReference({
    loop: join(bootstrapsFolder, 'reference.mjs'),
    toolPath,
    coreOf: lastCpu,
    ...program,
  });
  endings.push(() => opened.close());
  return opened;
}

/** A thread that computes. */
async function busyThread(): Promise<string> {
  const child = spawn(process.execPath, ['-e', "process.stdout.write('.'); for (;;);"], {
    env: {},
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  endings.push(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return String(child.pid);
}

const isLinux = process.platform === 'linux';

it.runIf(isLinux)('times a loop on the core of a thread while that runs', async () => {
  const thread = await busyThread();
  const meter = await reference().begin(thread);
  await sleep(150);
  const speed = await meter?.end(thread);
  expect(speed?.referenceMs).toBeGreaterThan(0);
  expect(speed?.referenceMs).toBeLessThan(1000);
  expect(speed?.fastestMs).toBeLessThanOrEqual(speed?.referenceMs ?? 0);
  expect(speed?.heldMs).toBeGreaterThanOrEqual(0);
});

it.runIf(isLinux)('times several at once, and one after the other', async () => {
  const loop = reference();
  const threads = [await busyThread(), await busyThread()];
  for (let round = 0; round < 2; round += 1) {
    const meters = await Promise.all(threads.map((thread) => loop.begin(thread)));
    const speeds = await Promise.all(meters.map((meter, index) => meter?.end(threads[index])));
    expect(speeds.map((speed) => (speed?.referenceMs ?? 0) > 0)).toEqual([true, true]);
  }
});

it('says nothing of a thread that is not known or gone, and where nothing can be bound to a core', async () => {
  expect(await reference().begin(undefined)).toBeUndefined();
  expect(await reference().begin('4194304')).toBeUndefined();
  expect(await reference({ toolPath: '/nonexistent' }).begin(String(process.pid))).toBeUndefined();
});

it.runIf(isLinux)('says nothing of a call whose thread ended with it', async () => {
  const meter = await reference().begin(String(process.pid));
  expect(meter).toBeDefined();
  expect(await meter?.end(undefined)).toBeUndefined();
});

it('says nothing with a loop that cannot be run, also when it is asked again', async () => {
  const loop = reference({ loop: '/nonexistent/loop.mjs' });
  expect(await loop.begin(String(process.pid))).toBeUndefined();
  expect(await loop.begin(String(process.pid))).toBeUndefined();
});

it('answers nobody when it has been closed', async () => {
  const loop = reference();
  const asked = loop.begin(String(process.pid));
  await loop.close();
  await asked;
  expect(await loop.begin(String(process.pid))).toBeUndefined();
});
