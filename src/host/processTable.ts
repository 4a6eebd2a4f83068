import { readFileSync } from 'node:fs';

/** One row of the process table. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  readonly groupId: number;
  readonly sessionId: number;
  /** Foreground process group of its terminal; undefined without a terminal. */
  readonly foregroundGroupId?: number | undefined;
  /** Clock ticks since boot. With the pid it names a process for as long as the machine is up. */
  readonly startedAt: string;
  /** It ended and only its exit code is left (zombie): it does nothing any more. */
  readonly ended: boolean;
}

/** `gone` also where there is no /proc; `unreadable` is no news (too many open files, another user's process). */
export type ProcessLookup = ProcessEntry | 'gone' | 'unreadable';

/** Linux only. */
export function readProcess(pid: number): ProcessLookup {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? 'unreadable';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ESRCH' ? 'gone' : 'unreadable';
  }
}

/**
 * `/proc/<pid>/stat`, proc_pid_stat(5). The second field is the command in parentheses and may itself hold spaces and
 * parentheses, so fields are counted from the last one.
 */
export function parseProcessStat(text: string): ProcessEntry | undefined {
  const pid = /^(\d+) \(/.exec(text)?.[1];
  const [state, parentPid, groupId, sessionId, terminal, foregroundGroupId, ...rest] = text
    .slice(text.lastIndexOf(')') + 2)
    .trimEnd()
    .split(' ');
  const startedAt = rest[13];
  if (pid === undefined || state === undefined || startedAt === undefined || !/^\d+$/.test(startedAt)) return undefined;
  return {
    pid: Number(pid),
    parentPid: Number(parentPid),
    groupId: Number(groupId),
    sessionId: Number(sessionId),
    foregroundGroupId: terminal === '0' ? undefined : Number(foregroundGroupId),
    startedAt,
    ended: state === 'Z' || state === 'X' || state === 'x',
  };
}
