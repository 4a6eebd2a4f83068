import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeConfinement, toolPathOf } from '../../../src/local/places/confinement.ts';
import { type ProcessExecutor, startProcessExecutor } from '../../../src/local/runtime/processExecutor.ts';
import type { EnvironmentSpec } from '../../../src/local/service/execution.ts';
import { executorFor, invoke, payloadOf, specOf } from '../execution.ts';
import { folderOf } from '../extensions/program.ts';

const { enclosure } = await probeConfinement(toolPathOf(process.env.PATH ?? ''), tmpdir());

let folder = '';
let executor: ProcessExecutor;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layers-test-'));
  executor = await executorFor('auto', folder);
});
afterAll(async () => {
  await executor.close();
  rmSync(folder, { recursive: true });
});

async function answerOf(
  code: Readonly<Record<string, string>>,
  layers: Readonly<Record<string, string>>,
  changes: Partial<EnvironmentSpec> = {},
  by = executor,
): Promise<unknown> {
  const codeFolder = folderOf(folder, code);
  const environment = await by.start(specOf('', { codeFolder, optFolder: folderOf(folder, layers), ...changes }));
  const result = await invoke(environment);
  await environment.stop();
  return payloadOf(result);
}

const python = { runtime: 'python3.11', handler: 'app.handler' };

describe('what layers hold is found where Lambda’s runtimes look', () => {
  it('by require and import, the folder of the version first', async () => {
    const inner = {
      'nodejs/node20/node_modules/both/index.js': 'module.exports = "versioned";',
      'nodejs/node_modules/both/index.js': 'module.exports = "plain";',
      'nodejs/node_modules/plain/index.js': 'module.exports = "plain";',
    };
    const commonJs = 'exports.handler = async () => [require("both"), require("plain")];';
    expect(await answerOf({ 'index.js': commonJs }, inner)).toEqual(['versioned', 'plain']);
    const esm = 'import both from "both"; import plain from "plain"; export const handler = async () => [both, plain];';
    expect(await answerOf({ 'index.mjs': esm }, inner)).toEqual(['versioned', 'plain']);
  });

  it('the function’s own packages first', async () => {
    const code = {
      'index.js': 'exports.handler = async () => require("both");',
      'node_modules/both/index.js': 'module.exports = "own";',
    };
    expect(await answerOf(code, { 'nodejs/node_modules/both/index.js': 'module.exports = "layer";' })).toBe('own');
  });

  it('by Python, also beside a PYTHONPATH of the function’s', async () => {
    const layers = {
      'python/plain.py': 'WHERE = "python"',
      'python/both.py': 'WHERE = "python"',
      'python/lib/python3.11/site-packages/both.py': 'WHERE = "site"',
    };
    const code = { 'app.py': 'import both, plain\ndef handler(event, context):\n    return [both.WHERE, plain.WHERE]' };
    for (const environment of [{}, { PYTHONPATH: '/var/task/lib' }]) {
      expect(await answerOf(code, layers, { ...python, environment })).toEqual(['site', 'python']);
    }
  });

  it('programs by PATH, libraries by LD_LIBRARY_PATH', async () => {
    const source = `import { execFileSync } from 'node:child_process';
      export const handler = async () => [execFileSync('greet', { encoding: 'utf8' }), process.env.LD_LIBRARY_PATH.split(':').at(-1)];`;
    const layers = { 'bin/greet': '#!/bin/sh\necho hello', 'lib/x': '' };
    const [greeting, last] = (await answerOf({ 'index.mjs': source }, layers)) as string[];
    expect(greeting).toBe('hello\n');
    expect(last).toMatch(enclosure === undefined ? /\/lib$/ : /^\/opt\/lib$/);
  });

  it('and a bootstrap, where the package has none', async () => {
    const bootstrap = `#!${process.execPath}
      const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/';
      (async () => { for (;;) {
        const event = await fetch(api + 'next');
        await fetch(api + event.headers.get('lambda-runtime-aws-request-id') + '/response', { method: 'POST', body: JSON.stringify(__filename) });
      } })();`;
    const answer = await answerOf({ readme: '' }, { bootstrap }, { runtime: 'provided.al2023' });
    expect(answer).toMatch(/\/bootstrap$/);
  });
});

describe.runIf(enclosure !== undefined)('where a mount namespace can be had', () => {
  const listing = `import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
    const attempt = (act) => { try { return act(); } catch (error) { return error.code; } };
    export const handler = async () => ({ opt: readdirSync('/opt'), text: attempt(() => readFileSync('/opt/config/a.txt', 'utf8')),
      written: attempt(() => writeFileSync('/opt/config/new', '')) });`;

  it('/opt holds the layers and nothing else, read-only', async () => {
    const answer = await answerOf({ 'index.mjs': listing }, { 'config/a.txt': 'from a layer' });
    expect(answer).toEqual({ opt: ['config'], text: 'from a layer', written: 'EROFS' });
  });

  it.runIf(process.getuid?.() === 0)('an interpreter of the host in /opt stays beside them', async () => {
    // Of this machine, and taken away again.
    const place = mkdtempSync('/opt/layers-test-');
    const program = join(place, 'bin', 'node');
    mkdirSync(dirname(program));
    symlinkSync(process.execPath, program);
    const other = await startProcessExecutor({
      temporaryFolder: folder,
      hostEnvironment: { PATH: process.env.PATH ?? '' },
      execPath: program,
      pid: process.pid,
    });
    try {
      const layers = { 'config/a.txt': 'from a layer', '.hidden': '', plain: '' };
      const answer = await answerOf({ 'index.mjs': listing }, layers, {}, other);
      expect(answer).toEqual({
        opt: ['.hidden', 'config', place.slice('/opt/'.length), 'plain'],
        text: 'from a layer',
        written: 'EROFS',
      });
      expect(existsSync(program)).toBe(true);
    } finally {
      await other.close();
      rmSync(place, { recursive: true });
    }
  });

  it('no mount is left on the host', async () => {
    const before = execFileSync('cat', ['/proc/self/mountinfo'], { encoding: 'utf8' });
    await answerOf({ 'index.mjs': listing }, { 'config/a.txt': '' });
    expect(execFileSync('cat', ['/proc/self/mountinfo'], { encoding: 'utf8' })).toBe(before);
  });
});

describe('where none can be had', () => {
  it('layers are on the paths all the same, and it is said that they are not in /opt', async () => {
    const fake = mkdtempSync(join(folder, 'fake-'));
    writeFileSync(join(fake, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const own = mkdtempSync(join(folder, 'own-'));
    const without = await startProcessExecutor({
      temporaryFolder: own,
      hostEnvironment: { PATH: `${fake}:${process.env.PATH}` },
      execPath: process.execPath,
      pid: process.pid,
    });
    const codes = () => without.notices().map(({ code }) => code);
    const code = { 'index.js': 'exports.handler = async () => require("plain");' };
    expect(codes()).not.toContain('layers-not-in-opt');
    const answer = await answerOf(code, { 'nodejs/node_modules/plain/index.js': 'module.exports = 1;' }, {}, without);
    expect(answer).toBe(1);
    expect(codes()).toContain('layers-not-in-opt');
    await without.close();
    expect(readdirSync(own)).toEqual([]);
  });
});
