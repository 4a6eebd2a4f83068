import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolders } from '../../src/base/makeFolders.ts';

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'folders-test-'));
});
afterEach(() => {
  fs.rmSync(root, { recursive: true, force: true });
});

const codeOf = (folder: string): unknown => {
  try {
    makeFolders(folder);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
  return 'made';
};

it('makes what is missing, with the mode that is asked for, and is content with what is there', () => {
  const folder = path.join(root, 'a', 'b', 'c');
  makeFolders(folder, 0o700);
  makeFolders(folder, 0o700);
  expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
  fs.symlinkSync(folder, path.join(root, 'link'));
  expect(codeOf(path.join(root, 'link'))).toBe('made');
  expect(codeOf(path.join(root, 'link', 'd'))).toBe('made');
  expect(fs.readdirSync(folder)).toEqual(['d']);
});

it('says what is in the way', () => {
  fs.writeFileSync(path.join(root, 'file'), '');
  fs.symlinkSync(path.join(root, 'nowhere'), path.join(root, 'dangling'));
  expect(codeOf(path.join(root, 'file'))).toBe('EEXIST');
  expect(codeOf(path.join(root, 'file', 'x'))).toBe('ENOTDIR');
  expect(codeOf(path.join(root, 'dangling'))).toBe('EEXIST');
  expect(codeOf(path.join(root, 'dangling', 'x'))).toBe('EEXIST');
});

it.skipIf(!fs.existsSync('/proc/self/stat'))('comes back where no folder can ever be made', () => {
  expect(codeOf('/proc/tune')).toBe('ENOENT');
  expect(codeOf('/proc/tune/journals/x')).toBe('ENOENT');
});
