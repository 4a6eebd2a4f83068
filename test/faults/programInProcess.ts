import { tmpdir } from 'node:os';
import type { Interruption } from '../../src/base/io.ts';
import { main } from '../../src/cli/cli.ts';
import { canary, type Finished } from '../e2e/support.ts';
import { fakeIo } from '../support/fakeIo.ts';
import { letClocksDiffer, underClock } from './programClock.ts';

/** How many times as fast as real time the program's own waits pass: pauses, rates, timeouts of its clients. */
const speed = 20;

/**
 * The SDK reads the process's own environment: set once, what differs between accounts goes by options. Its timers run on
 * the program's clock, too. Returns what puts all back.
 */
export function prepareProcess(): () => void {
  const saved = { ...process.env };
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
    AWS_SECRET_ACCESS_KEY: `${canary}-key`,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  });
  const real = globalThis.setTimeout;
  const quick = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
    real(callback, ms >= 50 ? ms / speed : ms, ...args);
  globalThis.setTimeout = Object.assign(quick, real) as typeof setTimeout;
  const sameClocks = letClocksDiffer();
  return () => {
    sameClocks();
    globalThis.setTimeout = real;
    process.env = saved;
  };
}

export interface Program {
  readonly finished: Promise<Finished>;
  interrupt(signal: Interruption['signal']): void;
}

/** No process has it, so that a journal written here is a dead run's to every later clean-up. */
const deadPid = 2 ** 22 + 1;

export interface Circumstances {
  /** This process's own, so that the run is alive to all who look for it. */
  readonly pid?: number;
  readonly now?: () => Date;
}

/** The whole program but for its process, which is dead to all who look for it unless another one is named. */
export function startProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  random: () => number,
  { pid = deadPid, now = () => new Date() }: Circumstances = {},
): Program {
  const fake = fakeIo({
    env,
    cwd: tmpdir(),
    pid,
    homeDirectory: env.HOME ?? '',
    temporaryDirectory: env.HOME ?? tmpdir(),
    columns: 120,
    now,
    random,
    speed,
    processExists: (pid) => pid !== deadPid && processExists(pid),
  });
  return {
    finished: underClock(now, () => main(args, fake.io)).then((code) => ({
      code,
      signal: null,
      stdout: fake.stdout(),
      stderr: fake.stderr(),
    })),
    interrupt: (signal) => fake.io.interrupt(signal, signal),
  };
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
