import { link, lstat, mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Puts what unpacked layers hold into one folder, in order: what a later one has replaces what an earlier one has of that name,
 * and folders are merged. Files are linked, not copied: nobody writes to them.
 */
export async function mergeFolders(sources: readonly string[], into: string): Promise<void> {
  for (const source of sources) await lay(source, into);
}

async function lay(source: string, into: string): Promise<void> {
  const { mode } = await lstat(source);
  const existing = await kindOf(into);
  if (existing !== 'folder') {
    if (existing !== 'nothing') await rm(into);
    await mkdir(into, { mode: mode | 0o700 });
  }
  // A folder that its owner may not read is as closed to the function.
  const entries = await readdir(source, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const [from, to] = [join(source, entry.name), join(into, entry.name)];
    if (entry.isDirectory()) {
      await lay(from, to);
      continue;
    }
    await rm(to, { recursive: true, force: true });
    if (entry.isSymbolicLink()) await symlink(await readlink(from), to);
    else await link(from, to);
  }
}

async function kindOf(path: string): Promise<'folder' | 'other' | 'nothing'> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return 'nothing';
  return found.isDirectory() ? 'folder' : 'other';
}
