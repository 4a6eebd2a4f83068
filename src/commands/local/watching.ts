import { readdirSync, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { OwnFiles } from '../shared/paths/ownFiles.ts';
import { type LeftOut, repeatedChanges } from './repeatedChanges.ts';

export interface Watching {
  /** What is looked at from now on; what was looked at before and is not among it is left. */
  look(paths: readonly string[]): Promise<void>;
  /** A call has been answered by a function. */
  answered(): void;
  close(): Promise<void>;
}

export interface WatchedFiles {
  readonly paths: readonly string[];
  /** What we write ourselves is never looked at. */
  readonly own: OwnFiles;
  monotonicMs(): number;
  /** Files have been written, and then none for a moment; never called while an earlier call still works. */
  changed(): Promise<void>;
  /** Told once of what changes with each call of `changed` and is not looked at any more. */
  leftOut(what: LeftOut): void;
  failed(error: unknown): void;
}

/**
 * Of a package's files those that somebody writes: what is installed changes together with a file that is looked at. Chokidar itself
 * leaves out the swap and backup files of vi and others, but not those of Emacs.
 */
const unwatched = /[/\\](?:(?:node_modules|\.git|__pycache__)(?:[/\\]|$)|\.?#[^/\\]*$)/;

/** How often it is looked whether a folder is another one, gone or there again: no more than a few calls of stat. */
const lookAgainMs = 1000;

/** Ready when nothing that is written from now on is missed; what was written before is looked for once. */
export async function watchFiles(looking: WatchedFiles): Promise<Watching> {
  let roots = await rootsAt(looking.paths);
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;
  let isClosed = false;
  const repeated = repeatedChanges(looking.leftOut, namesIn);
  const ignored = (path: string, stats?: Stats) =>
    repeated.isLeftOut(path) || looking.own.has(path, stats) || isUnwatched(path, roots);
  const begin = async (): Promise<FSWatcher> => {
    const begun = watch([...roots.keys()], { ignoreInitial: true, ignored, ignorePermissionErrors: true });
    begun.on('error', looking.failed);
    if (roots.size > 0) await new Promise<void>((resolve) => begun.once('ready', resolve));
    return begun.on('all', (event, path) => {
      repeated.seen(path, event, looking.monotonicMs());
      if (!repeated.isLeftOut(path)) workAfter(repeated.waitMs());
    });
  };
  const workAfter = (ms: number) => {
    clearTimeout(timer);
    if (!isClosed) timer = setTimeout(work, ms);
  };
  const work = () => {
    if (working !== undefined) return workAfter(repeated.waitMs());
    repeated.begun();
    working = beginWhereReplaced()
      .then(looking.changed)
      .finally(() => {
        working = undefined;
        repeated.ended(looking.monotonicMs());
      });
  };
  /** A folder in whose place another one was put is looked at under its old self, to which nobody writes any more. */
  const beginWhereReplaced = async () => {
    const now = await rootsAt([...roots.keys()]);
    if ([...now].every(([path, identity]) => identity === roots.get(path))) return;
    roots = now;
    await watcher.close();
    watcher = await begin();
  };
  let watcher = await begin();
  // Of a folder that is renamed into the place of another, or whose parents come back, chokidar does not always tell.
  const lookForReplaced = setInterval(async () => {
    const folders = [...roots].filter(([, identity]) => identity !== aFile);
    const now = await rootsAt(folders.map(([path]) => path));
    if (folders.some(([path, identity]) => now.get(path) !== identity)) workAfter(0);
  }, lookAgainMs);
  workAfter(repeated.waitMs());
  return {
    async look(paths) {
      const added = await rootsAt(paths.filter((path) => !roots.has(path)));
      watcher.unwatch([...roots.keys()].filter((path) => !paths.includes(path)));
      roots = new Map(paths.map((path) => [path, roots.get(path) ?? added.get(path)]));
      watcher.add([...added.keys()]);
    },
    answered: repeated.answered,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      clearInterval(lookForReplaced);
      await working;
      await watcher.close();
    },
  };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What is looked at, each with what is there now: undefined where nothing is. */
type Roots = ReadonlyMap<string, string | undefined>;

/** A file that is replaced is looked at again by chokidar itself. */
const aFile = 'file';

async function rootsAt(paths: readonly string[]): Promise<Roots> {
  const identities = paths.map(async (path) => {
    const stats = await stat(path).catch(() => undefined);
    // A file system may give the number of a folder that went to the next one.
    return [path, stats?.isDirectory() ? `${stats.dev} ${stats.ino} ${stats.birthtimeMs}` : stats && aFile] as const;
  });
  return new Map(await Promise.all(identities));
}

/** Of several roots that have a path, one that looks at it is enough. What a root itself is called or lies in does not count. */
function isUnwatched(path: string, roots: Roots): boolean {
  const below = [...roots.keys()].filter((root) => path.startsWith(root.endsWith(sep) ? root : root + sep));
  return (
    below.length > 0 && below.every((root) => unwatched.test(path.slice(root.length - (root.endsWith(sep) ? 1 : 0))))
  );
}
