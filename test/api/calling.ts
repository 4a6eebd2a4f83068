import { type Api, createApi } from '../../src/index.ts';
import { root } from '../e2e/support.ts';
import { fakeFacts } from '../support/fakeIo.ts';

/**
 * The package's functions as a program in this process would call them, with a state folder of the test. Waits pass `speed` times
 * as fast, for an account whose pace is not the point.
 */
export function apiIn(folder: string, env: Readonly<Record<string, string>> = {}, speed = 1): Api {
  const facts = fakeFacts({
    env: { PATH: process.env.PATH, HOME: folder, TUNE_STATE_DIR: folder, ...env },
    cwd: root,
    homeDirectory: folder,
    speed,
  });
  return createApi(() => facts);
}
