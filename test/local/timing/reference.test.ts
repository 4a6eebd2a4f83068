import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { bootstrapsFolder } from '../../../src/local/runtime/runtimes.ts';
import { allowedCpus } from '../../../src/local/runtime/visibleCpus.ts';
import { openReference, type Reference } from '../../../src/local/timing/reference.ts';

const toolPath = '/usr/sbin:/usr/bin:/sbin:/bin';
let open: Reference[] = [];
afterEach(async () => {
  await Promise.all(open.map((reference) => reference.close()));
  open = [];
});

function reference(program: { readonly toolPath?: string; readonly loop?: string } = {}): Reference {
  const opened = openReference({ loop: join(bootstrapsFolder, 'reference.mjs'), toolPath, ...program });
  open.push(opened);
  return opened;
}

const isLinux = process.platform === 'linux';
const [cpu = 0] = allowedCpus();

it.runIf(isLinux)('times a loop on a core, once for all who ask at the same moment', async () => {
  const loop = reference();
  const [first, second] = await Promise.all([loop.timeMs(cpu), loop.timeMs(cpu)]);
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThan(1000);
  expect(second).toBe(first);
});

it('says nothing where the core is not known, may not be used, or nothing can be bound to it', async () => {
  expect(await reference().timeMs(undefined)).toBeUndefined();
  expect(await reference().timeMs(99_999)).toBeUndefined();
  expect(await reference({ toolPath: '/nonexistent' }).timeMs(cpu)).toBeUndefined();
});

it('says nothing of a loop that cannot be run, also when it is asked again', async () => {
  const loop = reference({ loop: '/nonexistent/loop.mjs' });
  expect(await loop.timeMs(cpu)).toBeUndefined();
  expect(await loop.timeMs(cpu)).toBeUndefined();
});

it('answers nobody when it has been closed', async () => {
  const loop = reference();
  const asked = loop.timeMs(cpu);
  await loop.close();
  expect([undefined, 'number']).toContain(typeof (await asked) === 'number' ? 'number' : undefined);
  expect(await loop.timeMs(cpu)).toBeUndefined();
});
