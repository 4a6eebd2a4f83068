import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/migrate/preflight/inspection.ts';
import type { Architecture } from '../../src/model/configuration.ts';
import { inspectPackage } from '../../src/preflight/inspectPackage.ts';
import { elf, type Files, type Packing, readyToRun, tar, zip } from './packages.ts';

const where = 'function package';

async function inspect(files: Files, wanted: Architecture = 'arm64', packing: Packing = {}) {
  return inspectPackage({ kind: 'buffer', bytes: await zip(files, packing), where }, wanted);
}

async function findingsIn(files: Files, wanted: Architecture = 'arm64'): Promise<readonly Finding[]> {
  return (await inspect(files, wanted)).findings;
}

async function amissIn(files: Files, wanted: Architecture = 'arm64'): Promise<string[]> {
  return (await findingsIn(files, wanted)).map(({ path, kind, architecture }) => `${path} ${kind} ${architecture}`);
}

describe('native files', () => {
  it('tells the machine of executables, libraries, addons and the bootstrap, whatever they are named', async () => {
    const found = await amissIn({
      bootstrap: elf('x86_64'),
      'bin/tool': elf('x86_64', { type: 2 }),
      'lib/libfoo.so.1.2': elf('x86_64'),
      'lib/addon.node': elf('x86_64'),
      'pkg/fast.cpython-312-x86_64-linux-gnu.so': elf('x86_64'),
      'assets/picture.png': elf('x86_64'),
      'index.mjs': 'export const handler = () => 1;',
    });
    expect(found).toEqual([
      'bootstrap bootstrap x86_64',
      'bin/tool executable x86_64',
      'lib/libfoo.so.1.2 sharedLibrary x86_64',
      'lib/addon.node nodeAddon x86_64',
      'pkg/fast.cpython-312-x86_64-linux-gnu.so pythonExtension x86_64',
      'assets/picture.png executable x86_64',
    ]);
  });

  it('finds nothing against the architecture that it is built for, in both directions', async () => {
    expect(await amissIn({ bootstrap: elf('arm64') }, 'arm64')).toEqual([]);
    expect(await amissIn({ bootstrap: elf('x86_64') }, 'x86_64')).toEqual([]);
    expect(await amissIn({ bootstrap: elf('arm64') }, 'x86_64')).toEqual(['bootstrap bootstrap arm64']);
  });

  it('refuses 32-bit code for both', async () => {
    const files = { 'lib/old.so': elf('i386'), 'lib/phone.so': elf('arm') };
    const expected = ['lib/old.so sharedLibrary i386', 'lib/phone.so sharedLibrary arm'];
    expect(await amissIn(files, 'arm64')).toEqual(expected);
    expect(await amissIn(files, 'x86_64')).toEqual(expected);
  });

  it('leaves out what no Lambda ever loads: other machines, big-endian ARM, object files, other systems', async () => {
    const files = {
      'lib/a.so': elf('riscv64'),
      'lib/b.so': elf('arm64', { bigEndian: true }),
      'build/Release/obj.target/c.o': elf('x86_64', { type: 1 }),
      'prebuilds/android-x64/d.node': elf('x86_64'),
      'prebuilds/freebsd-x64/e.node': elf('x86_64'),
    };
    expect(await amissIn(files)).toEqual([]);
  });

  it('keeps a folder that is only named after a system', async () => {
    expect(await amissIn({ 'android/app.so': elf('x86_64') })).toEqual(['android/app.so sharedLibrary x86_64']);
  });

  it('takes code of .NET compiled ahead of time for a hint, not for a proof', async () => {
    const [finding] = await findingsIn({ 'Orders.dll': readyToRun('x86_64'), 'Plain.dll': 'MZ' });
    expect(finding).toMatchObject({ kind: 'dotnetReadyToRun', architecture: 'x86_64', blocking: false });
    expect(finding?.cure).toBe('dotnet publish -c Release -r linux-arm64');
    expect(await findingsIn({ 'Orders.dll': readyToRun('arm64') })).toEqual([]);
  });

  it('counts what it saw', async () => {
    const inspection = await inspect({ 'a.so': elf('x86_64'), 'b.so': elf('arm64'), 'c.txt': 'text' });
    expect(inspection).toMatchObject({ where, wanted: 'arm64', files: 3, archives: 0, findingsLeftOut: 0 });
    expect(inspection.natives).toEqual({ x86_64: 1, arm64: 1, i386: 0, arm: 0, unknown: 0 });
  });

  it('reads stored entries as well as compressed ones', async () => {
    const inspection = await inspect({ 'lib/a.so': elf('x86_64') }, 'arm64', { compress: false });
    expect(inspection.findings.map(({ path }) => path)).toEqual(['lib/a.so']);
  });
});

describe('archives inside', () => {
  it('looks into a jar in a zip, a wheel in a zip, and deeper', async () => {
    const jar = await zip({ 'native/linux/libnative.so': elf('x86_64'), 'META-INF/MANIFEST.MF': 'x' });
    const nested = await zip({ 'lib/inner.jar': jar });
    const wheel = await zip({
      'fast-1.0.dist-info/WHEEL': 'Wheel-Version: 1.0\nTag: cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64\n',
    });
    expect(await amissIn({ 'lib/a.jar': jar, 'b.zip': nested, 'c.whl': wheel })).toEqual([
      'lib/a.jar!/native/linux/libnative.so sharedLibrary x86_64',
      'b.zip!/lib/inner.jar!/native/linux/libnative.so sharedLibrary x86_64',
      'c.whl!/fast-1.0.dist-info/WHEEL pythonWheel x86_64',
    ]);
  });

  it('looks into a jar that lies uncompressed in the package', async () => {
    const jar = await zip({ 'x.so': elf('x86_64') });
    const inspection = await inspect({ 'lib/a.jar': jar }, 'arm64', { compress: false });
    expect(inspection.findings.map(({ path }) => path)).toEqual(['lib/a.jar!/x.so']);
    expect(inspection.archives).toBe(1);
  });

  it('looks into compressed programs and tars, as browsers are packed for Lambda', async () => {
    const found = await amissIn({
      'bin/chromium.br': brotliCompressSync(elf('x86_64')),
      'bin/al2023.tar.br': brotliCompressSync(tar('lib/libnss3.so', elf('x86_64'))),
      'bin/ffmpeg.gz': gzipSync(elf('x86_64')),
      'bin/tools.tgz': gzipSync(
        Buffer.concat([tar('tool', elf('arm64')).subarray(0, -1024), tar('old', elf('x86_64'))]),
      ),
      'bin/plain.tar': tar('plain', elf('x86_64')),
      'page.html.br': brotliCompressSync(Buffer.from('<html>')),
      'broken.br': 'this is no brotli at all',
    });
    expect(found).toEqual([
      'bin/chromium.br executable x86_64',
      'bin/al2023.tar.br!/lib/libnss3.so sharedLibrary x86_64',
      'bin/ffmpeg.gz executable x86_64',
      'bin/tools.tgz!/old executable x86_64',
      'bin/plain.tar!/plain executable x86_64',
    ]);
  });

  it('says what it could not look into instead of passing over it', async () => {
    const encrypted = await zip({ 'a.so': elf('x86_64') });
    const central = encrypted.indexOf('PK\x01\x02');
    encrypted.writeUInt16LE(encrypted.readUInt16LE(central + 8) | 1, central + 8);
    const found = await findingsIn({
      'encrypted.jar': encrypted,
      'cut.jar': (await zip({ 'a.so': elf('x86_64') })).subarray(0, 100),
      'packed.tar.xz': 'packed by xz',
    });
    expect(found.map(({ path, kind, blocking }) => ({ path, kind, blocking }))).toEqual([
      { path: 'encrypted.jar', kind: 'archive', blocking: false },
      { path: 'cut.jar', kind: 'archive', blocking: false },
      { path: 'packed.tar.xz', kind: 'archive', blocking: false },
    ]);
    expect(found[0]?.cure).toMatch(/^Not looked into: it is encrypted/);
  });

  it('leaves documents that are zips alone', async () => {
    expect(await findingsIn({ 'template.xlsx': (await zip({ 'a.xml': 'x' })).subarray(0, 80) })).toEqual([]);
  });

  it('stops at its depth and says so', async () => {
    let archive = await zip({ 'deep.so': elf('x86_64') });
    for (let level = 0; level < 5; level++) archive = await zip({ 'inner.zip': archive });
    const { findings } = await inspectPackage({ kind: 'buffer', bytes: archive, where }, 'arm64');
    expect(findings).toMatchObject([
      { path: 'inner.zip!/inner.zip!/inner.zip!/inner.zip!/inner.zip', kind: 'archive', blocking: false },
    ]);
  });
});

describe('both architectures side by side', () => {
  const bothOf = (x86: string, arm: string) => ({ [x86]: elf('x86_64'), [arm]: elf('arm64') });

  it.each([
    ['prebuildify', 'prebuilds/linux-x64/node.napi.node', 'prebuilds/linux-arm64/node.napi.armv8.node'],
    [
      'packages per platform',
      'node_modules/@esbuild/linux-x64/bin/esbuild',
      'node_modules/@esbuild/linux-arm64/bin/esbuild',
    ],
    [
      'napi-rs',
      'node_modules/@x/y-linux-x64-gnu/y.linux-x64-gnu.node',
      'node_modules/@x/y-linux-arm64-gnu/y.linux-arm64-gnu.node',
    ],
    ['Python extensions', 'p/m.cpython-312-x86_64-linux-gnu.so', 'p/m.cpython-312-aarch64-linux-gnu.so'],
    ['libraries of auditwheel', 'numpy.libs/libgfortran-040039e1.so.5.0.0', 'numpy.libs/libgfortran-105e6576.so.5.0.0'],
    ['folders of JNI', 'org/x/Linux/x86_64/libx.so', 'org/x/Linux/aarch64/libx.so'],
    ['JNA', 'com/sun/jna/linux-x86-64/libj.so', 'com/sun/jna/linux-aarch64/libj.so'],
    ['netty', 'a-linux-x86_64.jar/META-INF/liba_x86_64.so', 'a-linux-aarch_64.jar/META-INF/liba_aarch_64.so'],
    ['the AWS common runtime', 'linux/x86_64/glibc/libcrt.so', 'linux/armv8/glibc/libcrt.so'],
    ['other file names in the folder', 'bin/linux/x64/libonnx_cuda.so', 'bin/linux/arm64/onnx.node'],
  ])('passes %s, in both directions', async (_, x86, arm) => {
    expect(await amissIn(bothOf(x86, arm), 'arm64')).toEqual([]);
    expect(await amissIn(bothOf(x86, arm), 'x86_64')).toEqual([]);
  });

  it.each([
    ['another package', 'node_modules/@a/linux-x64/a.node', 'node_modules/@b/linux-arm64/b.node'],
    ['a build for musl alone', 'node_modules/@i/s-linux-x64/s.node', 'node_modules/@i/s-linuxmusl-arm64/s.node'],
    ['a file of another name', 'lib/a.so', 'lib/b.so'],
    [
      'another extension of the same folder',
      'p/m.cpython-312-x86_64-linux-gnu.so',
      'p/n.cpython-312-aarch64-linux-gnu.so',
    ],
  ])('does not take %s for a counterpart', async (_, x86, arm) => {
    expect(await amissIn(bothOf(x86, arm))).toHaveLength(1);
  });

  it('passes a leftover for musl and for 32 bits beside the build that is used', async () => {
    const files = {
      'prebuilds/linux-arm64/a.node': elf('arm64'),
      'prebuilds/linux-x64/a.musl.node': elf('x86_64'),
      'prebuilds/linux-ia32/a.node': elf('i386'),
      'prebuilds/linux-arm/a.node': elf('arm'),
    };
    expect(await amissIn(files)).toEqual([]);
  });
});

describe('packages of npm', () => {
  const manifest = (cpu: string[], os = ['linux']) => JSON.stringify({ name: 'x', os, cpu });

  it('names package and command, for each of its files', async () => {
    const [finding, ...others] = await findingsIn({
      'node_modules/@img/sharp-linux-x64/package.json': manifest(['x64']),
      'node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64.node': elf('x86_64'),
    });
    expect(others).toEqual([]);
    expect(finding).toEqual({
      where,
      path: 'node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64.node',
      kind: 'nodeAddon',
      architecture: 'x86_64',
      cure: 'npm install --cpu=arm64 --os=linux --libc=glibc',
      package: '@img/sharp-linux-x64',
      blocking: true,
    });
  });

  it('reads os and cpu of a package that holds no native file', async () => {
    expect(await amissIn({ 'node_modules/@x/linux-x64/package.json': manifest(['x64']) })).toEqual([
      'node_modules/@x/linux-x64/package.json nodePackage x86_64',
    ]);
    expect(await amissIn({ 'node_modules/@x/linux-arm64/package.json': manifest(['arm64']) }, 'x86_64')).toEqual([
      'node_modules/@x/linux-arm64/package.json nodePackage arm64',
    ]);
  });

  it('passes packages for both, for other systems, and manifests that are none', async () => {
    const files = {
      'node_modules/@x/linux-x64/package.json': manifest(['x64']),
      'node_modules/@x/linux-arm64/package.json': manifest(['arm64']),
      'node_modules/@x/darwin-x64/package.json': manifest(['x64'], ['darwin']),
      'node_modules/y/package.json': manifest(['!ia32']),
      'node_modules/z/package.json': '{"cpu": 7, "os": {}}',
      'node_modules/w/package.json': 'not json',
      'node_modules/x/test/package.json': manifest(['x64']),
    };
    expect(await amissIn(files)).toEqual([]);
  });

  it('does not block for packages that only speed up others', async () => {
    const [bufferutil, bcrypt] = await findingsIn({
      'node_modules/bufferutil/prebuilds/linux-x64/bufferutil.node': elf('x86_64'),
      'node_modules/bcrypt/prebuilds/linux-x64/bcrypt.node': elf('x86_64'),
    });
    expect([bufferutil?.blocking, bcrypt?.blocking]).toEqual([false, true]);
    expect(bufferutil?.cure).toBe('npm install --cpu=arm64 --os=linux --libc=glibc bufferutil');
  });

  it('rebuilds what was compiled on the spot, and is wary of names', async () => {
    const [compiled, hostile] = await findingsIn({
      'node_modules/bcrypt/build/Release/bcrypt.node': elf('x86_64'),
      'node_modules/$(rm -rf ~)/a.node': elf('x86_64'),
    });
    expect(compiled?.cure).toMatch(/^docker run --rm --platform linux\/arm64 .* npm rebuild bcrypt$/);
    expect(hostile?.cure).toBe('npm install --cpu=arm64 --os=linux --libc=glibc');
  });
});

describe('wheels of Python', () => {
  const wheel = (platform: string) =>
    `Wheel-Version: 1.0\r\nRoot-Is-Purelib: false\r\nTag: cp311-cp311-${platform}\r\n`;

  it('names distribution, version and command, for the tags and each file of it', async () => {
    const findings = await findingsIn({
      'numpy-1.26.4.dist-info/WHEEL': wheel('manylinux_2_17_x86_64').replaceAll('\r', ''),
      'numpy-1.26.4.dist-info/RECORD': 'numpy/core/m.so,sha256=x,1\nnumpy/__init__.py,,\n',
      'numpy/core/m.so': elf('x86_64'),
    });
    const cure =
      'pip install --platform manylinux2014_aarch64 --only-binary=:all: --python-version 3.11 --upgrade --target package numpy==1.26.4';
    expect(findings).toMatchObject([
      { path: 'numpy/core/m.so', kind: 'sharedLibrary', package: 'numpy==1.26.4', cure },
      { path: 'numpy-1.26.4.dist-info/WHEEL', kind: 'pythonWheel', architecture: 'x86_64', cure, blocking: true },
    ]);
  });

  it('reads tags with Windows line ends', async () => {
    expect(await amissIn({ 'a-1.dist-info/WHEEL': wheel('manylinux2014_x86_64') })).toEqual([
      'a-1.dist-info/WHEEL pythonWheel x86_64',
    ]);
  });

  it.each(['any', 'manylinux_2_28_aarch64', 'linux_x86_64.linux_aarch64'])(
    'passes the platform %s',
    async (platform) => {
      expect(await amissIn({ 'a-1.dist-info/WHEEL': wheel(platform) })).toEqual([]);
    },
  );

  it('does not believe tags where the files are there for both', async () => {
    const files = {
      'a-1.0.dist-info/WHEEL': wheel('manylinux2014_x86_64'),
      'a/m.cpython-311-x86_64-linux-gnu.so': elf('x86_64'),
      'a/m.cpython-311-aarch64-linux-gnu.so': elf('arm64'),
    };
    expect(await amissIn(files)).toEqual([]);
  });
});

describe('cures', () => {
  it('names the twin of a layer where vendors name them alike', async () => {
    const bytes = await zip({ 'extensions/agent': elf('x86_64') });
    const cureOf = async (name: string) => {
      const arn = `arn:aws:lambda:us-east-1:580247275435:layer:${name}:53`;
      return (await inspectPackage({ kind: 'buffer', bytes, where: arn }, 'arm64')).findings[0]?.cure;
    };
    expect(await cureOf('LambdaInsightsExtension')).toContain('probably LambdaInsightsExtension-Arm64 ');
    expect(await cureOf('AWSLambdaPowertoolsPythonV3-python312-x86_64')).toContain(
      'probably AWSLambdaPowertoolsPythonV3-python312-arm64 ',
    );
    expect(await cureOf('my-layer')).toMatch(/^Use the vendor's arm64 layer \(its versions/);
  });

  it('tells Go programs from others', async () => {
    const go = Buffer.concat([elf('x86_64'), Buffer.from('\x04\0\0\0\x53\0\0\0\x04\0\0\0Go\0\0', 'latin1')]);
    const [found] = await findingsIn({ bootstrap: go });
    expect(found?.cure).toBe('GOOS=linux GOARCH=arm64 go build -tags lambda.norpc -o bootstrap .');
    const [other] = await findingsIn({ bootstrap: elf('arm64') }, 'x86_64');
    expect(other?.cure).toContain('cargo lambda build --release --x86-64 (target x86_64-unknown-linux-gnu)');
  });

  it('names the library of a jar', async () => {
    const [found] = await findingsIn({ 'lib/a.jar': await zip({ 'liba.so': elf('x86_64') }) });
    expect(found?.cure).toContain('native code for linux aarch64');
  });
});

describe('folders and files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'preflight-'));
    await mkdir(join(folder, 'code/lib'), { recursive: true });
    await mkdir(join(folder, 'code/.git'));
    await writeFile(join(folder, 'code/lib/a.so'), elf('x86_64'));
    await writeFile(join(folder, 'code/.git/b.so'), elf('x86_64'));
    await writeFile(join(folder, 'code/lib/b.jar'), await zip({ 'c.so': elf('x86_64') }));
    await writeFile(join(folder, 'linked.so'), elf('x86_64'));
    await symlink(join(folder, 'linked.so'), join(folder, 'code/linked.so'));
    await symlink('/dev/zero', join(folder, 'code/endless'));
    await writeFile(join(folder, 'code.zip'), await zip({ 'a.so': elf('x86_64') }));
    await mkdir(join(folder, 'empty'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('looks at the files that would be packaged', async () => {
    const inspection = await inspectPackage({ kind: 'folder', path: join(folder, 'code'), where }, 'arm64');
    expect(inspection.findings.map(({ path }) => path).sort()).toEqual(['lib/a.so', 'lib/b.jar!/c.so', 'linked.so']);
  });

  it('reads a zip file by position', async () => {
    const inspection = await inspectPackage({ kind: 'file', path: join(folder, 'code.zip'), where }, 'arm64');
    expect(inspection.findings.map(({ path }) => path)).toEqual(['a.so']);
  });

  it('says what is not there', async () => {
    const missing = { kind: 'file', path: join(folder, 'missing.zip'), where } as const;
    await expect(inspectPackage(missing, 'arm64')).rejects.toMatchObject({ code: 'CODE' });
    const empty = { kind: 'folder', path: join(folder, 'empty'), where } as const;
    await expect(inspectPackage(empty, 'arm64')).rejects.toThrow(/is empty/);
  });
});
