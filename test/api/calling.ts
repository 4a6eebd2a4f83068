import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { ProcessFacts } from '../../src/base/io.ts';
import { type Api, createApi } from '../../src/index.ts';
import { root } from '../e2e/support.ts';

/** The package's functions as a program in this process would call them, with a state folder of the test. */
export function apiIn(folder: string, env: Readonly<Record<string, string>> = {}): Api {
  const facts: ProcessFacts = {
    env: { PATH: process.env.PATH, HOME: folder, TUNE_STATE_DIR: folder, ...env },
    cwd: root,
    pid: process.pid,
    parentPid: () => process.ppid,
    execPath: process.execPath,
    nodeVersion: process.version,
    platform: process.platform,
    hostArchitecture: process.arch,
    hostname: 'test',
    homeDirectory: folder,
    temporaryDirectory: tmpdir(),
    cores: 2,
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    random: Math.random,
    randomUuid: () => crypto.randomUUID(),
    async sleep(ms, signal) {
      await wait(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    },
    processExists: () => true,
  };
  return createApi(() => facts);
}
