import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { processIdentity, processView } from '../../src/host/liveness.ts';
import { parseProcessStat } from '../../src/host/processTable.ts';
import { livenessOf } from '../../src/state/liveness.ts';

const seen = {
  hostname: hostname(),
  platform: process.platform,
  processExists(pid: number) {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  },
};

describe('the process table', () => {
  it('counts the fields of /proc/<pid>/stat from the last parenthesis, since the command may hold any text', () => {
    const text =
      '8800 (a) b (c) 1 2) S 8799 8758 3892 34816 8758 4194304 100 0 0 0 0 0 0 0 20 0 1 0 141497 3133440 384 18446744073709551615';
    expect(parseProcessStat(text)).toEqual({
      pid: 8800,
      parentPid: 8799,
      groupId: 8758,
      sessionId: 3892,
      foregroundGroupId: 8758,
      startedAt: '141497',
      ended: false,
    });
  });

  it('knows a process without a terminal and a zombie', () => {
    const text = '7 (sh) Z 1 7 7 0 -1 4194304 100 0 0 0 0 0 0 0 20 0 1 0 55 0 0';
    expect(parseProcessStat(text)).toEqual({
      pid: 7,
      parentPid: 1,
      groupId: 7,
      sessionId: 7,
      startedAt: '55',
      ended: true,
    });
  });

  it('answers undefined for text that is no stat line', () => {
    expect(parseProcessStat('')).toBeUndefined();
    expect(parseProcessStat('7 (sh) S 1')).toBeUndefined();
  });
});

describe('liveness of real processes', () => {
  it('sees this process alive', () => {
    expect(livenessOf(processIdentity({ ...seen, pid: process.pid }), processView(seen))).toBe(
      process.platform === 'linux' ? 'alive' : 'unknown',
    );
  });

  it.runIf(process.platform === 'linux')(
    'sees a killed process as dead, even before its parent has read the exit code',
    async () => {
      // The shell kills its child and never waits for it: a zombie.
      const shell = spawn('bash', ['-c', 'sleep 100 & echo $!; exec sleep 100'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      try {
        const [line] = await once(shell.stdout, 'data');
        const pid = Number(String(line).trim());
        const identity = processIdentity({ ...seen, pid });
        expect(livenessOf(identity, processView(seen))).toBe('alive');
        process.kill(pid, 'SIGKILL');
        await expect.poll(() => livenessOf(identity, processView(seen))).toBe('dead');
        expect(seen.processExists(pid)).toBe(true);
      } finally {
        shell.kill('SIGKILL');
      }
    },
  );
});
