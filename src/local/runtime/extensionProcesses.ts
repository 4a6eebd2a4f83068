import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { kill } from 'node:process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Extensions, ShutdownReason } from '../extensions/extensions.ts';
import type { AboutFunction } from '../extensions/lifeEvents.ts';
import { bootstrapsFolder } from '../launch/runtimes.ts';
import type { EnvironmentSpec } from '../service/execution.ts';
import { runtimeVersion, runtimeVersionArn } from '../service/runtimeVersion.ts';

/** The processes of external extensions (bootstraps/extensions.sh), as the sandbox that they run in sees them. */
export interface ExternalProcesses {
  startRuntime(): void;
  pids(): readonly number[];
  hasExited(): boolean;
  /** Ends those that are not to end themselves. */
  kill(but: readonly string[]): void;
  /** Resolves when all have ended. */
  readonly ended: Promise<void>;
}

export const noExternal: ExternalProcesses = {
  startRuntime: () => undefined,
  pids: () => [],
  hasExited: () => false,
  kill: () => undefined,
  ended: Promise.resolve(),
};

/** The command that starts the extensions first. */
export function behindExtensions(
  { command, extensions }: { readonly command: readonly string[]; readonly extensions: readonly string[] },
  optFolder: string,
): readonly string[] {
  const programs = extensions.map((name) => join(optFolder, 'extensions', name));
  return ['/bin/sh', join(bootstrapsFolder, 'extensions.sh'), String(programs.length), ...programs, ...command];
}

/** Reads what extensions.sh says of them, for as long as it runs. */
export function followExtensions(
  child: ChildProcess,
  names: readonly string[],
  extensions: Pick<Extensions, 'exited'>,
): ExternalProcesses {
  // The types know five of them.
  const pipes: readonly unknown[] = child.stdio;
  const [start, told] = pipes.slice(4) as [Writable, Readable];
  const pids = new Map<number, number>();
  const exited = new Set<number>();
  let allEnded = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    allEnded = resolve;
  });
  let text = '';

  function read(line: string): void {
    const [, what, number, value] = /^(pid|exit) (\d+) (\d+)$/.exec(line) ?? [];
    if (what === 'pid') pids.set(Number(number), Number(value));
    if (what !== 'exit') return;
    exited.add(Number(number));
    pids.delete(Number(number));
    if (exited.size === names.length) allEnded();
    extensions.exited(names[Number(number)] ?? '', Number(value));
  }

  told.on('data', (chunk: Buffer) => {
    const lines = (text + chunk.toString()).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) read(line);
  });
  // All shells that could tell are gone.
  told.once('close', () => allEnded());
  told.on('error', () => {});
  start.on('error', () => {});
  for (const stream of [start, told]) unref(stream);

  return {
    startRuntime: () => start.end('\n'),
    pids: () => [...pids.values()],
    hasExited: () => exited.size > 0,
    kill(but) {
      for (const [number, pid] of pids) {
        if (but.includes(names[number] ?? '')) continue;
        try {
          kill(pid, 'SIGKILL');
        } catch {}
      }
    },
    ended,
  };
}

/** "2,000 ms with an external extension, 500 ms with internal ones alone" (AWS docs, lambda-runtime-environment). */
const shutdownMs = { external: 2000, internal: 500 };
/** Of it, for the runtime: as in AWS's runtime interface emulator. */
const runtimeShare = 0.3;

/** The Shutdown phase: the runtime first, then the extensions that asked to be told. What is left is ended by the caller. */
export async function endGently({
  child,
  runtimeGone,
  extensions,
  external,
  reason,
}: {
  readonly child: ChildProcess;
  readonly runtimeGone: Promise<void>;
  readonly extensions: Extensions;
  readonly external: ExternalProcesses;
  readonly reason: ShutdownReason;
}): Promise<void> {
  const availableMs = external === noExternal ? shutdownMs.internal : shutdownMs.external;
  const deadlineEpochMs = Date.now() + availableMs;
  child.kill('SIGTERM');
  await within(availableMs * runtimeShare, runtimeGone);
  child.kill('SIGKILL');
  if (external === noExternal) return;
  const told = extensions.shutdownNames();
  external.kill(told);
  // What happened last belongs to what they may want to send.
  void extensions.flush();
  extensions.shutDown(reason, deadlineEpochMs);
  await within(deadlineEpochMs - Date.now(), external.ended);
}

async function within(limitMs: number, ended: Promise<void>): Promise<void> {
  const over = new AbortController();
  const limit = wait(Math.max(0, limitMs), undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([ended, limit]);
  over.abort();
}

export function aboutFunction(spec: EnvironmentSpec): AboutFunction {
  const { functionName, functionArn, version, handler, memoryMb, logStreamName } = spec;
  return {
    ...{ functionName, functionArn, version, handler, memoryMb },
    instanceId: logStreamName,
    runtimeVersion: runtimeVersion(spec.runtime),
    runtimeVersionArn: runtimeVersionArn(spec.region),
  };
}

function unref(stream: object): void {
  if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
}
