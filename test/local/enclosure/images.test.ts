import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createImages } from '../../../src/local/enclosure/images.ts';
import { probeConfinement, toolPathOf } from '../../../src/local/places/confinement.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'images-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const toolPath = toolPathOf(process.env.PATH ?? '');
const scripts = fileURLToPath(new URL('../../../src/local/runtime/bootstraps', import.meta.url));
const probed = mkdtempSync(join(tmpdir(), 'images-probe-'));
const { enclosure } = await probeConfinement(toolPath, probed);
rmSync(probed, { recursive: true });

it.runIf(enclosure?.images !== undefined)('makes a file system of each size once, with holes', async () => {
  const images = createImages(folder, toolPath, scripts);
  const paths = await Promise.all([512, 512, 600].map((sizeMb) => images.emptyOf(sizeMb)));
  expect(await images.emptyOf(512)).toBe(paths[0]);
  const [first = '', second, large = ''] = paths;
  expect(second).toBe(first);
  expect(statSync(first).size).toBe(512 * 1024 * 1024);
  // In blocks of 512 bytes: less than 16 MB is really there.
  expect(statSync(first).blocks).toBeLessThan(32_768);
  expect(statSync(large).size).toBe(600 * 1024 * 1024);
  const { stdout } = await promisify(execFile)('dumpe2fs', ['-h', first], { env: { PATH: toolPath } });
  expect(stdout).toMatch(/Filesystem state: +clean/);
  expect(readdirSync(folder).filter((name) => name.startsWith('empty-'))).toEqual(['empty-512.img', 'empty-600.img']);
});

it('says so where none can be made', async () => {
  await expect(createImages(folder, folder, scripts).emptyOf(512)).rejects.toThrow('unshare');
  expect(readdirSync(folder)).toEqual([]);
});

it.runIf(enclosure?.images !== undefined)('makes one as soon as nothing is in the way any more', async () => {
  const links = toolPath.split(':').map((place, index) => ({ place, link: join(folder, `tools-${index}`) }));
  const images = createImages(folder, links.map(({ link }) => link).join(':'), scripts);
  await expect(images.emptyOf(512)).rejects.toThrow('unshare');
  for (const { place, link } of links) symlinkSync(place, link);
  expect(statSync(await images.emptyOf(512)).size).toBe(512 * 1024 * 1024);
});
