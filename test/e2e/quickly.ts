import { tmpdir } from 'node:os';
import { vi } from 'vitest';
import { main } from '../../src/cli/cli.ts';
import { fakeIo } from '../support/fakeIo.ts';
import { type Finished, root } from './support.ts';

export interface Surroundings {
  /** How many times as fast waits pass: 20 by default. */
  readonly speed?: number;
  readonly cwd?: string;
  readonly stdin?: Uint8Array;
  /** The wall clock. */
  readonly now?: () => Date;
}

/**
 * The whole program but for its process, with a clock that runs `speed` times as fast: its pace in the account, and rules that
 * take a minute ("gives up after 60 s"), are not waited for. Waits are shortened, nothing else; the network and the endpoint take
 * their real time. Takes what `runTune` takes: where a process, a signal or a pipe is the point, that one is the right one.
 */
export async function runTuneQuickly(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { speed = 20, cwd = root, stdin = new Uint8Array(), now = () => new Date() }: Surroundings = {},
): Promise<Finished> {
  // The SDK reads the process's own environment.
  for (const [name, value] of Object.entries(env)) if (name.startsWith('AWS_')) vi.stubEnv(name, value);
  const fake = fakeIo({
    env,
    cwd,
    homeDirectory: env.HOME ?? tmpdir(),
    temporaryDirectory: env.TMPDIR ?? tmpdir(),
    columns: 120,
    input: stdin,
    now,
    speed,
  });
  try {
    const code = await main(args, fake.io);
    return { code, signal: null, stdout: fake.stdout(), stderr: fake.stderr() };
  } finally {
    vi.unstubAllEnvs();
  }
}
