import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { externalExtensions } from '../../../src/local/launch/externalExtensions.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'extensions-'));
  mkdirSync(join(folder, 'extensions'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, mode: number): void {
  writeFileSync(join(folder, 'extensions', name), '#!/bin/sh\n');
  chmodSync(join(folder, 'extensions', name), mode);
}

it('those before the first that cannot be started are started, and none behind it', async () => {
  write('1-good', 0o755);
  write('2-closed', 0o644);
  write('3-closed', 0o644);
  const { problem } = await externalExtensions(folder);
  expect(problem).toEqual({
    reason: 'fork/exec /opt/extensions/2-closed: permission denied',
    records: [
      { kind: 'extension', name: '1-good', state: 'Started', events: [], errorType: undefined },
      { kind: 'extension', name: '2-closed', state: 'LaunchError', events: [], errorType: 'PermissionDenied' },
    ],
  });
});

it('the eleventh is one too many', async () => {
  for (let number = 10; number <= 21; number += 1) write(`agent-${number}`, 0o755);
  const { names, problem } = await externalExtensions(folder);
  expect([names.length, problem?.reason, problem?.records.length]).toEqual([12, 'Extension limit (10) reached', 11]);
  expect(problem?.records.at(-1)).toMatchObject({ name: 'agent-20', errorType: 'TooManyExtensions' });
});
