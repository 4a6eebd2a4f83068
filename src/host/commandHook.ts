import { spawn } from 'node:child_process';
import type { Io } from '../base/io.ts';
import { present } from '../base/present.ts';
import type { Hook, HookAnswer } from '../model/hooks.ts';

/** What a command is told of the run besides its input. */
export interface CommandContext {
  readonly flag: string;
  readonly line: string;
  /** `TUNE_HOOK`, `TUNE_FUNCTION`, …: never credentials; what the user's own environment holds is theirs. */
  readonly variables: Readonly<Record<string, string>>;
  readonly longestMs: number;
}

type CommandIo = Pick<Io, 'env' | 'cwd' | 'sleep' | 'endProcessGroup'>;

/** Lambda takes no longer payload. */
const longestOutputBytes = 6 * 1024 * 1024;
const keptErrorBytes = 4096;
const keptLines = 10;
/** What it left running may hold its output open; that is not waited for. */
const outputGraceMs = 500;

/** A command of the user's: its input on standard input, its answer on standard output. It and what it started end together when it has to end. */
export function commandHook({ flag, line, variables, longestMs }: CommandContext, io: CommandIo): Hook {
  return {
    flag,
    kind: 'command',
    worstCaseUsd: 0,
    run: (input, signal) => runCommand(line, { ...io.env, ...variables }, input, longestMs, signal, io),
  };
}

function runCommand(
  line: string,
  env: Readonly<Record<string, string | undefined>>,
  input: string,
  longestMs: number,
  signal: AbortSignal,
  io: CommandIo,
): Promise<HookAnswer> {
  return new Promise((resolve) => {
    // A group of its own: the terminal's Ctrl-C is tune's to handle, and all that it started can be ended with it.
    const child = spawn(line, { shell: true, cwd: io.cwd, env: present(env), detached: true, stdio: 'pipe' });
    const settled = new AbortController();
    const stdout: Buffer[] = [];
    let stdoutBytes = 0;
    let stderr = '';
    let ended: string | undefined;
    const end = (why: string) => {
      ended ??= why;
      if (child.pid !== undefined) io.endProcessGroup(child.pid);
      // Where there are no groups.
      child.kill('SIGKILL');
    };
    const finish = (reason: string | undefined) => {
      if (settled.signal.aborted) return;
      settled.abort();
      signal.removeEventListener('abort', onAbort);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(
        reason === undefined
          ? { kind: 'done', output: Buffer.concat(stdout).toString('utf8'), costUsd: 0 }
          : { kind: 'failed', reason, lastLines: lastLinesOf(stderr), costUsd: 0 },
      );
    };
    const onAbort = () => end('the run was stopping');
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    void io.sleep(longestMs, settled.signal).then(() => {
      if (!settled.signal.aborted) end(`it took longer than ${longestMs / 1000} s`);
    });
    child.stdout.on('data', (bytes: Buffer) => {
      stdoutBytes += bytes.length;
      if (stdoutBytes > longestOutputBytes) end('its answer is longer than 6 MB');
      else stdout.push(bytes);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-keptErrorBytes);
    });
    // It need not read what it is given.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const failureOf = (code: number | null, killedBy: NodeJS.Signals | null) =>
      ended ?? (code === 0 ? undefined : killedBy === null ? `it exited with ${code}` : `it was ended by ${killedBy}`);
    child.on('error', (error: NodeJS.ErrnoException) =>
      finish(`it cannot be started (${error.code ?? 'unknown error'})`),
    );
    child.on('exit', (code, killedBy) => {
      void io.sleep(outputGraceMs, settled.signal).then(() => finish(failureOf(code, killedBy)));
    });
    child.on('close', (code, killedBy) => finish(failureOf(code, killedBy)));
  });
}

function lastLinesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-keptLines);
}
