import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createPipes } from '../../../src/local/enclosure/pipes.ts';
import { boundedText, captureOutput, closeQuietly } from '../../../src/local/places/outputCapture.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'output-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function outputOf(script: string, limitBytes: number): Promise<string> {
  const capture = await captureOutput(
    [{ path: join(folder, 'pipe') }],
    createPipes(folder, process.env.PATH ?? ''),
    limitBytes,
  );
  const [writeEnd = -1] = capture.writeEnds;
  const child = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', writeEnd, writeEnd] });
  closeQuietly(writeEnd);
  await once(child, 'exit');
  const text = await capture.take();
  capture.close();
  return text;
}

it('keeps stdout and stderr in the order they were written, also through /dev/stderr', async () => {
  expect(await outputOf('echo one; echo two >&2; echo three; echo four > /dev/stderr', 1000)).toBe(
    'one\ntwo\nthree\nfour\n',
  );
});

it('keeps the beginning and the end of a flood and counts the rest', async () => {
  const text = await outputOf('echo first; head -c 30000000 /dev/zero | tr "\\0" x; echo last', 1000);
  expect(text.startsWith('first\nxxx')).toBe(true);
  expect(text.endsWith('xxx\nlast\n') || text.endsWith('xxxlast\n')).toBe(true);
  expect(text).toContain('[29999011 bytes of output were not kept]');
});

it('starts anew after each look', () => {
  const kept = boundedText(8);
  kept.add(Buffer.from('abcdefghij'));
  expect(kept.take()).toBe('abcdef\n[2 bytes of output were not kept]\nij');
  kept.add(Buffer.from('abcdefgh'));
  expect(kept.take()).toBe('abcdefgh');
  expect(kept.take()).toBe('');
});
