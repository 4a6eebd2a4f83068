import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { folderFiles, type LeavesOut } from '../../archive/folderFiles.ts';
import { TuneError } from '../../base/errors.ts';
import { inspectArchive } from './codeArchive.ts';
import { handlerFileMissing, noStart, notAPackage, type PackageFile } from './packageStart.ts';

/** A path target, ready for CreateFunction. */
export interface PackagedCode {
  readonly zip: Buffer;
  readonly runtime: string;
  readonly handler: string;
  /** The names of all that is in it. */
  readonly files: readonly string[];
  /** Of a folder, what not everybody may read, enter or run there. In its package everybody may; a zip has its own modes. */
  readonly opened: readonly string[];
}

export interface PackageOptions {
  readonly runtime?: string | undefined;
  readonly handler?: string | undefined;
  /** Runtime names for code of which only the language is known. */
  readonly hostRuntimes: { readonly node: string; readonly python: string };
  /** What of a folder is no part of the package. */
  readonly isLeftOut?: LeavesOut | undefined;
}

/** Lambda's own limit for the unzipped package. */
const unzippedLimitBytes = 250 * 1024 * 1024;
/** Of a zip that every tool can read. */
const maxEntries = 65_535;
/** Fixed, so that the same files give the same CodeSha256. */
const mtime = new Date('1980-01-01T00:00:00Z');

/**
 * Reads a folder or a zip file and finds out how it is started. Throws TuneError CODE for what is not there, not a
 * (harmless) zip, too large, or has no recognisable handler.
 */
export async function packageCode(path: string, options: PackageOptions): Promise<PackagedCode> {
  const { zip, entries, opened } = await packed(path, options.isLeftOut);
  return { zip, files: entries.map(({ name }) => name), opened, ...startOf(entries, path, options) };
}

/** A layer, or another build of a function that is known already: nobody asks how it is started. Throws TuneError CODE as `packageCode`. */
export async function packageBytes(path: string, isLeftOut?: LeavesOut): Promise<Pick<PackagedCode, 'zip' | 'opened'>> {
  return packed(path, isLeftOut);
}

interface Packed {
  readonly zip: Buffer;
  readonly entries: readonly PackageFile[];
  readonly opened: readonly string[];
}

async function packed(path: string, isLeftOut: LeavesOut | undefined): Promise<Packed> {
  const kind = await stat(path).catch(() => undefined);
  if (kind === undefined) {
    throw new TuneError('CODE', `There is no file or folder ${path}.`, {
      hint: 'A path has a slash or a dot in it; a function in AWS is given by name or ARN: tune --function orders',
    });
  }
  return kind.isDirectory() ? zipFolder(path, isLeftOut) : readZip(path, kind);
}

function startOf(
  entries: readonly PackageFile[],
  path: string,
  options: PackageOptions,
): { runtime: string; handler: string } {
  const inferred = infer(entries, options.hostRuntimes);
  const runtime = options.runtime ?? inferred?.runtime;
  const handler = options.handler ?? inferred?.handler;
  if (runtime === undefined || handler === undefined) throw noStart(entries, path);
  const missing = handlerFileMissing(entries, { runtime, handler }, path);
  if (missing !== undefined) throw missing;
  return { runtime, handler };
}

/** By the file names that Lambda's own consoles and samples use. */
function infer(
  entries: readonly PackageFile[],
  runtimes: PackageOptions['hostRuntimes'],
): { runtime: string; handler: string } | undefined {
  const has = (name: string) => entries.some((entry) => entry.name === name);
  if (['index.mjs', 'index.js', 'index.cjs'].some(has)) return { runtime: runtimes.node, handler: 'index.handler' };
  if (has('lambda_function.py')) return { runtime: runtimes.python, handler: 'lambda_function.lambda_handler' };
  if (entries.some((entry) => entry.name === 'bootstrap' && entry.executable)) {
    return { runtime: 'provided.al2023', handler: 'bootstrap' };
  }
  return undefined;
}

async function readZip(path: string, kind: Stats): Promise<Packed> {
  if (!kind.isFile()) throw new TuneError('CODE', `${path} is neither a folder nor a zip file.`);
  if (kind.size > unzippedLimitBytes) throw tooLarge(path);
  const source = notAPackage(path);
  if (source !== undefined) throw source;
  const zip = await readFile(path);
  const files = await inspectArchive(zip).catch((error: unknown) => {
    const why = error instanceof Error ? error.message.replace(/\.$/, '') : 'not a zip';
    throw new TuneError('CODE', `${path} cannot be used as a package: ${why}.`, { cause: error });
  });
  return { zip, entries: files, opened: [] };
}

async function zipFolder(folder: string, isLeftOut: LeavesOut | undefined): Promise<Packed> {
  const archive = new ZipFile();
  // It tells of a file that is gone, or of another size, when it comes to it: also while others are still being added.
  const failed = new Promise<never>((_resolve, reject) => archive.on('error', reject));
  failed.catch(() => {});
  const entries: PackageFile[] = [];
  const opened = new Set<string>();
  const looked = new Set<string>();
  let unzippedBytes = 0;
  let count = 0;
  for await (const item of folderFiles(folder, isLeftOut)) {
    count += 1;
    if (count > maxEntries) throw new TuneError('CODE', `${folder} holds more than ${maxEntries} files.`);
    if (item.kind === 'link') {
      archive.addBuffer(Buffer.from(item.target), item.path, { mtime, mode: 0o120777 });
      continue;
    }
    unzippedBytes += item.stats.size;
    if (unzippedBytes > unzippedLimitBytes) throw tooLarge(folder);
    const executable = (item.stats.mode & 0o111) !== 0;
    if (isClosed(item.stats, executable)) opened.add(item.path);
    for (const parent of foldersOf(item)) {
      if (looked.has(parent.path)) continue;
      looked.add(parent.path);
      if (isClosed(await stat(parent.place), true)) opened.add(`${parent.path}/`);
    }
    entries.push({ name: item.path, executable });
    archive.addFile(item.place, item.path, { mtime, mode: executable ? 0o100755 : 0o100644 });
  }
  if (entries.length === 0) throw new TuneError('CODE', `The folder ${folder} is empty.`);
  archive.end();
  const zip = await Promise.race([buffer(archive.outputStream), failed]).catch((error: unknown) => {
    throw notPacked(folder, error);
  });
  return { zip, entries, opened: [...opened] };
}

function notPacked(folder: string, cause: unknown): TuneError {
  const isClosedToUs = cause instanceof Error && 'code' in cause && (cause.code === 'EACCES' || cause.code === 'EPERM');
  if (isClosedToUs && 'path' in cause) {
    return new TuneError('CODE', `${String(cause.path)} cannot be read (${String(cause.code)}).`, { cause });
  }
  return new TuneError('CODE', `The folder ${folder} was changed while it was packed.`, {
    hint: 'Try again when nothing is written there.',
    cause,
  });
}

/** To others than its owner and its group: Lambda runs a function as a user that is neither. */
function isClosed({ mode }: Stats, mustRun: boolean): boolean {
  const wanted = mustRun ? 0o5 : 0o4;
  return (mode & wanted) !== wanted;
}

/** Those of the package that a file lies in, by its path in it and where that is. */
function foldersOf({ path, place }: { readonly path: string; readonly place: string }) {
  const names = path.split('/');
  return names.slice(1).map((_, index) => ({
    path: names.slice(0, index + 1).join('/'),
    place: join(place, ...names.slice(index + 1).map(() => '..')),
  }));
}

function tooLarge(path: string): TuneError {
  return new TuneError('CODE', `${path} is larger than the 250 MB that Lambda unpacks.`);
}
