import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { probeConfinement, toolPathOf } from '../../../src/local/places/confinement.ts';
import type { ProcessExecutor } from '../../../src/local/runtime/processExecutor.ts';
import { executorFor } from '../execution.ts';
import { customPrograms } from './custom.ts';
import { limitPrograms } from './limits.ts';
import { nodePrograms } from './node.ts';
import { nodeModulePrograms } from './nodeModules.ts';
import { play } from './play.ts';
import { pythonPrograms } from './python.ts';

vi.setConfig({ maxConcurrency: 4 });

const programs = [...nodePrograms, ...nodeModulePrograms, ...pythonPrograms, ...customPrograms, ...limitPrograms];
const { enclosure } = await probeConfinement(toolPathOf(process.env.PATH ?? ''), tmpdir());
/** What this machine has not got; undefined where it has. */
const lacking = {
  mountNamespace: enclosure === undefined ? 'no mount namespace here' : undefined,
  cc: spawnSync('cc', ['--version']).status === 0 ? undefined : 'no C compiler (cc) here',
  requireFlag: process.allowedNodeEnvironmentFlags.has('--experimental-require-module')
    ? undefined
    : 'this Node.js cannot require ES modules',
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
    it.concurrent(`${program.runtime}: ${program.name}`, async ({ skip }) => {
      const groups = executor.cpu === 'cgroup' ? undefined : 'no control groups here';
      const lacks = program.needs === undefined ? undefined : { ...lacking, groups }[program.needs];
      if (lacks !== undefined) return skip(lacks);
      await play(program, executor, mkdtempSync(join(folder, 'code-')));
    });
  }
});
