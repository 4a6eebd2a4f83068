import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import type { ProcessExecutor } from '../../../src/local/runtime/processExecutor.ts';
import type { ExecutionResult } from '../../../src/local/service/execution.ts';
import { invoke, specOf } from '../execution.ts';
import type { Program } from './program.ts';

/** Packs a program into a folder and makes its calls, one after the other in one environment. */
export async function play(program: Program, executor: ProcessExecutor, codeFolder: string): Promise<void> {
  const { runtime, handler = 'index.handler', spec = {}, calls } = program;
  pack(program, codeFolder);
  const environment = await executor.start(specOf('', { codeFolder, runtime, handler, ...spec }));
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

function expectLog(output: string, { logs = [], logsNot = [], fails }: Call): void {
  if (logs.length === 0 && fails === undefined) expect(output).toBe('');
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
  expect(result.durationMs).toBeGreaterThan(0);
  expect(result.maxMemoryUsedMb).toBeGreaterThan(0);
  if (billsMs !== undefined) expect(result.durationMs).toBe(billsMs);
}

export function pack({ files }: Program, codeFolder: string): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(codeFolder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    if (content.startsWith('#!')) chmodSync(path, 0o755);
    if (name.endsWith('.c')) {
      execFileSync('cc', ['-D_GNU_SOURCE', '-O1', '-w', '-o', join(codeFolder, 'bootstrap'), path]);
    }
  }
}
