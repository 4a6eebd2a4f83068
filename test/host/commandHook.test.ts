import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandHook } from '../../src/host/commandHook.ts';
import { readProcess } from '../../src/host/processTable.ts';
import { fakeFacts } from '../support/fakeIo.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hook-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const hook = (line: string, longestMs = 60_000) =>
  commandHook(
    { flag: '--before', line, variables: { TUNE_HOOK: 'before' }, longestMs },
    fakeFacts({ speed: 1, cwd: folder, env: { PATH: '/usr/bin:/bin', MINE: 'yes' } }),
  );

describe('a hook that is a command', () => {
  it('reads its input and answers on standard output, in the folder and with the environment of the user', async () => {
    expect(await hook('cat; echo ":$MINE:$TUNE_HOOK:$PWD"').run('{"a":1}', never)).toEqual({
      kind: 'done',
      output: `{"a":1}:yes:before:${folder}\n`,
      costUsd: 0,
    });
  });

  it('need not read its input', async () => {
    expect(await hook('exit 0').run('x'.repeat(2_000_000), never)).toMatchObject({ kind: 'done', output: '' });
  });

  it('fails by its exit code, and what it said is kept apart from why', async () => {
    expect(await hook('echo one >&2; echo two >&2; exit 3').run('', never)).toEqual({
      kind: 'failed',
      reason: 'it exited with 3',
      lastLines: ['one', 'two'],
      costUsd: 0,
    });
    expect(await hook('no-such-command').run('', never)).toMatchObject({ reason: 'it exited with 127' });
  });

  it('that takes too long, or when the run stops, is ended with all that it started', async () => {
    const sleeping = 'sleep 300 & echo $! > pid; wait';
    expect(await hook(sleeping, 300).run('', never)).toMatchObject({ reason: 'it took longer than 0.3 s' });
    expect(await endedSoon(await readFile(join(folder, 'pid'), 'utf8'))).toBe(true);
    const stop = new AbortController();
    const running = hook('sleep 300').run('', stop.signal);
    stop.abort();
    expect(await running).toMatchObject({ reason: 'the run was stopping' });
  });

  it('may leave something running that it started for the run', async () => {
    const answer = await hook('sleep 300 & echo $! > pid; echo ready').run('', never);
    expect(answer).toMatchObject({ kind: 'done', output: 'ready\n' });
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
    expect(readProcess(pid)).toMatchObject({ ended: false });
    process.kill(pid, 'SIGKILL');
  });

  it('may not answer more than Lambda takes', async () => {
    expect(await hook('head -c 7000000 /dev/zero').run('', never)).toMatchObject({
      reason: 'its answer is longer than 6 MB',
    });
  });
});

/** A kill takes a moment to be carried out. */
async function endedSoon(pid: string): Promise<boolean> {
  for (;;) {
    const found = readProcess(Number(pid));
    if (found === 'gone' || (typeof found === 'object' && found.ended)) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
