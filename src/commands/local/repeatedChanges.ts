import { basename, dirname, join } from 'node:path';

/**
 * Tells what changes because files are read again (a log of our own output, what another program writes at each reload) from what
 * people change: it is waited for twice as long each time that a reload was followed by a change of the same file. Whoever types
 * goes on during the wait, and then the change does not follow a reload; what we cause ourselves stays quiet until the next one.
 * Files that have another name each time count as one, which is what is new in their folder.
 */
export interface RepeatedChanges {
  /** @param event as chokidar calls it @param atMs when */
  seen(path: string, event: string, atMs: number): void;
  begun(): void;
  /** @param atMs when it was over */
  ended(atMs: number): void;
  /** A call has been answered since: what changes from now on, a program may have changed that saw the answer. */
  answered(): void;
  /** How long to wait for more before files are read again. */
  waitMs(): number;
  isLeftOut(path: string): boolean;
}

/** A file, or all that is new in a folder. */
export interface LeftOut {
  readonly path: string;
  readonly isFolder: boolean;
}

/** Editors write a file in several steps, and build tools many files. */
const quietMs = 150;

/** What is caused by a reload comes within it, also through a pipe and from a slow program. */
const followsWithinMs = 1000;

/** The last one was waited for 2.4 s, in which nothing changed, and a second later it had: nobody types so. */
const mostInARow = 5;

/**
 * @param leftOut told once of each file or folder
 * @param namesIn what a folder holds now
 */
export function repeatedChanges(
  leftOut: (what: LeftOut) => void,
  namesIn: (folder: string) => readonly string[],
): RepeatedChanges {
  const files = new Set<string>();
  /** Of each folder what is looked at there all the same. */
  const folders = new Map<string, ReadonlySet<string>>();
  const known = new Set<string>();
  /** What came after a reload. */
  const followers = new Set<string>();
  let fresh = new Set<string>();
  let inARow: ReadonlyMap<string, number> = new Map();
  let followed = new Set<string>();
  let waiting = new Set<string>();
  let endedMs: number | undefined;
  let isWorking = false;
  const times = (key: string) => (followed.has(key) ? (inARow.get(key) ?? 0) + 1 : 0);
  const isLeftOut = (path: string): boolean => {
    if (files.has(path)) return true;
    if (folders.size === 0) return false;
    for (let place = path; dirname(place) !== place; place = dirname(place)) {
      if (folders.get(dirname(place))?.has(basename(place)) === false) return true;
    }
    return false;
  };
  const leave = (key: string) => {
    waiting.delete(key);
    if (!isFolderKey(key)) {
      files.add(key);
      leftOut({ path: key, isFolder: false });
      return;
    }
    const path = key.slice(0, -newIn.length);
    const kept = namesIn(path).filter((name) => !followers.has(join(path, name)));
    folders.set(path, new Set(kept));
    leftOut({ path, isFolder: true });
  };
  return {
    seen(path, event, atMs) {
      if (isLeftOut(path)) return;
      const follows = isWorking || (endedMs !== undefined && atMs - endedMs <= followsWithinMs);
      if (event.startsWith('add') && !known.has(path)) {
        fresh.add(path);
        if (follows) followers.add(path);
      }
      known.add(path);
      // A program that writes under a new name may remove the old one.
      const isOneOfMany = fresh.has(path) || (event.startsWith('unlink') && followers.has(path));
      const key = isOneOfMany ? dirname(path) + newIn : path;
      waiting.add(key);
      if (follows) followed.add(key);
      if (times(key) >= mostInARow) leave(key);
    },
    begun() {
      isWorking = true;
      inARow = new Map([...followed].map((key) => [key, times(key)]));
      followed = new Set();
      waiting = new Set();
      fresh = new Set();
    },
    ended(atMs) {
      isWorking = false;
      endedMs = atMs;
    },
    answered() {
      endedMs = undefined;
    },
    waitMs: () => quietMs * 2 ** (waiting.size === 0 ? 0 : Math.min(...[...waiting].map(times))),
    isLeftOut,
  };
}

/** No name of a file ends so. */
const newIn = '/*/';

function isFolderKey(key: string): boolean {
  return key.endsWith(newIn);
}
