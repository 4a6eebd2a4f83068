import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findOwnerCgroups } from '../../../src/local/cgroup/cgroupHost.ts';
import { executorFor, invoke, specOf } from '../execution.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groups-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('control groups that could not be removed with their environment are removed at the end', async (context) => {
  const executor = await executorFor('auto', folder);
  const [name = ''] = readdirSync(folder);
  const owners = () => findOwnerCgroups(new RegExp(`^${name}$`));
  const environment = await executor.start(specOf('env-echo'));
  await invoke(environment);
  const [owner = ''] = owners();
  if (owner === '') context.skip('no control groups here');
  const [child = ''] = readdirSync(owner, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() && entry.name !== 'endpoint' ? [entry.name] : [],
  );
  // As a machine that is too busy to end the last process in time: the group is still in use.
  const inUse = join(owner, child, 'in-use');
  mkdirSync(inUse);
  await environment.stop();
  rmdirSync(inUse);
  await executor.close();
  expect(readdirSync(folder)).toEqual([]);
  expect(owners()).toEqual([]);
}, 60_000);
