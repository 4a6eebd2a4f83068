import { execFile } from 'node:child_process';
import { renameSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Files that hold an empty file system of a size, for an environment's /tmp. One of each size is made (a mount, once), all others
 * are copies of it, in which holes stay holes; and the next one is copied while the environment before it starts.
 */
export interface Images {
  /** Puts one there; on the file system of the folder that they are made in. */
  take(sizeMb: number, path: string): Promise<void>;
}

/** @param scriptsFolder holds image.sh */
export function createImages(folder: string, toolPath: string, scriptsFolder: string): Images {
  const empty = new Map<number, Promise<string>>();
  const spares = new Map<number, Promise<string>>();
  let copies = 0;
  const run = (program: string, args: readonly string[]) =>
    promisify(execFile)(program, args, { env: { PATH: toolPath }, cwd: '/' });

  const emptyOf = (sizeMb: number): Promise<string> => {
    const known = empty.get(sizeMb);
    if (known !== undefined) return known;
    const made = make(sizeMb);
    empty.set(sizeMb, made);
    // What was in the way may be gone by the next time.
    made.catch(() => empty.delete(sizeMb));
    return made;
  };

  async function make(sizeMb: number): Promise<string> {
    const path = join(folder, `empty-${sizeMb}.img`);
    const mounted = join(folder, `empty-${sizeMb}`);
    await mkdir(mounted);
    const script = join(scriptsFolder, 'image.sh');
    try {
      await run('unshare', ['--mount', '--propagation', 'private', '/bin/sh', script, path, String(sizeMb), mounted]);
    } finally {
      await rm(mounted, { recursive: true, force: true });
    }
    return path;
  }

  async function copy(sizeMb: number): Promise<string> {
    copies += 1;
    const path = join(folder, `spare-${copies}.img`);
    await run('cp', ['--sparse=always', await emptyOf(sizeMb), path]);
    return path;
  }

  return {
    async take(sizeMb, path) {
      const spare = spares.get(sizeMb);
      spares.delete(sizeMb);
      // As well of the one made ahead.
      renameSync(await (spare?.catch(() => copy(sizeMb)) ?? copy(sizeMb)), path);
      if (spares.has(sizeMb)) return;
      const next = copy(sizeMb);
      next.catch(() => undefined);
      spares.set(sizeMb, next);
    },
  };
}
