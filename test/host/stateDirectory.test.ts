import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TuneError } from '../../src/base/errors.ts';
import {
  openStateDirectory,
  type StateDirectoryOptions,
  type StateFiles,
  stateFoldersToRead,
} from '../../src/host/stateDirectory.ts';

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'tune-state-test-'));
  fs.mkdirSync(path.join(root, 'home'));
  fs.mkdirSync(path.join(root, 'tmp'));
});
afterEach(() => {
  fs.rmSync(root, { recursive: true, force: true });
});

const at = (...names: string[]) => path.join(root, ...names);
const uid = os.userInfo().uid;
const fallbackName = uid < 0 ? 'tune' : `tune-${uid}`;

function options(change: Partial<StateDirectoryOptions> = {}): StateDirectoryOptions {
  return { env: {}, platform: 'linux', cwd: at(), homeDirectory: at('home'), temporaryDirectory: at('tmp'), ...change };
}

/** The file system of a machine on which `operation` fails with `code` below `folder`. */
function failing(folder: string, operation: keyof StateFiles, code: string): StateFiles {
  const descriptors = new Set<unknown>();
  const fail = () => {
    throw Object.assign(new Error(`${code}: refused`), { code });
  };
  const isBelow = (file: unknown) => descriptors.has(file) || String(file).startsWith(folder);
  return {
    ...fs,
    [operation]: (first: unknown, ...rest: unknown[]) =>
      isBelow(first) ? fail() : Reflect.apply(fs[operation], fs, [first, ...rest]),
    openSync: (file, ...rest) => {
      if (operation === 'openSync' && isBelow(file)) fail();
      const descriptor = fs.openSync(file, ...rest);
      descriptors.delete(descriptor);
      if (isBelow(file)) descriptors.add(descriptor);
      return descriptor;
    },
  };
}

function refusal(run: () => unknown): TuneError {
  try {
    run();
  } catch (error) {
    if (error instanceof TuneError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('the state directory', () => {
  it.each<[string, Partial<StateDirectoryOptions>, string[]]>([
    ['$TUNE_STATE_DIR', { env: { TUNE_STATE_DIR: 'mine', XDG_STATE_HOME: '/nowhere' } }, ['mine']],
    ['~/.local/state/tune', {}, ['home', '.local', 'state', 'tune']],
    [
      '~/.local/state/tune when XDG_STATE_HOME is relative',
      { env: { XDG_STATE_HOME: 'rel' } },
      ['home', '.local', 'state', 'tune'],
    ],
    ['~/Library on macOS', { platform: 'darwin' }, ['home', 'Library', 'Application Support', 'tune']],
    ['the local application data on Windows', { platform: 'win32' }, ['home', 'AppData', 'Local', 'tune']],
  ])('is %s', (_, change, names) => {
    expect(openStateDirectory(options(change))).toEqual({ folder: at(...names) });
    expect(fs.statSync(at(...names)).isDirectory()).toBe(true);
  });

  it('is $XDG_STATE_HOME/tune when that is absolute, made for its owner alone and left empty', () => {
    expect(openStateDirectory(options({ env: { XDG_STATE_HOME: at('xdg') } }))).toEqual({ folder: at('xdg', 'tune') });
    expect(fs.statSync(at('xdg', 'tune')).mode & 0o777).toBe(0o700);
    expect(fs.readdirSync(at('xdg', 'tune'))).toEqual([]);
  });

  it.each<[keyof StateFiles, string]>([
    ['mkdirSync', 'EACCES'],
    ['openSync', 'EROFS'],
    ['writeSync', 'ENOSPC'],
    ['fsyncSync', 'EIO'],
  ])('is the temporary directory, with a warning, when %s fails at home with %s', (operation, code) => {
    const home = at('home', '.local', 'state', 'tune');
    expect(openStateDirectory(options(), failing(at('home'), operation, code))).toEqual({
      folder: at('tmp', fallbackName),
      warning: {
        code: 'STATE_DIRECTORY',
        text: `${home} cannot be written (${code}); the journal of this run is kept in ${at('tmp', fallbackName)}.`,
      },
    });
    expect(fs.statSync(at('tmp', fallbackName)).mode & 0o777).toBe(0o700);
  });

  it('is the temporary directory, not the working one, for a user without a home', () => {
    const homeless = options({ homeDirectory: '' });
    expect(openStateDirectory(homeless)).toEqual({
      folder: at('tmp', fallbackName),
      warning: {
        code: 'STATE_DIRECTORY',
        text: `.local/state/tune cannot be written (there is no home directory); the journal of this run is kept in ${at('tmp', fallbackName)}.`,
      },
    });
    expect(stateFoldersToRead(homeless)).toEqual([at('tmp', fallbackName)]);
  });

  it('is the temporary directory when a file stands where the folder should be', () => {
    fs.writeFileSync(at('home', '.local'), '');
    expect(openStateDirectory(options()).folder).toBe(at('tmp', fallbackName));
  });

  it.skipIf(!fs.existsSync('/proc/self/stat'))('is the temporary directory where no folder can ever be made', () => {
    expect(openStateDirectory(options({ env: { TUNE_STATE_DIR: '/proc/tune/state' } }))).toEqual({
      folder: at('tmp', fallbackName),
      warning: {
        code: 'STATE_DIRECTORY',
        text: expect.stringMatching(/^\/proc\/tune\/state cannot be written \(ENOENT\);/),
      },
    });
  });

  it('refuses, naming both folders and the cure, when neither can be written', () => {
    fs.writeFileSync(at('home', '.local'), '');
    const error = refusal(() => openStateDirectory(options(), failing(at('tmp'), 'writeSync', 'ENOSPC')));
    expect(error.code).toBe('STATE_DIRECTORY');
    expect(error.exitCode).toBe(2);
    expect(error.message).toBe(
      `No folder for the journal: ${at('home', '.local', 'state', 'tune')} cannot be written (ENOTDIR), nor can ${at('tmp', fallbackName)} (ENOSPC).`,
    );
    expect(error.hint).toBe('Set TUNE_STATE_DIR to a folder that you may write. Nothing was created.');
  });

  it('does not use a link that someone put at the temporary place, nor write through it', () => {
    fs.writeFileSync(at('home', '.local'), '');
    fs.mkdirSync(at('elsewhere'), { mode: 0o700 });
    fs.symlinkSync(at('elsewhere'), at('tmp', fallbackName));
    expect(refusal(() => openStateDirectory(options())).message).toContain('(it is a symbolic link)');
    expect(fs.readdirSync(at('elsewhere'))).toEqual([]);
  });

  it.skipIf(uid < 0)('does not use a temporary folder that others may enter, or that is another user’s', () => {
    fs.writeFileSync(at('home', '.local'), '');
    fs.mkdirSync(at('tmp', fallbackName));
    fs.chmodSync(at('tmp', fallbackName), 0o770);
    expect(refusal(() => openStateDirectory(options())).message).toContain('(others may write or read it)');
    fs.chmodSync(at('tmp', fallbackName), 0o700);
    const someoneElses: StateFiles = {
      ...fs,
      lstatSync: (file) => Object.assign(fs.lstatSync(file), { uid: uid + 1 }),
    };
    expect(refusal(() => openStateDirectory(options(), someoneElses)).message).toContain(
      '(it belongs to another user)',
    );
  });

  it('is looked for in both places when reading, and reading makes no folder', () => {
    expect(stateFoldersToRead(options())).toEqual([at('home', '.local', 'state', 'tune')]);
    fs.mkdirSync(at('tmp', fallbackName), { mode: 0o700 });
    expect(stateFoldersToRead(options())).toEqual([at('home', '.local', 'state', 'tune'), at('tmp', fallbackName)]);
    expect(fs.readdirSync(at('home'))).toEqual([]);
  });
});
