import { mkdtemp, readdir, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { ServiceFailure } from '../../../src/local/http/wire.ts';
import { inspectArchive, openCodeArchive } from '../../../src/local/packages/codeArchive.ts';
import { zipOf } from '../lab.ts';

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'archive-'));
  folder = join(parent, 'code');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const link = 0o120777;

/** Changes bytes of a name in all headers: the library that writes zips refuses hostile names. */
function renamed(zip: Buffer, from: string, to: string): Buffer {
  return Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1');
}

async function refusalOf(zip: Buffer): Promise<string> {
  const archive = openCodeArchive(folder);
  const error = await archive.add(zip).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ServiceFailure);
  expect(await readdir(folder)).toEqual([]);
  expect(await readdir(parent)).toEqual(['code']);
  return error instanceof ServiceFailure && error.type === 'InvalidParameterValueException' ? error.message : '';
}

describe('add', () => {
  it('unpacks once per content, keeps unix modes and links inside, and is gone after close', async () => {
    const zipped = new ZipFile();
    zipped.addBuffer(Buffer.from('#!/bin/sh\n'), 'bin/bootstrap', { mode: 0o100755 });
    zipped.addBuffer(Buffer.from('bin/bootstrap'), 'bootstrap', { mode: link });
    zipped.addEmptyDirectory('empty/');
    zipped.end();
    const zip = await buffer(zipped.outputStream);
    const archive = openCodeArchive(folder);
    const [first, second] = await Promise.all([archive.add(zip), archive.add(Buffer.from(zip))]);
    expect(second).toEqual(first);
    expect((await stat(join(first.folder, 'bin/bootstrap'))).mode & 0o777).toBe(0o755);
    expect(await readlink(join(first.folder, 'bootstrap'))).toBe('bin/bootstrap');
    expect((await readdir(first.folder)).sort()).toEqual(['bin', 'bootstrap', 'empty']);
    expect(await archive.read(first)).toEqual(zip);
    await archive.close();
    expect(await readdir(parent)).toEqual([]);
  });

  it('gives nobody more rights than others than the owner have, because on Lambda the function is another user', async () => {
    const zipped = new ZipFile();
    zipped.addEmptyDirectory('closed/', { mode: 0o40700 });
    for (const [name, mode] of [
      ['closed/inside.txt', 0o100644],
      ['own.txt', 0o100600],
      ['group.txt', 0o100640],
      ['own-program', 0o100700],
      ['all.txt', 0o100444],
      ['windows.txt', 0],
    ] as const) {
      zipped.addBuffer(Buffer.from('x'), name, { mode });
    }
    zipped.end();
    const archive = openCodeArchive(folder);
    const code = await archive.add(await buffer(zipped.outputStream));
    const modes: Record<string, string> = {};
    for (const name of await readdir(code.folder)) {
      modes[name] = ((await stat(join(code.folder, name))).mode & 0o777).toString(8);
    }
    await archive.close();
    expect(modes).toEqual({
      closed: '200',
      'own.txt': '200',
      'group.txt': '200',
      'own-program': '200',
      'all.txt': '444',
      'windows.txt': '644',
    });
    expect(await readdir(parent)).toEqual([]);
  });

  it.each<[string, string, string, RegExp?]>([
    ['traversal', 'aa/evil.txt', '../evil.txt'],
    ['an absolute name', 'a/evil.txt', '//evil.txt'],
    ['a backslash name', 'aa/evil.txt', '..\\evil.txt', /written with backslashes.*Compress-Archive/],
    ['a drive letter', 'aa/evil.txt', 'C:/evil.txt'],
  ])('refuses %s and writes nothing', async (_, from, to, said = /leads out|unzip/) => {
    expect(await refusalOf(renamed(await zipOf({ [from]: 'x' }), from, to))).toMatch(said);
  });

  it.each([
    ['up', '../../etc/passwd'],
    ['absolute', '/etc/passwd'],
    ['to nothing', 'missing'],
    ['empty', ''],
  ])('refuses a symbolic link that leads %s', async (_, target) => {
    expect(await refusalOf(await zipOf({ 'a/link': target }, link))).toMatch(/symbolic link/);
  });

  it('refuses a chain of links that climbs out although each looks harmless', async () => {
    const zipped = new ZipFile();
    zipped.addBuffer(Buffer.from('x'), 'a/b/file', { mode: 0o100644 });
    zipped.addBuffer(Buffer.from('..'), 'a/b/up', { mode: link });
    zipped.addBuffer(Buffer.from('a/b/up/../../..'), 'out', { mode: link });
    zipped.end();
    expect(await refusalOf(await buffer(zipped.outputStream))).toMatch(/symbolic link/);
  });

  it('refuses two entries of one name', async () => {
    expect(await refusalOf(renamed(await zipOf({ 'one.txt': '1', 'two.txt': '2' }), 'two.txt', 'one.txt'))).toMatch(
      /same name/,
    );
  });

  it('refuses encryption', async () => {
    const zip = await zipOf({ 'one.txt': '1' });
    zip.writeUInt16LE(zip.readUInt16LE(zip.indexOf('PK\x01\x02') + 8) | 1, zip.indexOf('PK\x01\x02') + 8);
    expect(await refusalOf(zip)).toMatch(/encrypted/);
  });

  it('refuses what declares more than 250 MB unzipped, and what unpacks to more than it declares', async () => {
    const zip = await zipOf({ 'one.txt': 'x'.repeat(5000) });
    const size = zip.indexOf('PK\x01\x02') + 24;
    const bomb = Buffer.from(zip);
    bomb.writeUInt32LE(262_144_001, size);
    expect(await refusalOf(bomb)).toBe('Unzipped size must be smaller than 262144000 bytes');
    const liar = Buffer.from(zip);
    liar.writeUInt32LE(10, size);
    expect(await refusalOf(liar)).toMatch(/Could not unzip/);
  });

  it('refuses what is no zip, an empty one, and a cut one', async () => {
    const zip = await zipOf({ 'one.txt': 'x'.repeat(5000) });
    const end = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);
    for (const broken of [Buffer.from('hello'), zip.subarray(0, zip.length / 2)]) {
      const archive = openCodeArchive(folder);
      await expect(archive.add(broken)).rejects.toThrow(/Could not unzip/);
    }
    await expect(openCodeArchive(folder).add(end)).rejects.toThrow(/non-empty/);
  });
});

describe('inspectArchive', () => {
  it('lists the files with whether they may be executed, and writes nothing', async () => {
    expect(await inspectArchive(await zipOf({ bootstrap: 'x' }, 0o100755))).toEqual([
      { name: 'bootstrap', executable: true },
    ]);
  });

  it('is as strict as unpacking', async () => {
    const zip = renamed(await zipOf({ 'aa/evil.txt': 'x' }), 'aa/evil.txt', '../evil.txt');
    await expect(inspectArchive(zip)).rejects.toThrow(/leads out/);
  });
});
