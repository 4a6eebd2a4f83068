import { tmpdir } from 'node:os';
import { vi } from 'vitest';
import { main } from '../../src/cli/cli.ts';
import { fakeIo } from '../support/fakeIo.ts';
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
  const fake = fakeIo({
    env: variables,
    cwd,
    homeDirectory: account.stateFolder,
    temporaryDirectory: variables.TMPDIR ?? tmpdir(),
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
