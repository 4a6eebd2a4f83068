import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createPipes } from '../../../src/local/enclosure/pipes.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pipes-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('gives everyone a named pipe of their own that nobody else can open, also when many ask at once', async () => {
  const pipes = createPipes(folder, process.env.PATH ?? '');
  const paths = Array.from({ length: 40 }, (_, index) => join(folder, `mine-${index}`));
  await Promise.all(paths.map((path) => pipes.take(path)));
  expect(paths.filter((path) => lstatSync(path).isFIFO() && (lstatSync(path).mode & 0o777) === 0o600)).toEqual(paths);
  // 48 were made, by three programs.
  expect(readdirSync(folder)).toHaveLength(48);
});

it('says so where they cannot be made', async () => {
  await expect(createPipes(folder, folder).take(join(folder, 'mine'))).rejects.toThrow('mkfifo');
});
