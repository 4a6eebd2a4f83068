import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findOwnerCgroups } from '../../../src/local/cgroup/cgroupHost.ts';
import { bootstrapsFolder } from '../../../src/local/launch/runtimes.ts';
import { ownedPrefix } from '../../../src/local/places/ownerFolder.ts';
import { executorFor, invoke, isRunning, payloadOf, specOf } from '../execution.ts';
import { loopDevicesOf } from './loopDevices.ts';

let around = '';
let folder = '';
beforeEach(() => {
  around = mkdtempSync(join(tmpdir(), 'orphans-test-'));
  folder = join(around, 'own');
  mkdirSync(folder);
});
afterEach(() => rmSync(around, { recursive: true }));

async function startOwner(cgroups: string) {
  const script = fileURLToPath(new URL('ownerProcess.ts', import.meta.url));
  const owner = spawn(process.execPath, ['--import', 'tsx', script, cgroups, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const [line] = await once(owner.stdout, 'data');
  const { mark, pids } = JSON.parse(String(line));
  return { owner, name: String(mark), pids: pids as number[] };
}

/** Everything that still is in the owner's control groups, or bears its mark in its environment. */
function processesOf(name: string): string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/cgroup`, 'latin1').includes(`${name}/e`) ||
          readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`_TUNE_ENVIRONMENT=${name}/`)
        );
      } catch {
        return false;
      }
    });
}

/** All processes of this machine that see a mount below a folder. */
function mountsOf(path: string): string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/mountinfo`, 'utf8').includes(`${path}/`);
      } catch {
        return false;
      }
    });
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !isTrue(); tries += 1) await wait(20);
}

function codeOf(source: string): string {
  const code = join(around, 'code');
  mkdirSync(code);
  writeFileSync(join(code, 'index.mjs'), source);
  return code;
}

const cgroupsOf = (name: string) => findOwnerCgroups(new RegExp(`^${name}$`));

it.each(['auto', 'off'])('leaves nothing when its owner is killed by SIGKILL (cgroups: %s)', async (cgroups) => {
  const { owner, name, pids } = await startOwner(cgroups);
  expect(processesOf(name).length).toBeGreaterThanOrEqual(8);
  expect(readdirSync(folder)).toEqual([name]);
  // The whole process group, as a CI runner does.
  process.kill(-(owner.pid ?? 0), 'SIGKILL');
  await once(owner, 'exit');
  await until(() => processesOf(name).length === 0 && readdirSync(folder).length === 0 && cgroupsOf(name).length === 0);
  expect(processesOf(name)).toEqual([]);
  expect(pids.filter((pid) => isRunning(pid, (path) => readFileSync(path, 'utf8')))).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
  expect(cgroupsOf(name)).toEqual([]);
  // The namespaces of the environments are gone with their processes: nobody sees a mount of theirs any more.
  expect(mountsOf(folder)).toEqual([]);
  expect(await loopDevicesOf(name)).toEqual([]);
});

it.each(['auto', 'off'])(
  'the next start sweeps up after an owner whose watchdog died, too (cgroups: %s)',
  async (cgroups) => {
    const { owner, name } = await startOwner(cgroups);
    for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        if (command.includes('watchdog.sh') && command.includes(name)) process.kill(Number(pid), 'SIGKILL');
      } catch {}
    }
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(existsSync(join(folder, name))).toBe(true);
    const next = await executorFor(cgroups === 'off' ? 'off' : 'auto', folder);
    expect(processesOf(name)).toEqual([]);
    expect(existsSync(join(folder, name))).toBe(false);
    expect(cgroupsOf(name)).toEqual([]);
    expect(mountsOf(join(folder, name))).toEqual([]);
    expect(await loopDevicesOf(name)).toEqual([]);
    await next.close();
  },
);

it('an owner that was killed while it wrote down an environment leaves nothing by which those of others are ended', async () => {
  const mine = await startOwner('off');
  const dead = join(folder, 'tune-local-1-1-1-abcdef');
  mkdirSync(join(dead, 'e1'), { recursive: true });
  for (const file of ['mark', 'cgroups', 'leader']) writeFileSync(join(dead, 'e1', file), '');
  const before = processesOf(mine.name);
  await once(spawn('/bin/sh', [join(bootstrapsFolder, 'watchdog.sh'), dead, 'stale'], { stdio: 'ignore' }), 'exit');
  expect(existsSync(dead)).toBe(false);
  expect(processesOf(mine.name)).toEqual(before);
  process.kill(-(mine.owner.pid ?? 0), 'SIGKILL');
  await until(() => processesOf(mine.name).length === 0 && readdirSync(folder).length === 0);
});

it('does not touch what belongs to a living owner, or to nobody it knows', async () => {
  const first = await executorFor('auto', folder);
  // Of another container's processes: what number 1 of that one is, is not known here.
  const foreign = 'tune-local-1-1-2-abcdef';
  const parents = cgroupsOf(readdirSync(folder)[0] ?? '').map((group) => dirname(group));
  const groups = parents.map((parent) => join(parent, foreign));
  for (const group of groups) mkdirSync(group);
  mkdirSync(join(folder, foreign));
  writeFileSync(join(folder, foreign, 'keep'), '');
  const before = readdirSync(folder).sort();
  const second = await executorFor('auto', folder);
  const kept = groups.filter((group) => existsSync(group));
  for (const group of kept) rmdirSync(group);
  expect(kept).toEqual(groups);
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(before));
  await second.close();
  await first.close();
  expect(readdirSync(folder)).toEqual([foreign]);
});

it('removes the bundles and written code of dead processes, and those of living ones and of nobody it knows not', async () => {
  const living = `${ownedPrefix('bundle', process.pid)}abcdef`;
  // A process of this number that began at another time is gone.
  const dead = (['bundle', 'inline'] as const).map((kind) =>
    `${ownedPrefix(kind, process.pid)}abcdef`.replace(/-\d+(-\d+-abcdef)$/, '-1$1'),
  );
  const others = ['tune-bundle-abcdef', 'tune-bundle-1-1-2-abcdef', 'bundle'];
  for (const name of [living, ...dead, ...others]) {
    mkdirSync(join(folder, name));
    // Names that mean something in the folder of an executor.
    for (const file of ['cgroups', 'leader', 'mark']) writeFileSync(join(folder, name, file), '1');
  }
  const executor = await executorFor('off', folder);
  await executor.close();
  expect(readdirSync(folder).sort()).toEqual([living, ...others].sort());
});

it('forgets the process group of a runtime that has ended: its number can be another’s by the time the watchdog comes', async () => {
  const executor = await executorFor('off', folder);
  const environment = await executor.start(
    specOf('env-echo', { codeFolder: codeOf('export const handler = async () => process.pid;') }),
  );
  const leader = join(executor.folder, 'e1', 'leader');
  const pid = payloadOf(await invoke(environment));
  expect(readFileSync(leader, 'utf8')).toBe(String(pid));
  process.kill(pid, 'SIGKILL');
  await until(() => !existsSync(leader));
  expect(existsSync(leader)).toBe(false);
  expect(existsSync(join(executor.folder, 'e1', 'cgroups'))).toBe(true);
  await executor.close();
});
