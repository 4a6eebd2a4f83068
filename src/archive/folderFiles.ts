import type { Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import { TuneError } from '../base/errors.ts';
import { projectAround } from './project.ts';

/** What a folder's package holds, by its path in the package (with `/`). */
export type FolderItem =
  | { readonly kind: 'file'; readonly path: string; readonly place: string; readonly stats: Stats }
  /**
   * To another folder of the package. It stays a link, as `zip --symlinks` has it: what pnpm links finds its own
   * dependencies beside the place where it really lies, and nothing is packed twice.
   */
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** By its real path; of a folder without what it holds. */
export type LeavesOut = (place: string, stats: Stats | undefined) => boolean;

interface Inner {
  readonly path: string;
  readonly place: string;
  /** Real paths of the folders that this one was reached through, itself included. */
  readonly within: readonly string[];
  /** The package itself, or what a link leads to: its repository is no part of the package. */
  readonly isRoot: boolean;
}

/**
 * The files of a folder in a fixed order, without `.git` and what is left out. Links to files are files. Links to folders elsewhere (npm's
 * workspaces) are followed, as `zip -r` does, inside of the project.
 * @throws TuneError CODE for links out of the project, and for those to a folder that they lie in
 */
export async function* folderFiles(folder: string, isLeftOut: LeavesOut = () => false): AsyncGenerator<FolderItem> {
  const root = await realpath(folder);
  const project = await projectAround(root);
  yield* filesIn({ path: '', place: root, within: [root], isRoot: true });

  async function* filesIn({ path: parent, place: folderPlace, within, isRoot }: Inner): AsyncGenerator<FolderItem> {
    const items = await readdir(folderPlace, { withFileTypes: true });
    for (const item of items.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      if (isRoot && item.name === '.git') continue;
      const path = parent === '' ? item.name : `${parent}/${item.name}`;
      const place = join(folderPlace, item.name);
      if (item.isDirectory()) {
        if (isLeftOut(place, undefined)) continue;
        yield* filesIn({ path, place, within: [...within, place], isRoot: false });
        continue;
      }
      // Links to nothing are no part of a package.
      const stats = await stat(place).catch(() => undefined);
      if (item.isSymbolicLink() && stats !== undefined) {
        const real = await realpath(place);
        // Devices and sockets are no part of a package, either.
        if (!stats.isDirectory() && !stats.isFile()) continue;
        const isAllowed =
          isInside(real, root) || isInside(real, project.root) || (await project.takesLink(path, real, stats));
        if (!isAllowed) throw outside(path, real, project.root);
        if (stats.isDirectory()) {
          if (within.includes(real)) throw loop(path, real);
          if (isInside(real, root) && isInside(place, root)) {
            const inPackage = relative(root, real).split(sep).join('/');
            yield { kind: 'link', path, target: posix.relative(posix.dirname(path), inPackage) };
          } else {
            yield* filesIn({ path, place: real, within: [...within, real], isRoot: true });
          }
          continue;
        }
      }
      if (stats?.isFile() === true && !isLeftOut(place, stats)) yield { kind: 'file', path, place, stats };
    }
  }
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === sep ? sep : folder + sep);
}

function outside(path: string, real: string, projectRoot: string): TuneError {
  return new TuneError('CODE', `The link ${path} leads out of the project (${projectRoot}), to ${real}.`, {
    hint: 'Copy what it leads to into the folder, or make the zip yourself and give that (zip -r follows every link).',
  });
}

function loop(path: string, real: string): TuneError {
  return new TuneError('CODE', `The link ${path} leads back to a folder that it lies in, ${real}.`, {
    hint: 'Remove the link, or give a zip without it.',
  });
}
