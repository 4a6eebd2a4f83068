import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { probeConfinement, toolPathOf } from '../../../src/local/places/confinement.ts';
import type { ProcessExecutor } from '../../../src/local/runtime/processExecutor.ts';
import type { ExecutionResult } from '../../../src/local/service/execution.ts';
import { executorFor, invoke, specOf } from '../execution.ts';
import { customPrograms } from './custom.ts';
import { nodePrograms } from './node.ts';
import { nodeModulePrograms } from './nodeModules.ts';
import type { Program } from './program.ts';
import { pythonPrograms } from './python.ts';

vi.setConfig({ maxConcurrency: 4 });

const programs = [...nodePrograms, ...nodeModulePrograms, ...pythonPrograms, ...customPrograms];
const { enclosure } = await probeConfinement(toolPathOf(process.env.PATH ?? ''), tmpdir());
const has = {
  mountNamespace: enclosure !== undefined,
  cc: works('cc', ['--version']),
  requireFlag: process.allowedNodeEnvironmentFlags.has('--experimental-require-module'),
};

let folder = '';
let executor: ProcessExecutor;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'programs-test-'));
  executor = await executorFor('auto', folder);
});
afterAll(async () => {
  await executor.close();
  rmSync(folder, { recursive: true });
});

describe('small functions answer, log and bill as on Lambda', () => {
  for (const program of programs) {
    const isHere = program.needs === undefined || has[program.needs];
    const test = isHere ? it.concurrent : it.skip;
    test(`${program.runtime}: ${program.name}`, () => play(program));
  }
});

async function play(program: Program): Promise<void> {
  const { runtime, handler = 'index.handler', spec = {}, calls } = program;
  const environment = await executor.start(specOf('', { codeFolder: packed(program), runtime, handler, ...spec }));
  try {
    for (const [index, call] of calls.entries()) {
      // What is not frozen meanwhile is seen to have run.
      if (index > 0) await wait(500);
      const result = await invoke(environment, call.event);
      expectAnswer(result, call);
      expectLog(result.initOutput + result.output, call);
      expectBill(result, call);
    }
  } finally {
    await environment.stop();
  }
}

type Call = Program['calls'][number];

function expectAnswer(result: ExecutionResult, { answer, bytes, fails }: Call): void {
  const text = result.payload.toString();
  if (bytes !== undefined) expect(text).toBe(bytes);
  else expect(JSON.parse(text)).toEqual(answer);
  const status = fails === undefined ? 'success' : fails === 'Sandbox.Timedout' ? 'timeout' : 'error';
  expect({ status: result.status, errorType: result.errorType }).toEqual({
    status,
    errorType: fails === 'none' ? undefined : fails,
  });
}

function expectLog(output: string, { logs = [], logsNot = [] }: Call): void {
  let rest = output;
  for (const wanted of logs) {
    const found = typeof wanted === 'string' ? rest.indexOf(wanted) : rest.search(wanted);
    expect(found, `${wanted} in ${rest}`).toBeGreaterThanOrEqual(0);
    rest = rest.slice(found + 1);
  }
  for (const unwanted of logsNot) expect(output).not.toMatch(unwanted);
}

function expectBill(result: ExecutionResult, { takesAtLeastMs = 0, billsMs, hasNoInit }: Call): void {
  expect(result.initDurationMs === undefined).toBe(hasNoInit === true);
  // By the clock: what is billed leaves out what others took of the cores meanwhile.
  expect(result.rawDurationMs).toBeGreaterThanOrEqual(takesAtLeastMs);
  if (billsMs !== undefined) expect(result.durationMs).toBe(billsMs);
}

function packed({ files }: Program): string {
  const code = mkdtempSync(join(folder, 'code-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(code, name)), { recursive: true });
    writeFileSync(join(code, name), content);
    if (content.startsWith('#!')) chmodSync(join(code, name), 0o755);
    if (name.endsWith('.c')) {
      const sources = ['-D_GNU_SOURCE', '-O1', '-w', '-o', join(code, 'bootstrap'), join(code, name)];
      execFileSync('cc', sources);
    }
  }
  return code;
}

function works(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
