import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageFolder } from '../../../src/base/packageFolder.ts';
import { probeConfinement, toolPathOf } from '../../../src/local/places/confinement.ts';
import { startProcessExecutor } from '../../../src/local/runtime/processExecutor.ts';
import { invoke, payloadOf, specOf } from '../execution.ts';

/** Clears /tmp as people's functions do, then tries to write wherever its arguments in `places.json` say. */
const clearing = `
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
const attempt = (act) => { try { act(); return 'written'; } catch (error) { return error.code ?? error.message; } };
export const handler = async () => {
  const places = JSON.parse(readFileSync(new URL('places.json', import.meta.url)));
  execFileSync('sh', ['-c', 'rm -rf -- /tmp/* "$@" || true', 'sh', ...places], { stdio: 'ignore' });
  return {
    tmp: readdirSync('/tmp').sort(),
    afterwards: attempt(() => writeFileSync('/tmp/own', '1')),
    elsewhere: places.map((place) => attempt(() => writeFileSync(place + '/new', '1'))),
    remounted: attempt(() => execFileSync('mount', ['-o', 'remount,bind,rw', '/'], { stdio: 'ignore' })) === 'written',
    root: process.env.LAMBDA_TASK_ROOT,
  };
};`;

/** Where this package lies below /tmp, functions find the AWS SDK there. */
const ofThisPackage = packageFolder.startsWith('/tmp/') ? packageFolder.split('/').slice(2, 3) : [];

let folders: string[] = [];
let victims: string[] = [];

beforeEach(() => {
  folders = ['/tmp', '/var/tmp', tmpdir()].map((parent) => mkdtempSync(join(parent, 'enclosure #test-')));
  victims = folders.map((folder) => join(folder, 'victim'));
  for (const folder of folders) {
    chmodSync(folder, 0o777);
    for (const name of ['victim', 'code', 'own']) mkdirSync(join(folder, name));
    for (const name of ['victim', 'own']) chmodSync(join(folder, name), 0o777);
    writeFileSync(join(folder, 'victim', 'kept.txt'), 'the user’s own');
    writeFileSync(join(folder, 'code', 'index.mjs'), clearing);
    writeFileSync(join(folder, 'code', 'places.json'), JSON.stringify([...victims, join(folder, 'code'), '/var/task']));
  }
});
afterEach(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const { enclosure } = await probeConfinement(toolPathOf(process.env.PATH ?? ''), tmpdir());
/** Any that is neither root nor nobody. */
const otherUser = { uid: 61_234, gid: 61_234 };

function called(folder: string, as: { uid?: number; gid?: number } = {}, path = process.env.PATH ?? '') {
  const script = fileURLToPath(new URL('enclosedCall.ts', import.meta.url));
  const args = ['--import', 'tsx', script, join(folder, 'code'), join(folder, 'own')];
  const env = { PATH: path, TMPDIR: join(folder, 'own') };
  return JSON.parse(execFileSync(process.execPath, args, { ...as, env, encoding: 'utf8' }));
}

describe.runIf(enclosure !== undefined)('where a mount namespace can be had', () => {
  it.each([
    [0, 'in /tmp'],
    [1, 'in /var/tmp'],
  ])('a function that clears /tmp and more deletes and writes nothing of the host (%i: %s)', (index) => {
    const { payload, notices } = called(folders[index] ?? '');
    expect(payload).toEqual({
      tmp: ofThisPackage,
      afterwards: 'written',
      elsewhere: expect.not.arrayContaining(['written']),
      remounted: false,
      root: '/var/task',
    });
    expect(payload.elsewhere).toHaveLength(5);
    expect(notices).not.toContain('tmp-shared');
    for (const victim of victims) expect(readdirSync(victim)).toEqual(['kept.txt']);
    expect(readdirSync(join(folders[index] ?? '', 'code'))).toEqual(['index.mjs', 'places.json']);
    expect(readdirSync(join(folders[index] ?? '', 'own')).filter((name) => name.startsWith('tune-'))).toEqual([]);
  });

  it.runIf(userInfo().uid === 0)('nor does it when it is run by another user than root', () => {
    const [folder = ''] = folders;
    const { payload } = called(folder, otherUser);
    expect(payload).toMatchObject({ tmp: ofThisPackage, afterwards: 'written', remounted: false });
    expect(payload.elsewhere).not.toContain('written');
    for (const victim of victims) expect(readdirSync(victim)).toEqual(['kept.txt']);
  });

  it('an interpreter below /tmp stays visible there, and cannot be deleted', async () => {
    const [folder = ''] = folders;
    const program = join(folder, 'node', 'bin', 'node');
    mkdirSync(dirname(program), { recursive: true });
    symlinkSync(process.execPath, program);
    const executor = await startProcessExecutor({
      temporaryFolder: join(folder, 'own'),
      hostEnvironment: { PATH: process.env.PATH ?? '' },
      execPath: program,
      pid: process.pid,
    });
    const environment = await executor.start(specOf('', { codeFolder: join(folder, 'code') }));
    const result = await invoke(environment);
    await executor.close();
    expect(payloadOf(result)).toMatchObject({
      tmp: [basename(folder), ...ofThisPackage].sort(),
      afterwards: 'written',
    });
    expect(existsSync(program)).toBe(true);
  });
});

it('says before anything runs that nothing separates a function from the files where no namespace can be had', async () => {
  const [folder = ''] = folders;
  const fake = join(folder, 'own', 'bin');
  mkdirSync(fake);
  writeFileSync(join(fake, 'unshare'), '#!/bin/sh\nexit 1\n');
  chmodSync(join(fake, 'unshare'), 0o755);
  const { notices } = await probeConfinement(toolPathOf(`${fake}:${process.env.PATH}`), join(folder, 'own'));
  expect(notices).toEqual([
    { code: 'tmp-shared', text: expect.stringContaining('one that clears /tmp clears this machine') },
  ]);
});
