import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { packageCode } from '../../../src/local/packages/packageCode.ts';

const hostRuntimes = { node: 'nodejs22.x', python: 'python3.12' };
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'package-code-'));
  writeFileSync(join(folder, 'index.mjs'), 'export const handler = async () => 1;');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a file that is removed while its folder is packed is said, and ends nothing else', async () => {
  writeFileSync(join(folder, 'data'), '');
  const packing = packageCode(folder, {
    hostRuntimes,
    // Asked right before the file is taken.
    isLeftOut: (place) => {
      if (place.endsWith('/data')) rmSync(place);
      return false;
    },
  });
  await expect(packing).rejects.toThrow(`The folder ${folder} was changed while it was packed.`);
});

it('what is left out is no part of the package', async () => {
  mkdirSync(join(folder, 'tmp', 'own'), { recursive: true });
  for (const name of ['tmp/own/a', 'tmp/b', 'log']) writeFileSync(join(folder, name), name);
  const isLeftOut = (place: string) => /\/(?:own|log)$/.test(place);
  const { files } = await packageCode(folder, { hostRuntimes, isLeftOut });
  expect(files).toEqual(['index.mjs', 'tmp/b']);
});
