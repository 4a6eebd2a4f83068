import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, posix, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ZipFile } from 'yauzl';
import type { ZipItem } from '../../archive/zipEntries.ts';
import { readLinkTarget } from '../../archive/zipLink.ts';
import { mergeFolders } from './layerFolders.ts';
import { leadsOut, walkZip } from './zipEntries.ts';

/** A package that was accepted and unpacked. */
export interface StoredCode {
  /** Base64, as the API's CodeSha256. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Of its files, unpacked. */
  readonly unzippedBytes: number;
  /** Unpacked, with unix modes; shared by all environments of this code. Empty for images. */
  readonly folder: string;
  /** The zip itself; empty for images. */
  readonly zipFile: string;
}

export interface CodeArchive {
  /** Unpacks a zip, once per content. @throws ServiceFailure InvalidParameterValueException for hostile or broken ones */
  add(zip: Buffer): Promise<StoredCode>;
  read(code: StoredCode): Promise<Buffer>;
  /** The folder of layers, one over the other in this order; undefined for none. Made once per list. */
  layered(layers: readonly StoredCode[]): Promise<string> | undefined;
  /** Removes everything that was unpacked. */
  close(): Promise<void>;
}

/** @param folder is made when needed, and removed by `close`. */
export function openCodeArchive(folder: string): CodeArchive {
  const stored = new Map<string, Promise<StoredCode>>();
  const closed: string[] = [];
  const merged = new Map<string, Promise<string>>();

  async function merge(layers: readonly StoredCode[], key: string): Promise<string> {
    const into = join(folder, `opt-${createHash('sha256').update(key).digest('hex')}`);
    await mergeFolders(
      layers.map((layer) => layer.folder),
      into,
    );
    return into;
  }

  return {
    add: (zip) => {
      const digest = createHash('sha256').update(zip).digest();
      const key = digest.toString('hex');
      const known = stored.get(key);
      if (known !== undefined) return known;
      const adding = store(folder, zip, digest, closed);
      stored.set(key, adding);
      adding.catch(() => stored.delete(key));
      return adding;
    },
    read: (code) => readFile(code.zipFile),
    layered: ([first, ...others]) => {
      if (first === undefined) return undefined;
      if (others.length === 0) return Promise.resolve(first.folder);
      const layers = [first, ...others];
      const key = layers.map(({ sha256 }) => sha256).join();
      const known = merged.get(key) ?? merge(layers, key);
      merged.set(key, known);
      known.catch(() => merged.delete(key));
      return known;
    },
    close: async () => {
      await Promise.allSettled([...stored.values(), ...merged.values()]);
      for (const path of closed) await chmod(path, 0o755).catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * The files of a package and whether they may be executed, without unpacking it; as strict as unpacking.
 * @throws ServiceFailure InvalidParameterValueException
 */
export async function inspectArchive(zip: Buffer): Promise<readonly { name: string; executable: boolean }[]> {
  const files: { name: string; executable: boolean }[] = [];
  await walkZip(zip, async ({ path, kind, mode }) => {
    if (kind === 'file') files.push({ name: path, executable: (mode & 0o111) !== 0 });
  });
  return files;
}

/** @param closed takes the folders that even their owner may not enter, outer ones first */
async function store(folder: string, zip: Buffer, digest: Buffer, closed: string[]): Promise<StoredCode> {
  const name = digest.toString('hex');
  const partial = join(folder, `${name}.${randomUUID()}`);
  const place = {
    sha256: digest.toString('base64'),
    sizeBytes: zip.length,
    folder: join(folder, name),
    zipFile: join(folder, `${name}.zip`),
  };
  await mkdir(partial, { recursive: true, mode: 0o700 });
  try {
    const { restricted, unzippedBytes } = await unpack(zip, partial);
    await writeFile(place.zipFile, zip, { mode: 0o600 });
    await rename(partial, place.folder);
    for (const { path, mode } of restricted.toReversed()) await chmod(join(place.folder, path), mode);
    closed.push(...restricted.map(({ path }) => join(place.folder, path)));
    return { ...place, unzippedBytes };
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Unpacks into an empty folder. Symbolic links are made last, so that no file is ever written through one, and each must
 * lead to something inside the folder. Returns the folders that not everybody may enter, outer ones first: they are still open.
 */
async function unpack(zip: Buffer, folder: string): Promise<Unpacked> {
  let unzippedBytes = 0;
  const restricted: { readonly path: string; readonly mode: number }[] = [];
  const links: { readonly path: string; readonly target: string }[] = [];
  await walkZip(zip, async (item, file) => {
    const destination = join(folder, item.path);
    unzippedBytes += item.entry.uncompressedSize;
    if (item.kind === 'link') links.push({ path: item.path, target: await linkTarget(item, file) });
    else if (item.kind === 'folder') {
      await mkdir(destination, { recursive: true });
      const mode = modeForAnybody(item.mode, 0o755);
      if ((mode & 0o555) !== 0o555) restricted.push({ path: item.path, mode });
    } else await writeEntry(item, file, destination);
  });
  for (const { path, target } of links) {
    const destination = join(folder, path);
    await mkdir(dirname(destination), { recursive: true });
    await symlink(target, destination).catch(() => {
      throw leadsOut(path);
    });
  }
  const root = await realpath(folder);
  for (const { path } of links) {
    // Only the real path tells: a chain of links can climb out although each looks harmless by itself.
    const real = await realpath(join(folder, path)).catch(() => undefined);
    if (real !== root && real?.startsWith(root + sep) !== true) throw leadsOut(path);
  }
  return { restricted: restricted.toSorted((a, b) => a.path.localeCompare(b.path)), unzippedBytes };
}

interface Unpacked {
  readonly restricted: readonly { readonly path: string; readonly mode: number }[];
  readonly unzippedBytes: number;
}

async function writeEntry(item: ZipItem, file: ZipFile, destination: string): Promise<void> {
  await mkdir(dirname(destination), { recursive: true });
  const source = await file.openReadStreamPromise(item.entry);
  await pipeline(source, createWriteStream(destination, { flags: 'wx' }));
  await chmod(destination, modeForAnybody(item.mode, 0o644));
}

/**
 * On Lambda the files belong to another user than the one the function runs as, so only the rights of others count: a file of
 * mode 0600 cannot be read. Archives made on Windows have no unix modes.
 */
function modeForAnybody(mode: number, usual: number): number {
  if (mode === 0) return usual;
  const others = mode & 0o5;
  return (mode & 0o200) | (others << 6) | (others << 3) | others;
}

async function linkTarget(item: ZipItem, file: ZipFile): Promise<string> {
  const target = await readLinkTarget(item, file);
  const resolved = posix.normalize(posix.join(posix.dirname(item.path), target));
  if (posix.isAbsolute(target) || /^\.\.(\/|$)/.test(resolved)) throw leadsOut(item.path);
  return target;
}
