import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runLocal } from '../../src/commands/local/local.ts';
import { until } from '../local/lab.ts';
import { fakeIo } from '../support/fakeIo.ts';

const env = { PATH: process.env.PATH, TUNE_LOCAL_CGROUPS: 'off' };

it('tune local prints its address first, answers until it is interrupted, and ends with 0', async () => {
  const { io, stdout } = fakeIo({ env, speed: 1 });
  const ended = runLocal([], { region: 'eu-central-1' }, io);
  await until(() => stdout() !== '');
  const [url = ''] = stdout().split('\n');
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(stdout()).toContain(`export AWS_ENDPOINT_URL=${url} AWS_REGION=eu-central-1`);
  expect((await fetch(`${url}/2015-03-31/functions`)).status).toBe(200);
  io.interrupt('SIGINT', 'Ctrl-C');
  expect(await ended).toBe(0);
  await expect(fetch(url)).rejects.toThrow();
});

it('tune local that is interrupted before it is up ends all the same', async () => {
  const { io } = fakeIo({ env, speed: 1 });
  io.interrupt('SIGTERM', 'the process that started tune is gone');
  expect(await runLocal([], {}, io)).toBe(0);
});

it('tune local says at which sizes this machine has fewer CPUs than code finds on Lambda', async () => {
  const { io, stdout, stderr } = fakeIo({ env, speed: 1 });
  const folder = await mkdtemp(join(tmpdir(), 'local-'));
  await writeFile(join(folder, 'index.mjs'), 'export const handler = async () => 1;');
  const ended = runLocal([folder], { memory: '10240' }, { ...io, cores: 2 });
  await until(() => stdout().includes('Ctrl-C ends it'));
  io.interrupt('SIGINT', 'Ctrl-C');
  expect(await ended).toBe(0);
  await rm(folder, { recursive: true });
  expect(stderr()).toContain('Code that asks how many CPUs there are is told 2 here, and 6 on Lambda at 10,240 MB.');
});

it('tune local says which port is taken', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  try {
    await expect(runLocal([], { port: String(port) }, fakeIo({ env, speed: 1 }).io)).rejects.toMatchObject({
      code: 'USAGE',
      message: `The endpoint cannot listen on 127.0.0.1:${port} (EADDRINUSE).`,
    });
  } finally {
    other.close();
  }
});

it.each([
  [{ port: '70000' }, '--port must be a port from 0 to 65535.'],
  [{ port: 'http' }, '--port must be a port from 0 to 65535.'],
  [{ region: 'Frankfurt' }, '--region must be a region such as eu-central-1.'],
])('tune local refuses %j', async (flags, message) => {
  await expect(runLocal([], flags, fakeIo({ env }).io)).rejects.toMatchObject({ code: 'USAGE', message });
});
