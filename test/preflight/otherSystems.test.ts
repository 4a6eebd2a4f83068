import { describe, expect, it } from 'vitest';
import { runtimeSystemOf } from '../../src/migrate/preflight/runtimeSystem.ts';
import type { Architecture } from '../../src/model/configuration.ts';
import { inspectPackage } from '../../src/preflight/inspectPackage.ts';
import { inspectionLimits } from '../../src/preflight/opening/limits.ts';
import { dynamicElf, elf, type Files, zip } from './packages.ts';

const where = 'function package';
const machO = Buffer.concat([Buffer.from('cffaedfe0c000001', 'hex'), Buffer.alloc(64)]);
const windows = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(64)]);

async function findingsIn(files: Files, runtime = 'nodejs22.x', wanted: Architecture = 'arm64') {
  const bytes = await zip(files);
  return (await inspectPackage({ kind: 'buffer', bytes, where }, wanted, inspectionLimits, runtime)).findings;
}

const told = async (files: Files, runtime?: string, wanted?: Architecture) =>
  (await findingsIn(files, runtime, wanted)).map(({ path, reason, blocking }) => [path, reason, blocking]);

describe('builds for another system alone', () => {
  const mac = 'built for macOS, which Lambda is not';
  it.each([
    ['a package of npm for macOS', 'node_modules/@img/sharp-darwin-arm64/lib/sharp-darwin-arm64.node', machO, mac],
    ['an addon compiled on a Mac', 'node_modules/bcrypt/lib/binding/napi-v3/bcrypt_lib.node', machO, mac],
    ['an extension of Python', 'p/_p.cpython-312-darwin.so', machO, mac],
    ['a program compiled on a Mac', 'bootstrap', machO, mac],
    ['an addon for Windows', 'node_modules/a/build/Release/a.node', windows, 'built for Windows, which Lambda is not'],
  ])('%s blocks', async (_, path, content, reason) => {
    expect(await told({ [path]: content })).toEqual([[path, reason, true]]);
  });

  it('do not block beside one for Linux, nor where they belong to the other system', async () => {
    const files = {
      'node_modules/a/prebuilds/darwin-x64+arm64/a.node': machO,
      'node_modules/a/prebuilds/win32-x64/a.node': windows,
      'node_modules/a/prebuilds/linux-arm64/a.node': elf('arm64'),
      'node_modules/@img/sharp-darwin-arm64/lib/sharp-darwin-arm64.node': machO,
      'node_modules/@img/sharp-linux-arm64/lib/sharp-linux-arm64.node': elf('arm64'),
      'node_modules/fsevents/package.json': '{"os":["darwin"]}',
      'node_modules/fsevents/fsevents.node': machO,
      'Orders.dll': windows,
    };
    expect(await told(files)).toEqual([]);
  });

  it.each([
    ['macosx_11_0_arm64', 'built for another system than Linux'],
    ['win_amd64', 'built for another system than Linux'],
    ['musllinux_1_2_aarch64', "needs musl's libc, and Lambda has glibc"],
  ])('wheels for %s block', async (platform, reason) => {
    const WHEEL = `Wheel-Version: 1.0\nTag: cp312-cp312-${platform}\n`;
    expect(await told({ 'a-1.0.dist-info/WHEEL': WHEEL })).toEqual([['a-1.0.dist-info/WHEEL', reason, true]]);
  });
});

describe('the C library', () => {
  const musl = "needs musl's libc, and Lambda has glibc";

  it('musl blocks, told by the file or else by its name', async () => {
    expect(await told({ 'a.node': dynamicElf('arm64', { needed: 'libc.musl-aarch64.so.1' }) })).toEqual([
      ['a.node', musl, true],
    ]);
    expect(await told({ 'p/x.cpython-312-aarch64-linux-musl.so': elf('arm64') })).toEqual([
      ['p/x.cpython-312-aarch64-linux-musl.so', musl, true],
    ]);
  });

  it('musl does not block when it is linked statically, nor beside a build for glibc', async () => {
    const files = {
      'bin/aarch64-unknown-linux-musl/tool': dynamicElf('arm64', { type: 2 }),
      'node_modules/a/prebuilds/linux-arm64/a.musl.node': dynamicElf('arm64', { needed: 'libc.musl-aarch64.so.1' }),
      'node_modules/a/prebuilds/linux-arm64/a.glibc.node': dynamicElf('arm64', { glibc: 'GLIBC_2.17' }),
      'node_modules/b/prebuilds/linuxmusl-arm64/b.node': elf('arm64'),
      'node_modules/b/prebuilds/linuxglibc-arm64/b.node': elf('arm64'),
    };
    expect(await told(files)).toEqual([]);
  });

  it('glibc newer than the runtime has it blocks, by the versions that the file asks for', async () => {
    const files = { 'lib/a.node': dynamicElf('arm64', { glibc: 'GLIBC_2.34' }) };
    expect(await told(files, 'nodejs22.x')).toEqual([]);
    expect(await told(files, 'nodejs18.x')).toEqual([
      ['lib/a.node', 'needs glibc 2.34, and nodejs18.x has 2.26 (Amazon Linux 2)', true],
    ]);
    expect(
      await told({ bootstrap: dynamicElf('x86_64', { glibc: 'GLIBC_2.38' }) }, 'provided.al2023', 'x86_64'),
    ).toEqual([['bootstrap', 'needs glibc 2.38, and provided.al2023 has 2.34 (Amazon Linux 2023)', true]]);
  });

  it('glibc newer than the runtime has it blocks, by the tags of a wheel', async () => {
    const wheel = (tags: string) => ({ 'a-1.0.dist-info/WHEEL': `Tag: cp311-cp311-${tags}\n` });
    const tooNew = 'needs glibc 2.28, and python3.11 has 2.26 (Amazon Linux 2)';
    expect(await told(wheel('manylinux_2_28_aarch64'), 'python3.11')).toEqual([
      ['a-1.0.dist-info/WHEEL', tooNew, true],
    ]);
    expect(await told(wheel('manylinux_2_28_aarch64'), 'python3.12')).toEqual([]);
    expect(await told(wheel('manylinux2014_aarch64.manylinux_2_28_aarch64'), 'python3.11')).toEqual([]);
  });

  it.each([
    ['nodejs18.x', 26],
    ['nodejs20.x', 34],
    ['nodejs24.x', 34],
    ['python3.11', 26],
    ['python3.13', 34],
    ['java8.al2', 26],
    ['java17', 26],
    ['java25', 34],
    ['dotnet8', 34],
    ['ruby3.2', 26],
    ['provided.al2', 26],
    ['provided.al2023', 34],
    ['go1.x', undefined],
  ])('of %s is known', (runtime, glibcMinor) => {
    expect(runtimeSystemOf(runtime)?.glibcMinor).toBe(glibcMinor);
  });
});

describe('packages of npm', () => {
  it("passes Prisma's engines of both architectures, and names what generates them", async () => {
    const folder = 'node_modules/.prisma/client/libquery_engine';
    const both = {
      [`${folder}-rhel-openssl-3.0.x.so.node`]: elf('x86_64'),
      [`${folder}-debian-openssl-3.0.x.so.node`]: elf('x86_64'),
      [`${folder}-linux-arm64-openssl-3.0.x.so.node`]: elf('arm64'),
    };
    expect(await told(both)).toEqual([]);
    expect(await told(both, 'nodejs22.x', 'x86_64')).toEqual([]);
    const [alone] = await findingsIn({ [`${folder}-rhel-openssl-3.0.x.so.node`]: elf('x86_64') });
    expect(alone).toMatchObject({
      blocking: true,
      cure: 'In schema.prisma: generator client { binaryTargets = ["native", "linux-arm64-openssl-3.0.x"] }, then: npx prisma generate',
    });
  });

  it('does not block for what is only an optional dependency of all that use it', async () => {
    const parser = {
      'node_modules/dd-trace/package.json': '{"optionalDependencies":{"oxc-parser":"1"}}',
      'node_modules/oxc-parser/package.json': '{"optionalDependencies":{"@oxc-parser/binding-linux-x64-gnu":"1"}}',
      'node_modules/@oxc-parser/binding-linux-x64-gnu/parser.linux-x64-gnu.node': elf('x86_64'),
    };
    expect((await findingsIn(parser)).map(({ blocking }) => blocking)).toEqual([false]);
    const asked = { ...parser, 'package.json': '{"dependencies":{"oxc-parser":"1"}}' };
    expect((await findingsIn(asked)).map(({ blocking }) => blocking)).toEqual([true]);
  });

  it('leaves open what was never compiled', async () => {
    const files = { 'node_modules/bcrypt/binding.gyp': '{"targets":[]}', 'node_modules/bcrypt/package.json': '{}' };
    expect(await told(files)).toEqual([
      ['node_modules/bcrypt/binding.gyp', 'has code to compile, and no compiled file', false],
    ]);
    expect(await told({ ...files, 'node_modules/bcrypt/prebuilds/linux-arm64/b.node': elf('arm64') })).toEqual([]);
  });

  it('names the variables by which packages choose what they download', async () => {
    const cureOf = async (tool: string) => {
      const manifest = JSON.stringify({ dependencies: { [tool]: '1' } });
      const files = { 'node_modules/a/package.json': manifest, 'node_modules/a/build/Release/a.node': elf('x86_64') };
      return (await findingsIn(files))[0]?.cure;
    };
    expect(await cureOf('@mapbox/node-pre-gyp')).toMatch(
      /^npm_config_target_arch=arm64 npm_config_target_platform=linux .* npm rebuild a {2}# if there is no linux-arm64 file of it, npm compiles one for this machine/,
    );
    expect(await cureOf('prebuild-install')).toBe(
      'npm_config_arch=arm64 npm_config_platform=linux npm_config_libc=glibc npm rebuild a  # if there is no linux-arm64 file of it, npm compiles one for this machine: look again, and rebuild it on arm64',
    );
    expect(await cureOf('other')).toContain('public.ecr.aws/sam/build-nodejs22.x:latest-arm64 npm rebuild a');
  });
});

it('names tags of pip down from the glibc of the runtime', async () => {
  const files = { 'numpy-2.4.6.dist-info/WHEEL': 'Tag: cp312-cp312-manylinux_2_28_x86_64\n' };
  expect((await findingsIn(files, 'python3.12'))[0]?.cure).toBe(
    'pip install --platform manylinux_2_34_aarch64 --platform manylinux_2_28_aarch64 --platform manylinux2014_aarch64 --only-binary=:all: --python-version 3.12 --upgrade --target package numpy==2.4.6',
  );
  expect((await findingsIn(files, 'python3.11'))[0]?.cure).toContain(
    '--platform manylinux_2_26_aarch64 --platform manylinux_2_24_aarch64 --platform manylinux2014_aarch64 --only-binary=:all: --python-version 3.11 ',
  );
});
