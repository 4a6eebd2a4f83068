import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findOwnerCgroups } from '../../../src/local/cgroup/cgroupHost.ts';
import { executorFor, invoke, payloadOf, specOf } from '../execution.ts';
import { loopDevicesOf } from './loopDevices.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'many-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('runs 64 environments at once, each with its own, and leaves nothing of them', { timeout: 400_000 }, async () => {
  const executor = await executorFor('auto', folder);
  const [name = ''] = readdirSync(folder);
  const spec = specOf('env-echo', { memoryMb: 256, environment: { MARK: 'same' } });
  const environments = await Promise.all(Array.from({ length: 64 }, () => executor.start(spec)));
  const results = await Promise.all(environments.map((environment, index) => invoke(environment, { index })));
  expect(results.map(({ status }) => status)).toEqual(Array.from({ length: 64 }, () => 'success'));
  const addresses = new Set(results.map((result) => payloadOf(result).env.AWS_LAMBDA_RUNTIME_API));
  expect(addresses.size).toBe(64);
  // Again, in the environments that are there: each was frozen meanwhile.
  const again = await Promise.all(environments.map((environment) => invoke(environment)));
  expect(again.filter(({ status, initDurationMs }) => status !== 'success' || initDurationMs !== undefined)).toEqual(
    [],
  );
  await executor.close();
  expect(readdirSync(folder)).toEqual([]);
  // A group goes when the last of its processes has: the kernel takes its time with hundreds of them.
  await vi.waitFor(() => expect(findOwnerCgroups(new RegExp(`^${name}$`))).toEqual([]), {
    timeout: 60_000,
    interval: 500,
  });
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(name);
  expect(await loopDevicesOf(name)).toEqual([]);
});
