import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { vi } from 'vitest';
import type { Interruption, Io } from '../../src/base/io.ts';
import { main } from '../../src/cli/cli.ts';
import { type Account, type Finished, root } from './support.ts';

export interface Surroundings {
  /** 1 by default. */
  readonly speed?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: Uint8Array;
  /** The wall clock. */
  readonly now?: () => Date;
}

/**
 * The whole program but for its process, with a clock that runs `speed` times as fast: for rules that take a minute
 * ("gives up after 60 s"). Waits are shortened, nothing else; the network and the endpoint take their real time.
 */
export async function runTuneQuickly(
  args: readonly string[],
  account: Account,
  { speed = 1, env = {}, cwd = root, stdin = new Uint8Array(), now = () => new Date() }: Surroundings = {},
): Promise<Finished> {
  // The SDK reads the process's own environment.
  const variables = { ...account.env, ...env };
  for (const [name, value] of Object.entries(variables)) if (name.startsWith('AWS_')) vi.stubEnv(name, value);
  const interrupt = new AbortController();
  const out = { stdout: '', stderr: '' };
  const output = (name: keyof typeof out): Io['stdout'] => ({
    write: (text) => {
      out[name] += text;
    },
    stream: process.stderr,
    isTty: false,
    columns: 120,
  });
  const io: Io = {
    env: variables,
    cwd,
    pid: process.pid,
    parentPid: () => process.ppid,
    execPath: process.execPath,
    nodeVersion: process.version,
    platform: process.platform,
    hostArchitecture: process.arch,
    hostname: 'test',
    homeDirectory: account.stateFolder,
    temporaryDirectory: variables.TMPDIR ?? tmpdir(),
    cores: 2,
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdin: { isTty: false, read: async () => stdin },
    ask: async () => false,
    now,
    monotonicMs: () => performance.now() * speed,
    random: Math.random,
    randomUuid: () => crypto.randomUUID(),
    sleep: async (ms, signal) => {
      await wait(ms / speed, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    },
    interrupted: interrupt.signal,
    interrupt: (signal, cause) => interrupt.abort({ signal, cause } satisfies Interruption),
    onHardExit: () => undefined,
    processExists: () => true,
  };
  try {
    return { code: await main(args, io), signal: null, ...out };
  } finally {
    vi.unstubAllEnvs();
  }
}
