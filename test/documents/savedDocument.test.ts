import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { TuneError } from '../../src/base/errors.ts';
import { parseSavedRun } from '../../src/documents/savedDocument.ts';
import { runReporters as reporters } from '../../src/reporters/registry.ts';
import { awsRun } from '../reporters/savedRuns.ts';

const refusal = (text: string): TuneError => {
  try {
    parseSavedRun(text, 'run.json');
  } catch (error) {
    if (error instanceof TuneError) return error;
  }
  throw new Error('it was not refused');
};

describe('a saved run', () => {
  const saved = reporters.json(awsRun(), { columns: 80, color: false });

  it('is read as it was written', () => {
    expect(parseSavedRun(saved, 'run.json')).toEqual(awsRun());
  });

  it('of version 1 is read, with the answer that its calls give', async () => {
    const older = await readFile(new URL('../../fixtures/older/run-1.json', import.meta.url), 'utf8');
    const read = parseSavedRun(older, 'run.json');
    expect(read.schemaVersion).toBe(2);
    expect(read.answer).toMatchObject({
      kind: 'change',
      configuration: { memoryMb: 1769, architecture: 'arm64' },
      // Its cost is 15 % lower, in two environments a side: arm64 hosts of two speeds could do as much.
      because: 'faster',
    });
    // Named there although 1,769 MB on x86_64 has a lower mean and nothing tells the two apart.
    expect(JSON.parse(older).fastest).toMatchObject({ memoryMb: 1769, architecture: 'arm64' });
    expect(read.fastest).toMatchObject({ memoryMb: 1769, architecture: 'x86_64' });
    expect(read.cheapest?.tiedWith.map(({ tie }) => tie)).toEqual(['notToldApart', 'notToldApart']);
  });

  it('of version 1 is refused where it is damaged, with the reason', async () => {
    const older = await readFile(new URL('../../fixtures/older/run-1.json', import.meta.url), 'utf8');
    expect(refusal(older.replace('"memoryMb": 512,', '"memoryMb": "512",')).message).toBe(
      'run.json is not as tune saves a run: configurations.0.memoryMb: Invalid input: expected number, received string.',
    );
  });

  it('of version 1 keeps unsaid what its race was not asked for', async () => {
    const older = JSON.parse(await readFile(new URL('../../fixtures/older/run-1.json', import.meta.url), 'utf8'));
    const read = parseSavedRun(JSON.stringify({ ...older, fastest: null, balanced: null }), 'run.json');
    expect([read.cheapest?.memoryMb, read.fastest, read.balanced]).toEqual([512, null, null]);
  });

  it.each([
    ['', 'run.json is not a saved run: it is empty.'],
    [saved.slice(0, 5000), 'run.json is not a saved run: it is not JSON, or was cut short.'],
    ['[]', 'run.json is JSON, but not a saved run: it has no schemaVersion.'],
    ['{"schemaVersion": 3}', 'run.json has schemaVersion 3; this tune reads 1 and 2.'],
    [
      saved.replace('"memoryMb": 512,', '"memoryMb": "512",'),
      'run.json is not as tune saves a run: configurations.0.memoryMb: Invalid input: expected number, received string.',
    ],
  ])('that is none is refused with the reason: %#', (text, message) => {
    expect(refusal(text).code).toBe('SAVED_RUN');
    expect(refusal(text).message).toBe(message);
    expect(refusal(text).hint).toMatch(/tune --function|npx lambda-tune@latest/);
  });

  it('with keys that this version does not know may be of a newer one', () => {
    expect(refusal(saved.replace('"runId"', '"colour": "red", "runId"')).hint).toBe(
      'A newer tune may have written it: npx lambda-tune@latest report run.json',
    );
  });
});
