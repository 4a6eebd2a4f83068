import { describe, expect, it } from 'vitest';
import { parseSavedRun } from '../../src/domain/savedRun.ts';
import { TuneError } from '../../src/errors.ts';
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

  it.each([
    ['', 'run.json is not a saved run: it is empty.'],
    [saved.slice(0, 5000), 'run.json is not a saved run: it is not JSON, or was cut short.'],
    ['[]', 'run.json is JSON, but not a saved run: it has no schemaVersion.'],
    ['{"schemaVersion": 2}', 'run.json has schemaVersion 2; this tune reads 1.'],
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
