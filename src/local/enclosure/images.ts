import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Files that hold an empty file system of a size, for an environment's /tmp. One of each size is made (a mount, once); each
 * environment gets a copy of it, in which holes stay holes (bootstraps/enclose.sh).
 */
export interface Images {
  emptyOf(sizeMb: number): Promise<string>;
}

/** @param scriptsFolder holds image.sh */
export function createImages(folder: string, toolPath: string, scriptsFolder: string): Images {
  const empty = new Map<number, Promise<string>>();

  async function make(sizeMb: number): Promise<string> {
    const path = join(folder, `empty-${sizeMb}.img`);
    const mounted = join(folder, `empty-${sizeMb}`);
    await mkdir(mounted);
    const script = join(scriptsFolder, 'image.sh');
    try {
      await promisify(execFile)(
        'unshare',
        ['--mount', '--propagation', 'private', '/bin/sh', script, path, String(sizeMb), mounted],
        { env: { PATH: toolPath }, cwd: '/' },
      );
    } finally {
      await rm(mounted, { recursive: true, force: true });
    }
    return path;
  }

  return {
    emptyOf(sizeMb) {
      const known = empty.get(sizeMb);
      if (known !== undefined) return known;
      const made = make(sizeMb);
      empty.set(sizeMb, made);
      // What was in the way may be gone by the next time.
      made.catch(() => empty.delete(sizeMb));
      return made;
    },
  };
}
