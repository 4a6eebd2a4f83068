import type { ChildProcess } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import type { Readable } from 'node:stream';

/**
 * When a runtime began, by what it said on its own clock: seen late, as on a busy host, an init would come out too short.
 * `told` begins with its epoch in nanoseconds, or is anything where the host's tools have none; then it is the moment it was seen.
 * All other moments are of `performance.now()`; clocks that were set meanwhile cannot move it out of what is possible.
 */
export function startedAtMs(
  told: string,
  openedAtMs: number,
  seen: { readonly nowMs: number; readonly epochMs: number },
): number {
  const epochNs = /^(\d{19})(?: [\d ]*)?\n$/.exec(told)?.[1];
  if (epochNs === undefined) return seen.nowMs;
  const agoMs = seen.epochMs - Number(epochNs) / 1e6;
  return Math.min(seen.nowMs, Math.max(openedAtMs, seen.nowMs - agoMs));
}

/** Of a thread, since it began. */
export interface ThreadUse {
  readonly ranMs: number;
  readonly waitedMs: number;
}

/** What the process that becomes the runtime said it had used by then (schedstat, in nanoseconds); undefined where the host does not count. */
export function usedUntilStart(told: string): ThreadUse | undefined {
  const [, ranNs, waitedNs] = /^\d* (\d+) (\d+)(?: \d+)*\n$/.exec(told) ?? [];
  if (ranNs === undefined || waitedNs === undefined) return undefined;
  return { ranMs: Number(ranNs) / 1e6, waitedMs: Number(waitedNs) / 1e6 };
}

export interface Started {
  readonly atMs: number;
  readonly usedUntil: ThreadUse | undefined;
}

/** Hears it on the channel that the scripts on the way to a runtime write to. */
export function announceStart(child: ChildProcess, openedAtMs: number, started: (start: Started) => void): void {
  const starting = child.stdio[3] as Readable;
  starting.once('data', (told: Buffer) => {
    const seen = { nowMs: performance.now(), epochMs: Date.now() };
    const text = told.toString();
    started({ atMs: startedAtMs(text, openedAtMs, seen), usedUntil: usedUntilStart(text) });
  });
  starting.on('error', () => {});
}
