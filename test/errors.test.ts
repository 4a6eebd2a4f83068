import { describe, expect, it } from 'vitest';
import { reportError } from '../src/commands/reportError.ts';
import { type ErrorCode, errorCodes, TuneError } from '../src/errors.ts';
import type { Io } from '../src/io.ts';

function said(error: unknown): string {
  const written: string[] = [];
  reportError(error, { stderr: { write: (text: string) => void written.push(text) } } as unknown as Io);
  return written.join('');
}

describe('what is said of an error', () => {
  it('is what happened, and below it what to do next', () => {
    expect(said(new TuneError('USAGE', 'No region.', { hint: 'Give --region eu-central-1.' }))).toBe(
      'tune: No region.\n      Give --region eu-central-1.\n',
    );
  });

  it('names the next command also where the hint of the error has none', () => {
    expect(said(new TuneError('QUOTA', 'The store is full.', { hint: 'Delete old versions.' }))).toBe(
      'tune: The store is full.\n      Delete old versions. Measure less meanwhile: fewer sizes in --memory, one --architecture.\n',
    );
    expect(said(new TuneError('SHADOW', 'The copy has vanished.'))).toBe(
      'tune: The copy has vanished.\n      Whether anything is left of it: tune cleanup --dry-run\n',
    );
  });

  it('has something to type for every code', () => {
    expect(errorCodes.length).toBeGreaterThan(15);
    for (const code of errorCodes)
      expect(new TuneError(code as ErrorCode, 'x').hint).toMatch(/--[a-z]|tune |aws |TUNE_/);
  });

  it('holds no control character of others', () => {
    expect(said(new TuneError('SERVICE', 'a\u001b[2J\nb', { hint: 'c\u202ed --x' }))).toBe(
      'tune: a\\x1b[2J\\nb\n      c\\u202ed --x\n',
    );
  });
});
