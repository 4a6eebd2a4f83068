import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ProcessExecutor } from '../../../src/local/runtime/processExecutor.ts';
import { executorFor, invoke, payloadOf, specOf } from '../execution.ts';
import { extension, folderOf, loop } from '../extensions/program.ts';

let around = '';
let executor: ProcessExecutor;
beforeEach(async () => {
  around = mkdtempSync(join(tmpdir(), 'ahead-test-'));
  mkdirSync(join(around, 'own'));
  executor = await executorFor('auto', join(around, 'own'));
});
afterEach(async () => {
  await executor.close();
  expect(readdirSync(join(around, 'own'))).toEqual([]);
  rmSync(around, { recursive: true });
});

function codeOf(source: string): string {
  const code = join(around, 'code');
  rmSync(code, { recursive: true, force: true });
  mkdirSync(code);
  writeFileSync(join(code, 'index.mjs'), source);
  return code;
}

/** The process that waits in an environment made ahead. */
async function waiting(name: string): Promise<number> {
  const leader = join(executor.folder, name, 'leader');
  for (let tries = 0; tries < 500 && !existsSync(leader); tries += 1) await wait(20);
  return Number(readFileSync(leader, 'utf8'));
}

async function answerOf(codeFolder: string, environment: Record<string, string> = {}) {
  const started = await executor.start(specOf('', { codeFolder, environment }));
  const answer = payloadOf(await invoke(started));
  await started.stop();
  return answer;
}

const placeName = `import { readFileSync } from 'node:fs';
const marked = process.env._TUNE_ENVIRONMENT ?? readFileSync('/proc/self/cgroup', 'utf8');
export const handler = async () => /tune-local-[^/]+\\/(e\\d+)/.exec(marked)?.[1];`;

it('the second environment is made while the first one starts, and taken', async () => {
  const code = codeOf(placeName);
  expect(await answerOf(code)).toBe('e1');
  await waiting('e2');
  expect(await answerOf(code)).toBe('e2');
});

it('another one is made where that one has ended meanwhile', async () => {
  const code = codeOf(placeName);
  await answerOf(code);
  process.kill(await waiting('e2'), 'SIGKILL');
  for (let tries = 0; tries < 500 && existsSync(join(executor.folder, 'e2', 'leader')); tries += 1) await wait(20);
  expect(await answerOf(code)).toBe('e3');
});

it('code whose folder was made anew is what runs next', async () => {
  const of = (version: number) => `export const handler = async () => ${version};`;
  expect(await answerOf(codeOf(of(1)))).toBe(1);
  await waiting('e2');
  expect(await answerOf(codeOf(of(2)))).toBe(2);
});

it('variables reach the function as they are, and no file', async () => {
  const environment = {
    QUOTED: `it's "so" \`so\` $HOME \\ %s\n second line\n`,
    UNICODE: 'ß 你好 🙂',
    EMPTY: '',
    SECRET: 'made-ahead-secret',
    // Which shells check, count or go by.
    OPTIND: 'x',
    IFS: 'e',
    LINENO: 'x',
    RANDOM: '7',
    UID: '5',
    PS4: 'x',
    'WITH-DASH': '1',
  };
  const names = JSON.stringify(Object.keys(environment));
  const code = codeOf(`import { readFileSync } from 'node:fs';
export async function handler() {
  const seen = Object.fromEntries(${names}.map((name) => [name, process.env[name]]));
  return { seen, input: readFileSync(0, 'utf8') };
}`);
  for (const _ of ['first', 'made ahead']) {
    expect(await answerOf(code, environment)).toEqual({ seen: environment, input: '' });
  }
  const files = readdirSync(executor.folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.name.endsWith('.img'),
  );
  const texts = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  expect(texts.filter((text) => text.includes(environment.SECRET))).toEqual([]);
});

it('so do those named as the variables of our own scripts', async () => {
  const names = ['now', 'used', 'groups', 'count', 'number', 'wrapper', 'first'];
  const mine = Object.fromEntries(names.map((name) => [name, 'mine']));
  const code = codeOf(
    `export const handler = async () => Object.fromEntries(${JSON.stringify(names)}.map((name) => [name, process.env[name]]));`,
  );
  writeFileSync(join(code, 'wrapper'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  const optFolder = folderOf(around, { 'extensions/agent': extension(`await register(['INVOKE']); ${loop}`) });
  const environment = { ...mine, AWS_LAMBDA_EXEC_WRAPPER: '/var/task/wrapper' };
  const started = await executor.start(specOf('', { codeFolder: code, environment, optFolder }));
  const result = await invoke(started);
  await started.stop();
  expect(payloadOf(result)).toEqual(mine);
  expect(result.initDurationMs).toBeGreaterThan(0);
});
