import fs from 'node:fs';
import path from 'node:path';

/**
 * A folder with all above it, as `mkdir -p`. Node's own never comes back where the system says that there is no such place although
 * the folder above is there, as below /proc: it makes the one above, is told that it exists, and begins again.
 * @throws what the file system says
 */
export function makeFolders(folder: string, mode = 0o777): void {
  try {
    fs.mkdirSync(folder, { mode });
  } catch (error) {
    if (isFolder(folder)) return;
    const above = path.dirname(folder);
    if (!isMissing(error) || isFolder(above) || above === folder) throw error;
    makeFolders(above, mode);
    makeFolders(folder, mode);
  }
}

/** What of `node:fs` the state directory is kept with; its folders are made so. */
export const fileSystem = {
  mkdirSync: (folder: string, { mode }: { readonly mode: number }) => makeFolders(folder, mode),
  lstatSync: (file: string) => fs.lstatSync(file),
  openSync: fs.openSync,
  writeSync: (descriptor: number, bytes: Uint8Array) => fs.writeSync(descriptor, bytes),
  fsyncSync: fs.fsyncSync,
  fdatasync: fs.fdatasync,
  closeSync: fs.closeSync,
  unlinkSync: fs.unlinkSync,
};

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function isFolder(place: string): boolean {
  return fs.statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
