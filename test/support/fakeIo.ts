import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { Interruption, Io, ProcessFacts, TextOutput } from '../../src/base/io.ts';

/** What a test says of the process that it plays to the program; the rest is a quiet process without a terminal. */
export interface FakeProcess extends Partial<Omit<Io, 'stdin' | 'stdout' | 'stderr'>> {
  /** All three streams are a terminal's. */
  readonly terminal?: boolean;
  /** Somebody sits at the terminal and answers every question so. */
  readonly answer?: boolean;
  readonly columns?: number;
  /** What comes in on standard input. */
  readonly input?: Uint8Array;
  /** How many times as fast as real time waits pass. Without it nothing really waits: its clock moves only when it sleeps. */
  readonly speed?: number;
}

export interface FakeIo {
  readonly io: Io;
  readonly questions: readonly string[];
  stdout(): string;
  stderr(): string;
}

/** The one process that tests hand to the program instead of the real one: it keeps what is written and asked. */
export function fakeIo(change: FakeProcess = {}): FakeIo {
  const { answer, terminal = answer !== undefined, columns = 80, input = new Uint8Array(), speed, ...more } = change;
  const written = { stdout: '', stderr: '' };
  const questions: string[] = [];
  const interruption = new AbortController();
  const output = (name: keyof typeof written): TextOutput => ({
    write(text) {
      written[name] += text;
    },
    // Only what draws over what it wrote uses it, which needs a terminal.
    stream: process.stderr,
    isTty: terminal,
    columns,
  });
  const io: Io = {
    ...fakeFacts({ speed }),
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdin: { isTty: terminal, read: async () => input },
    async ask(question) {
      questions.push(question);
      return answer === true;
    },
    interrupted: interruption.signal,
    interrupt: (signal, cause) => interruption.abort({ signal, cause } satisfies Interruption),
    onHardExit: () => undefined,
    ...more,
  };
  return { io, questions, stdout: () => written.stdout, stderr: () => written.stderr };
}

/** What a program that uses the package's API has of its process: no streams, no signals. */
export function fakeFacts({
  speed,
  ...more
}: Partial<ProcessFacts> & { readonly speed?: number | undefined } = {}): ProcessFacts {
  return {
    env: {},
    cwd: '/nowhere',
    pid: process.pid,
    parentPid: () => process.ppid,
    execPath: process.execPath,
    nodeVersion: process.version,
    platform: process.platform,
    hostArchitecture: process.arch,
    hostname: 'test',
    homeDirectory: '/nowhere',
    temporaryDirectory: tmpdir(),
    cores: 2,
    now: () => new Date(),
    random: Math.random,
    randomUuid: () => crypto.randomUUID(),
    processExists: () => true,
    endProcessGroup(pid) {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    },
    ...(speed === undefined ? clockThatSleeps() : quickClock(speed)),
    ...more,
  };
}

function clockThatSleeps(): Pick<ProcessFacts, 'monotonicMs' | 'sleep'> {
  let nowMs = 0;
  return {
    monotonicMs: () => nowMs,
    async sleep(ms) {
      nowMs += ms;
    },
  };
}

function quickClock(speed: number): Pick<ProcessFacts, 'monotonicMs' | 'sleep'> {
  return {
    monotonicMs: () => performance.now() * speed,
    async sleep(ms, signal) {
      await wait(ms / speed, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    },
  };
}
