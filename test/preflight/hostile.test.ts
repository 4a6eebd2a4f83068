import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TuneError } from '../../src/base/errors.ts';
import { inspectPackage } from '../../src/preflight/inspectPackage.ts';
import { inspectionLimits } from '../../src/preflight/opening/limits.ts';
import { bomb, elf, renamed, zip } from './packages.ts';

const where = 'function package';
const link = { mode: 0o120777 };

async function refusalOf(bytes: Buffer, limits = inspectionLimits): Promise<string> {
  const error = await inspectPackage({ kind: 'buffer', bytes, where }, 'arm64', limits).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TuneError);
  return error instanceof TuneError && error.code === 'CODE' ? error.message : '';
}

describe('hostile packages are refused', () => {
  it.each([
    ['traversal', 'aa/evil.txt', '../evil.txt'],
    ['an absolute name', 'a/evil.txt', '//evil.txt'],
    ['a drive letter', 'aa/evil.txt', 'C:/evil.txt'],
  ])('%s', async (_, from, to) => {
    const message = await refusalOf(renamed(await zip({ [from]: 'x' }), from, to));
    expect(message).toBe(
      'function package cannot be looked through: it holds a file whose name is absolute or leads out of the package.',
    );
  });

  it('names written with backslashes', async () => {
    expect(await refusalOf(renamed(await zip({ 'lib/a.txt': 'x' }), 'lib/a.txt', 'lib\\a.txt'))).toContain(
      'its names are written with backslashes (Windows)',
    );
  });

  it.each([
    ['up', { 'a/link': '../../etc/passwd' }],
    ['to an absolute place', { 'a/link': '/etc/passwd' }],
    ['through another link', { 'a/b/up': '..', out: 'a/b/up/../../..' }],
    ['to nowhere', { link: '' }],
  ])('a symbolic link that leads %s', async (_, files) => {
    expect(await refusalOf(await zip(files, link))).toMatch(/symbolic link/);
  });

  it('but links that stay inside, loop or name folders of Lambda pass', async () => {
    const files = { 'lib/a.so': 'a.so.1', 'lib/a.so.1': 'a.so', python: '/opt/python/bin', deep: 'lib/../lib/a.so' };
    const inspection = await inspectPackage({ kind: 'buffer', bytes: await zip(files, link), where }, 'arm64');
    expect(inspection.findings).toEqual([]);
  });

  it('encryption', async () => {
    const archive = await zip({ 'one.txt': '1' });
    const central = archive.indexOf('PK\x01\x02');
    archive.writeUInt16LE(archive.readUInt16LE(central + 8) | 1, central + 8);
    expect(await refusalOf(archive)).toMatch(/encrypted/);
  });

  it('bombs: by their ratio, by what they declare, and inside of other archives', async () => {
    expect(await refusalOf(bomb(20_000_000))).toMatch(/zip bomb/);
    expect(await refusalOf(bomb(1000, 262_144_001))).toMatch(/250 MB/);
    expect(await refusalOf(await zip({ 'lib/inner.jar': bomb(20_000_000) }))).toMatch(/zip bomb/);
    const declares = await zip({ 'a.zip': bomb(1000, 4_000_000_000) });
    expect(await refusalOf(declares)).toMatch(/1 GB/);
  });

  it('many inner archives that together are too large, and too many entries', async () => {
    const inner = await zip({ 'a.bin': 'x'.repeat(60_000) });
    const archive = await zip({ 'a.jar': inner, 'b.jar': inner, 'c.jar': inner });
    expect(await refusalOf(archive, { ...inspectionLimits, maxInnerBytes: 150_000 })).toMatch(/1 GB/);
    expect(await refusalOf(archive, { ...inspectionLimits, maxEntries: 5 })).toMatch(/too many files/);
  });

  it('a compressed file that never ends', async () => {
    const { brotliCompressSync } = await import('node:zlib');
    const tar = Buffer.alloc(3_000_000);
    tar.write('zeros', 0);
    tar.write((2_999_000).toString(8).padStart(11, '0'), 124);
    tar.write('ustar\u000000', 257, 'latin1');
    const archive = await zip({ 'a.tar.br': brotliCompressSync(tar) });
    expect(await refusalOf(archive, { ...inspectionLimits, maxInnerBytes: 1_000_000 })).toMatch(/1 GB/);
  });

  it('what is no zip, an empty one, and a cut one', async () => {
    const archive = await zip({ 'one.txt': 'x'.repeat(5000) });
    expect(await refusalOf(Buffer.from('hello'))).toMatch(/no zip file/);
    expect(await refusalOf(archive.subarray(0, archive.length / 2))).toMatch(/no zip file/);
    expect(await refusalOf(Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]))).toMatch(/empty/);
  });
});

describe('hostile content of an accepted package', () => {
  it('an inner archive that declares less than it holds is not looked into, and said so', async () => {
    const inner = await zip({ 'a.so': elf('x86_64') });
    const outer = await zip({ 'liar.jar': inner });
    outer.writeUInt32LE(30, outer.indexOf('PK\x01\x02') + 24);
    const { findings } = await inspectPackage({ kind: 'buffer', bytes: outer, where }, 'arm64');
    expect(findings).toMatchObject([{ path: 'liar.jar', kind: 'archive', blocking: false }]);
  });

  it('an inner archive with names that lead out is not looked into, and said so', async () => {
    const inner = renamed(await zip({ 'aa/evil.so': elf('x86_64') }), 'aa/evil.so', '../evil.so');
    const { findings } = await inspectPackage({ kind: 'buffer', bytes: await zip({ 'a.jar': inner }), where }, 'arm64');
    expect(findings).toMatchObject([{ path: 'a.jar', kind: 'archive', blocking: false }]);
  });

  it('does not hold more in memory than it may', async () => {
    const limits = { ...inspectionLimits, maxHeldBytes: 100 };
    const bytes = await zip({ 'a.jar': await zip({ 'a.so': elf('x86_64') }) });
    const { findings } = await inspectPackage({ kind: 'buffer', bytes, where }, 'arm64', limits);
    expect(findings[0]?.cure).toMatch(/too large to unpack/);
  });

  it('bounds the findings and the length of names', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [`${'n'.repeat(3000)}${index}.so`, elf('x86_64')]),
    );
    const limits = { ...inspectionLimits, maxFindings: 5 };
    const inspection = await inspectPackage({ kind: 'buffer', bytes: await zip(files), where }, 'arm64', limits);
    expect(inspection.findings).toHaveLength(5);
    expect(inspection.findingsLeftOut).toBe(3);
    expect(inspection.findings[0]?.path).toHaveLength(1024);
    expect(inspection.findings[0]?.path.endsWith('0.so')).toBe(true);
  });

  it('a package with changed bytes is inspected or refused, never a crash', async () => {
    const jar = await zip({ 'lib/a.so': elf('x86_64'), 'b-1.dist-info/WHEEL': 'Tag: cp3-cp3-linux_x86_64' });
    const original = await zip({
      'a.jar': jar,
      'node_modules/x/package.json': '{"cpu":["x64"]}',
      'c.so': elf('arm64'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        async (changes) => {
          const bytes = Buffer.from(original);
          for (const [position, value] of changes) bytes.writeUInt8(value, position);
          const answer = await inspectPackage({ kind: 'buffer', bytes, where }, 'arm64').catch(
            (error: unknown) => error,
          );
          expect(answer instanceof Error ? answer instanceof TuneError && answer.code : 'CODE').toBe('CODE');
        },
      ),
      { numRuns: 1500, seed: 13, interruptAfterTimeLimit: 15_000 },
    );
  });
});
