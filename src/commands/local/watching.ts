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

/**
 * Calls `changed` when files have been written and then none for a moment; never while an earlier call still works. Ready when
 * nothing that is written from now on is missed; what was written before is looked for once.
 */
export async function watchFiles(
  first: readonly string[],
  changed: () => Promise<void>,
  failed: (error: unknown) => void,
): Promise<Watching> {
  const ignored = (path: string) => unwatched.test(path);
  const watcher = watch([...first], { ignoreInitial: true, ignored, ignorePermissionErrors: true });
  let looked = first;
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
  watcher.on('error', failed);
  if (first.length > 0) await new Promise<void>((resolve) => watcher.once('ready', resolve));
  watcher.on('all', wait);
  wait();
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
