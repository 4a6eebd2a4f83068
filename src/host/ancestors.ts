import type { ProcessEntry, ProcessLookup } from './processTable.ts';

/**
 * A cancelled CI job often kills only the shell that started us: Node, behind `bash -e` or `npx`, gets no signal and would
 * go on alone (measured on Linux: none under bash, none under npx). So the processes above are watched, and one that
 * vanishes counts as SIGTERM.
 *
 * How far up: `npx` stays when its caller dies, and where /bin/sh is dash a `sh -c` stands between (tune ← sh ← npm exec ←
 * bash): three levels. Never beyond the own session: what is above belongs to whoever gave us the terminal or the job.
 */
const levels = 3;

export interface AncestorWatch {
  readProcess(pid: number): ProcessLookup;
  readonly pid: number;
  readonly intervalMs: number;
  /** Called once at most. `cause` is a sentence part: "the process that started tune is gone". */
  onLost(cause: string): void;
  /** Repeats `tick`; must not keep the process alive by itself. Returns what stops it. */
  setTimer(tick: () => void, intervalMs: number): () => void;
  /** Where there is no /proc: the present parent's pid (`process.ppid`), which changes when the parent dies. */
  parentPid?(): number;
}

/** Starts watching and returns what ends it. */
export function watchAncestors(watch: AncestorWatch): () => void {
  const isLost = lossDetector(watch);
  if (isLost === undefined) return () => {};
  const stop = watch.setTimer(() => {
    if (!isLost()) return;
    stop();
    watch.onLost('the process that started tune is gone');
  }, watch.intervalMs);
  return stop;
}

/** A timer for `AncestorWatch.setTimer` that lets the process end. */
export function unreferencedTimer(tick: () => void, intervalMs: number): () => void {
  const timer = setInterval(tick, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

function lossDetector({ readProcess, pid, parentPid }: AncestorWatch): (() => boolean) | undefined {
  const self = readProcess(pid);
  if (typeof self === 'string') {
    const parent = parentPid?.();
    return parent === undefined || parent <= 1 ? undefined : () => parentPid?.() !== parent;
  }
  const watched = ancestorsToWatch(self, readProcess);
  if (watched.length === 0) return undefined;
  return () => watched.some((ancestor) => isGone(ancestor, readProcess(ancestor.pid)));
}

/**
 * Empty for a process that was started to outlive its starter: as a session of its own (setsid), as a child of init, or
 * in the background of an interactive shell (`nohup tune … &`). nohup itself cannot be seen: Node resets the ignored
 * signals that it inherits.
 */
function ancestorsToWatch(self: ProcessEntry, readProcess: (pid: number) => ProcessLookup): readonly ProcessEntry[] {
  if (self.foregroundGroupId !== undefined && self.foregroundGroupId !== self.groupId) return [];
  const watched: ProcessEntry[] = [];
  let child = self;
  while (watched.length < levels && child.parentPid > 1) {
    const parent = readProcess(child.parentPid);
    if (typeof parent === 'string' || parent.ended || parent.sessionId !== self.sessionId) break;
    watched.push(parent);
    child = parent;
  }
  return watched;
}

function isGone(then: ProcessEntry, now: ProcessLookup): boolean {
  if (now === 'unreadable') return false;
  return now === 'gone' || now.ended || now.startedAt !== then.startedAt;
}
