import { watch } from 'chokidar';

export interface Watching {
  /** What is looked at from now on; what was looked at before and is not among it is left. */
  look(paths: readonly string[]): void;
  close(): Promise<void>;
}

/** Editors write a file in several steps, and build tools many files. */
const quietMs = 150;

/** Of a package's files those that somebody writes: what is installed changes together with a file that is looked at. */
const unwatched = /[/\\](?:node_modules|\.git|__pycache__)(?:[/\\]|$)/;

/** Calls `changed` when files have been written and then none for a moment; never while an earlier call still works. */
export function watchFiles(changed: () => Promise<void>, failed: (error: unknown) => void): Watching {
  const watcher = watch([], {
    ignoreInitial: true,
    ignored: (path) => unwatched.test(path),
    ignorePermissionErrors: true,
  });
  let looked: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;
  let isClosed = false;
  const wait = () => {
    clearTimeout(timer);
    if (!isClosed) timer = setTimeout(work, quietMs);
  };
  const work = () => {
    if (working !== undefined) return wait();
    working = changed().finally(() => {
      working = undefined;
    });
  };
  watcher.on('all', wait);
  watcher.on('error', failed);
  return {
    look(paths) {
      watcher.unwatch(looked.filter((path) => !paths.includes(path)));
      watcher.add(paths.filter((path) => !looked.includes(path)));
      looked = paths;
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await working;
      await watcher.close();
    },
  };
}
