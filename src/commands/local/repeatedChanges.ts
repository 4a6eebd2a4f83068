/**
 * Tells what changes because files are read again (a log of our own output, what another program writes at each reload) from what
 * people change: it is waited for twice as long each time that a reload was followed by a change of the same file. Whoever types
 * goes on during the wait, and then the change does not follow a reload; what we cause ourselves stays quiet until the next one.
 */
export interface RepeatedChanges {
  /** @param atMs when */
  seen(path: string, atMs: number): void;
  begun(): void;
  /** @param atMs when it was over */
  ended(atMs: number): void;
  /** How long to wait for more before files are read again. */
  waitMs(): number;
  isLeftOut(path: string): boolean;
}

/** Editors write a file in several steps, and build tools many files. */
const quietMs = 150;

/** What is caused by a reload comes within it, also through a pipe and from a slow program. */
const followsWithinMs = 1000;

/** The last one was waited for 2.4 s, in which nothing changed, and a second later it had: nobody types so. */
const mostInARow = 5;

/** @param leftOut told once of each file that is not looked at any more */
export function repeatedChanges(leftOut: (path: string) => void): RepeatedChanges {
  const all = new Set<string>();
  let inARow: ReadonlyMap<string, number> = new Map();
  let followed = new Set<string>();
  let waiting = new Set<string>();
  let endedMs: number | undefined;
  let isWorking = false;
  const times = (path: string) => (followed.has(path) ? (inARow.get(path) ?? 0) + 1 : 0);
  return {
    seen(path, atMs) {
      if (all.has(path)) return;
      waiting.add(path);
      if (isWorking || (endedMs !== undefined && atMs - endedMs <= followsWithinMs)) followed.add(path);
      if (times(path) < mostInARow) return;
      all.add(path);
      waiting.delete(path);
      leftOut(path);
    },
    begun() {
      isWorking = true;
      inARow = new Map([...followed].map((path) => [path, times(path)]));
      followed = new Set();
      waiting = new Set();
    },
    ended(atMs) {
      isWorking = false;
      endedMs = atMs;
    },
    waitMs: () => quietMs * 2 ** (waiting.size === 0 ? 0 : Math.min(...[...waiting].map(times))),
    isLeftOut: (path) => all.has(path),
  };
}
