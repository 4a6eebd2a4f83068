import { randomBytes } from 'node:crypto';
import type fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { TuneError } from '../base/errors.ts';
import { fileSystem } from '../base/makeFolders.ts';
import type { Warning } from '../model/warning.ts';

export interface StateDirectoryOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `process.platform`. */
  readonly platform: string;
  readonly cwd: string;
  /** Empty for a user who has none. */
  readonly homeDirectory: string;
  readonly temporaryDirectory: string;
}

/** The file system as far as it is asked here (base/makeFolders.ts); tests pass one that fails. */
export interface StateFiles {
  mkdirSync(folder: string, options: { readonly recursive: true; readonly mode: number }): unknown;
  lstatSync(file: string): Pick<fs.Stats, 'isDirectory' | 'isSymbolicLink' | 'uid' | 'mode'>;
  openSync(file: string, flags: string, mode: number): number;
  writeSync(descriptor: number, bytes: Uint8Array): number;
  fsyncSync(descriptor: number): void;
  closeSync(descriptor: number): void;
  unlinkSync(file: string): void;
}

/**
 * The folder for journals and interrupted runs: `$TUNE_STATE_DIR`, else `$XDG_STATE_HOME/tune`, else the platform's place.
 * When that cannot be written, a folder of the user's own in the temporary directory, with a warning.
 * Throws TuneError STATE_DIRECTORY when neither works: without a journal nothing may be created.
 */
export function openStateDirectory(
  options: StateDirectoryOptions,
  files: StateFiles = fileSystem,
): { readonly folder: string; readonly warning?: Warning } {
  const preferred = preferredFolder(options);
  const refused = path.isAbsolute(preferred) ? whyUnusable(preferred, files) : 'there is no home directory';
  if (refused === undefined) return { folder: preferred };
  const userId = ownUserId(files);
  const fallback = temporaryFolder(options, userId);
  const alsoRefused = whyUnusable(fallback, files, () => whyUnsafe(fallback, userId, files));
  if (alsoRefused === undefined) {
    return {
      folder: fallback,
      warning: {
        code: 'STATE_DIRECTORY',
        text: `${preferred} cannot be written (${refused}); the journal of this run is kept in ${fallback}.`,
      },
    };
  }
  throw new TuneError(
    'STATE_DIRECTORY',
    `No folder for the journal: ${preferred} cannot be written (${refused}), nor can ${fallback} (${alsoRefused}).`,
    { hint: 'Set TUNE_STATE_DIR to a folder that you may write. Nothing was created.' },
  );
}

/** Every folder that may hold journals, for reading: a run may have had to take the temporary one. Creates nothing. */
export function stateFoldersToRead(options: StateDirectoryOptions, files: StateFiles = fileSystem): readonly string[] {
  const userId = ownUserId(files);
  const preferred = preferredFolder(options);
  const fallback = temporaryFolder(options, userId);
  return [
    ...(path.isAbsolute(preferred) ? [preferred] : []),
    ...(whyUnsafe(fallback, userId, files) === undefined ? [fallback] : []),
  ];
}

function preferredFolder({ env, platform, cwd, homeDirectory }: StateDirectoryOptions): string {
  if (env.TUNE_STATE_DIR) return path.resolve(cwd, env.TUNE_STATE_DIR);
  // "All paths set in these environment variables must be absolute" (XDG Base Directory Specification): others are ignored.
  if (env.XDG_STATE_HOME && path.isAbsolute(env.XDG_STATE_HOME)) return path.join(env.XDG_STATE_HOME, 'tune');
  if (platform === 'darwin') return path.join(homeDirectory, 'Library', 'Application Support', 'tune');
  if (platform === 'win32') return path.join(env.LOCALAPPDATA || path.join(homeDirectory, 'AppData', 'Local'), 'tune');
  return path.join(homeDirectory, '.local', 'state', 'tune');
}

function temporaryFolder({ temporaryDirectory }: StateDirectoryOptions, userId: number | undefined): string {
  // A fixed name, so that a later `tune cleanup` finds it.
  return path.join(temporaryDirectory, userId === undefined ? 'tune' : `tune-${userId}`);
}

/** Permission bits and free space are best asked by doing it: makes the folder and writes a block through to the disk. */
function whyUnusable(
  folder: string,
  files: StateFiles,
  whyRefused: () => string | undefined = () => undefined,
): string | undefined {
  const probe = path.join(folder, `.probe-${randomBytes(6).toString('hex')}`);
  try {
    files.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const refused = whyRefused();
    if (refused !== undefined) return refused;
    const descriptor = files.openSync(probe, 'wx', 0o600);
    try {
      files.writeSync(descriptor, Buffer.alloc(4096));
      files.fsyncSync(descriptor);
    } finally {
      files.closeSync(descriptor);
      files.unlinkSync(probe);
    }
    return undefined;
  } catch (error) {
    return systemErrorCode(error);
  }
}

/**
 * The temporary directory is shared: someone else could have put a folder or a link of our name there, and would then read
 * and write our journals.
 */
function whyUnsafe(folder: string, userId: number | undefined, files: StateFiles): string | undefined {
  try {
    const stat = files.lstatSync(folder);
    if (stat.isSymbolicLink()) return 'it is a symbolic link';
    if (!stat.isDirectory()) return 'it is no folder';
    if (userId === undefined) return undefined;
    if (stat.uid !== userId) return 'it belongs to another user';
    return (stat.mode & 0o077) === 0 ? undefined : 'others may write or read it';
  } catch (error) {
    return systemErrorCode(error);
  }
}

/** `ENOSPC`, `EACCES`, …; the message would repeat the path. */
function systemErrorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

/** Undefined on Windows, where the temporary directory is the user's own. */
function ownUserId(files: StateFiles): number | undefined {
  try {
    const { uid } = os.userInfo();
    return uid < 0 ? undefined : uid;
  } catch {
    // Containers run under numbers that no user has.
    return files.lstatSync('/proc/self').uid;
  }
}
