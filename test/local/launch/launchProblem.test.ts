import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { launchProblem } from '../../../src/local/launch/launchProblem.ts';

const nobody = 65_534;
const isRoot = process.geteuid?.() === 0;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'launch-'));
  chmodSync(folder, 0o755);
});
afterEach(() => {
  process.seteuid?.(process.getuid?.() ?? 0);
  rmSync(folder, { recursive: true });
});

it('a program that may be run and not read is left to the kernel: on Lambda its interpreter says so in the log', async () => {
  const path = join(folder, 'bootstrap');
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, 0o111);
  // Root may read everything.
  if (isRoot) process.seteuid?.(nobody);
  expect(await launchProblem(path, '/var/task/bootstrap')).toBeUndefined();
});

it('what is no program, or may not be run, is said in the words of Lambda', async () => {
  const path = join(folder, 'bootstrap');
  writeFileSync(path, 'echo');
  expect(await launchProblem(path, '/var/task/bootstrap')).toContain('permission denied');
  chmodSync(path, 0o755);
  expect(await launchProblem(path, '/var/task/bootstrap')).toBe('fork/exec /var/task/bootstrap: exec format error');
});
