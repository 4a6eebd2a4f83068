import type { ChildProcess } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import type { Readable } from 'node:stream';

/**
 * When a runtime began, by what it said on its own clock: seen late, as on a busy host, an init would come out too short.
 * `told` is its epoch in nanoseconds, or anything where the host's tools have none; then it is the moment it was seen.
 * All other moments are of `performance.now()`; clocks that were set meanwhile cannot move it out of what is possible.
 */
export function startedAtMs(
  told: string,
  openedAtMs: number,
  seen: { readonly nowMs: number; readonly epochMs: number },
): number {
  if (!/^\d{19}\n$/.test(told)) return seen.nowMs;
  const agoMs = seen.epochMs - Number(told) / 1e6;
  return Math.min(seen.nowMs, Math.max(openedAtMs, seen.nowMs - agoMs));
}

/** Hears it on the channel that the scripts on the way to a runtime write to. */
export function announceStart(child: ChildProcess, openedAtMs: number, started: (atMs: number) => void): void {
  const starting = child.stdio[3] as Readable;
  starting.once('data', (told: Buffer) => {
    const seen = { nowMs: performance.now(), epochMs: Date.now() };
    started(startedAtMs(told.toString(), openedAtMs, seen));
  });
  starting.on('error', () => {});
}
