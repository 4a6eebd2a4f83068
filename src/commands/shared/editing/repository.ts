import { execFile } from 'node:child_process';
import { lstat, readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { TuneError } from '../../../base/errors.ts';
import type { Io } from '../../../base/io.ts';
import { present } from '../../../base/present.ts';

/** The git repository that the function's template is looked for in. Reads, and asks git; writes nothing. */
export interface Repository {
  readonly root: string;
  /** False: the folder is no repository, and nothing may be written. */
  readonly isGit: boolean;
}

const execute = promisify(execFile);

export async function openRepository(io: Io): Promise<Repository> {
  const root = await git(io.cwd, ['rev-parse', '--show-toplevel'], io).catch(() => undefined);
  const folder = root?.replace(/\r?\n$/, '');
  return folder ? { root: await realpath(folder), isGit: true } : { root: await realpath(io.cwd), isGit: false };
}

/** Relative to the root. */
export async function trackedFiles({ root, isGit }: Repository, io: Io): Promise<readonly string[]> {
  if (!isGit) {
    throw new TuneError('TEMPLATE', 'This folder is in no git repository, so there is nothing to search.', {
      hint: 'Name the file: tune apply run.json --file template.yaml',
    });
  }
  return (await git(root, ['ls-files', '-z'], io)).split('\0').filter((file) => file !== '');
}

/** Has changes that are not committed, or is not tracked at all. */
export async function isDirty({ root, isGit }: Repository, file: string, io: Io): Promise<boolean> {
  return isGit && (await git(root, ['status', '--porcelain', '-z', '--', file], io)) !== '';
}

/** No hook of the repository is run, and no lock is taken. */
async function git(cwd: string, args: readonly string[], io: Io): Promise<string> {
  const { stdout } = await execute('git', ['-c', 'core.fsmonitor=false', '-C', cwd, ...args], {
    env: present({ ...io.env, GIT_OPTIONAL_LOCKS: '0' }) as NodeJS.ProcessEnv,
    maxBuffer: 200_000_000,
  });
  return stdout;
}

export type TextFile = { readonly bom: string; readonly text: string };

const byteOrderMark = '\ufeff';

/** Text of UTF-8 with every byte accounted for; undefined for what is not, or cannot be read. */
export async function textFile(path: string, mostBytes: number): Promise<TextFile | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || !found.isFile() || found.size > mostBytes) return undefined;
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) return undefined;
  try {
    const whole = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return whole.startsWith(byteOrderMark) ? { bom: byteOrderMark, text: whole.slice(1) } : { bom: '', text: whole };
  } catch {
    return undefined;
  }
}

/** The place of a file that was named, relative to the root. @throws TuneError TEMPLATE for links, and for what lies outside */
export async function placeInRepository(given: string, { root, isGit }: Repository, io: Io): Promise<string> {
  const path = isAbsolute(given) ? given : join(io.cwd, given);
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    throw new TuneError('TEMPLATE', `Cannot read ${given} (${error.code ?? 'unknown error'}).`, { cause: error });
  });
  if (found.isSymbolicLink()) {
    throw new TuneError('TEMPLATE', `${given} is a symbolic link, which is not edited.`, {
      hint: 'Name the file that it leads to.',
    });
  }
  if (!found.isFile()) throw new TuneError('TEMPLATE', `${given} is not a file.`);
  const place = relative(root, await realpath(path));
  if (place.startsWith(`..${sep}`) || isAbsolute(place)) {
    throw new TuneError(
      'TEMPLATE',
      `${given} lies outside of ${isGit ? 'this repository' : 'this folder'}, where nothing is edited.`,
      {
        hint: `Call tune in the repository that holds it.`,
      },
    );
  }
  return place.split(sep).join('/');
}
