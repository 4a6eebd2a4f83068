import { describe, expect, it } from 'vitest';
import { judgePreflight } from '../../src/migrate/preflight/preflight.ts';
import type { VariantChange } from '../../src/migrate/preflight/preflightInput.ts';
import { inspectPackage } from '../../src/preflight/inspectPackage.ts';
import { handlerFormOf } from '../../src/preflight/judging/callbackHandler.ts';
import { inspectionLimits } from '../../src/preflight/opening/limits.ts';
import { dynamicElf, elf, type Files, zip } from './packages.ts';

const formOf = async (text: string) => (await handlerFormOf(text, 'handler')).kind;

describe('the form of a handler', () => {
  it('is told of CommonJS, of modules and of what bundlers write', async () => {
    expect(await formOf('exports.handler = (event, context, callback) => callback(null, 1);')).toBe('callback');
    expect(await formOf('export const handler = async (event, context, done) => 1;')).toBe('callback');
    expect(await formOf('function run(e, c, cb) { cb(); } module.exports = { handler: run };')).toBe('callback');
    expect(
      await formOf(
        'var o={};x(o,{handler:()=>h});module.exports=y(o);var h=async(e)=>e;0&&(module.exports={handler});',
      ),
    ).toBe('returns');
    expect(await formOf('exports.handler = void 0; const handler = async () => 1; exports.handler = handler;')).toBe(
      'returns',
    );
    expect(await formOf('async function go() {} export { go as handler };')).toBe('returns');
  });

  it('is that of a callback where the context answers, and not where a stream is the second parameter', async () => {
    expect(await formOf('exports.handler = function (event, context) { context.succeed(1); };')).toBe('callback');
    expect(await formOf('export const handler = awslambda.streamifyResponse(async (event, out, context) => {});')).toBe(
      'returns',
    );
  });

  it('is not guessed from text: a comment is none, and what cannot be followed is unknown', async () => {
    expect(await formOf('// (event, context, callback)\nexport const handler = async () => 1;')).toBe('returns');
    expect(await formOf('export const handler = middy(async (event, context, callback) => 1);')).toBe('unknown');
    expect(await formOf('export const handler = (...all) => all[2](null);')).toBe('unknown');
    expect(await formOf('exports.handler = function () { arguments[2](null); };')).toBe('unknown');
    expect(await formOf('export const handler = async (event: Event) => event;')).toBe('unknown');
    expect(await formOf('let handler = async () => 1; handler = other; exports.handler = handler;')).toBe('unknown');
    expect(await formOf('export const other = 1;')).toBe('unknown');
  });
});

async function judged(
  files: Files,
  runtime: string,
  from: string,
  today = '2026-11-28',
  change: Partial<VariantChange> = {},
) {
  const where = 'function package';
  const code = await inspectPackage(
    { kind: 'buffer', bytes: await zip(files), where },
    'x86_64',
    inspectionLimits,
    runtime,
    { from, handler: 'index.handler' },
  );
  const { verdict, findings } = judgePreflight({
    wanted: 'x86_64',
    runtime,
    code,
    layers: [],
    change: { from, today, hasOtherCode: false, ...change },
  });
  return [verdict, ...findings.map(({ kind, path, reason }) => `${kind} ${path}: ${reason}`)];
}

const plainHandler = { 'index.js': 'exports.handler = async () => 1;' };

describe('the preflight of a variant', () => {
  it('is incompatible with Node.js 24 where the handler takes a callback, and with 22 it is not', async () => {
    const files = { 'index.js': 'exports.handler = (event, context, callback) => callback();' };
    expect(await judged(files, 'nodejs24.x', 'nodejs22.x')).toEqual([
      'incompatible',
      'handler index.js: takes a third parameter, the callback (line 1), and nodejs24.x has no callback handlers',
    ]);
    expect(await judged(files, 'nodejs22.x', 'nodejs20.x')).toEqual(['compatible']);
  });

  it('is unknown where the file of the handler is not there', async () => {
    expect(await judged({ 'main.js': 'exports.handler = 1;' }, 'nodejs24.x', 'nodejs22.x')).toEqual([
      'unknown',
      'handler index.handler: may take a callback, which nodejs24.x does not have: its file is not in the package',
    ]);
  });

  it('knows the ABI of addons: another one is incompatible, Node-API is stable, one that fits is enough', async () => {
    const addon = (text: string) => Buffer.concat([elf('x86_64'), Buffer.from(text)]);
    const of20 = { ...plainHandler, 'node_modules/a/build/Release/a.node': addon('node_register_module_v115\0') };
    expect(await judged(of20, 'nodejs24.x', 'nodejs20.x')).toEqual([
      'incompatible',
      'nodeAddon node_modules/a/build/Release/a.node: is built for Node.js 20 (ABI 115), and nodejs24.x has ABI 137',
    ]);
    const stable = { ...plainHandler, 'node_modules/a/a.node': addon('napi_register_module_v1\0') };
    expect(await judged(stable, 'nodejs24.x', 'nodejs20.x')).toEqual(['compatible']);
    const both = {
      ...plainHandler,
      'node_modules/a/prebuilds/linux-x64/node.abi115.node': addon(''),
      'node_modules/a/prebuilds/linux-x64/node.abi137.node': addon(''),
    };
    expect(await judged(both, 'nodejs24.x', 'nodejs20.x')).toEqual(['compatible']);
    const silent = { ...plainHandler, 'lib/a.node': addon('') };
    expect((await judged(silent, 'nodejs24.x', 'nodejs20.x'))[0]).toBe('unknown');
  });

  it('tells of libraries that the runtime of today brings and the other one does not, or in another version', async () => {
    const v2 = { 'index.js': "const AWS = require('aws-sdk'); exports.handler = async () => 1;" };
    expect(await judged(v2, 'nodejs22.x', 'nodejs16.x')).toEqual([
      'incompatible',
      'bundledLibrary index.js: needs aws-sdk, which comes with nodejs16.x and not with nodejs22.x',
    ]);
    const own = { ...v2, 'node_modules/aws-sdk/package.json': '{"name":"aws-sdk","version":"2.1692.0"}' };
    expect(await judged(own, 'nodejs22.x', 'nodejs16.x')).toEqual(['compatible']);
    const tried = { 'index.js': "try { require('aws-sdk'); } catch {} exports.handler = async () => 1;" };
    expect((await judged(tried, 'nodejs22.x', 'nodejs16.x'))[0]).toBe('unknown');
    expect(await judged({ 'index.py': 'import boto3\n' }, 'python3.14', 'python3.12')).toEqual([
      'compatible',
      'bundledLibrary index.py: uses the boto3 that the runtime brings, and python3.14 brings another version than python3.12',
    ]);
  });

  it('says what is a preview and whose support is past, with the date of its table', async () => {
    expect(await judged(plainHandler, 'nodejs26.x', 'nodejs24.x')).toEqual([
      'compatible',
      'runtime nodejs26.x: is a public preview, without an SLA; its figures will change',
    ]);
    expect(await judged(plainHandler, 'nodejs20.x', 'nodejs22.x', '2026-06-01')).toEqual([
      'compatible',
      'runtime nodejs20.x: is past its support, which ended on 2026-04-30 (table of 2026-09-25)',
    ]);
    expect((await judged(plainHandler, 'nodejs20.x', 'nodejs22.x'))[0]).toBe('unknown');
    expect(await judged(plainHandler, 'nodejs20.x', 'nodejs22.x', '2026-01-01')).toEqual(['compatible']);
  });

  it('says which runtime is in no table, and that a deprecated one is past its support', async () => {
    expect(await judged(plainHandler, 'nodejs99.x', 'nodejs22.x')).toEqual([
      'unknown',
      'runtime nodejs99.x: is not in the table of runtimes (of 2026-09-25), so whether Lambda has it is not known here',
    ]);
    expect(await judged(plainHandler, 'nodejs16.x', 'nodejs22.x')).toEqual([
      'compatible',
      'runtime nodejs16.x: is past its support, which ended on 2024-06-12 (table of 2026-09-25)',
    ]);
  });

  it('is incompatible where the runtime is of another language and the code is not', async () => {
    const python = 'runtime python3.14: does not run code that is for nodejs20.x';
    expect(await judged(plainHandler, 'python3.14', 'nodejs20.x')).toEqual(['incompatible', python]);
    expect(await judged(plainHandler, 'python3.14', 'nodejs20.x', undefined, { hasOtherCode: true })).toEqual([
      'compatible',
    ]);
    expect((await judged(plainHandler, 'provided.al2023', 'nodejs20.x'))[0]).toBe('unknown');
    expect((await judged({ 'a.class': 'x' }, 'java21', 'java8.al2'))[0]).toBe('compatible');
    expect((await judged({ 'a.dll': 'x' }, 'dotnet8', 'dotnetcore3.1'))[0]).toBe('compatible');
  });

  it('is incompatible where SnapStart is on and Lambda refuses it', async () => {
    const on = { snapStart: { ephemeralStorageMb: 512, hasFileSystem: false } };
    const asIs = (runtime: string, change: Partial<VariantChange>) =>
      judged(plainHandler, runtime, runtime, undefined, change);
    expect(await asIs('nodejs22.x', on)).toEqual([
      'incompatible',
      'runtime SnapStart: is not for nodejs22.x: Java 11, Python 3.12, .NET 8 and newer have it',
    ]);
    expect(await asIs('python3.11', on)).toMatchObject(['incompatible', {}]);
    expect(await asIs('java8.al2', on)).toMatchObject(['incompatible', {}]);
    expect(await asIs('python3.12', on)).toEqual(['compatible']);
    expect(await asIs('java17.al2023', on)).toEqual(['compatible']);
    expect(await asIs('dotnet8', on)).toEqual(['compatible']);
    expect(await asIs('java21', { snapStart: { ephemeralStorageMb: 1024, hasFileSystem: true } })).toEqual([
      'incompatible',
      'runtime SnapStart: is not for functions with more than 512 MB of /tmp (1024 MB here)',
      'runtime SnapStart: is not for functions that mount a file system',
    ]);
    const { verdict, findings } = judgePreflight({
      wanted: 'x86_64',
      image: { kind: 'single', architecture: 'x86_64' },
      layers: [],
      change: { from: undefined, today: '2026-11-28', hasOtherCode: false, ...on },
    });
    expect([verdict, findings[0]?.reason]).toEqual(['incompatible', 'is not for container images']);
  });

  it('tells of libraries that Amazon Linux 2 has and Amazon Linux 2023 has not, but for those that the package brings', async () => {
    const needing = { 'app.py': '', 'lib/_native.so': dynamicElf('x86_64', { needed: 'libssl.so.10' }) };
    expect(await judged(needing, 'python3.13', 'python3.11')).toEqual([
      'unknown',
      'sharedLibrary lib/_native.so: needs libssl.so.10, which python3.11 has (Amazon Linux 2) and python3.13 has not (Amazon Linux 2023)',
    ]);
    expect(await judged(needing, 'python3.11', 'python3.10')).toEqual(['compatible']);
    expect(await judged(needing, 'python3.13', 'python3.12')).toEqual(['compatible']);
    const bringing = { ...needing, 'lib/libssl.so.10': dynamicElf('x86_64', { glibc: 'GLIBC_2.17' }) };
    expect(await judged(bringing, 'python3.13', 'python3.11')).toEqual(['compatible']);
  });

  it('tells of layers that are declared for other runtimes', () => {
    const arn = 'arn:aws:lambda:us-east-1:111111111111:layer:tools:3';
    const inspection = {
      where: arn,
      wanted: 'x86_64',
      findings: [],
      findingsLeftOut: 0,
      files: 1,
      bytes: 1,
      archives: 0,
      natives: { x86_64: 0, arm64: 0, i386: 0, arm: 0, unknown: 0 },
    } as const;
    const { verdict, findings } = judgePreflight({
      wanted: 'x86_64',
      runtime: 'nodejs24.x',
      code: { ...inspection, where: 'function package' },
      layers: [{ arn, runtimes: ['nodejs20.x'], inspection }],
      change: { from: 'nodejs20.x', today: '2026-11-28', hasOtherCode: false },
    });
    expect([verdict, findings[0]?.reason]).toEqual(['unknown', 'declares nodejs20.x and not nodejs24.x']);
  });
});
