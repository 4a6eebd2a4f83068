import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorCodes, keptError, TuneError } from '../../src/base/errors.ts';
import { reportError } from '../../src/commands/shared/reportError.ts';
import { fakeIo } from '../support/fakeIo.ts';

function said(error: unknown): string {
  const { io, stderr } = fakeIo();
  reportError(error, io);
  return stderr();
}

describe('what is said of an error', () => {
  it('is what happened, and below it what to do next', () => {
    expect(said(new TuneError('USAGE', 'No region.', { hint: 'Give --region eu-central-1.' }))).toBe(
      'tune: No region.\n      Give --region eu-central-1.\n',
    );
  });

  it('names a next command where the error has no hint, and adds nothing to one that it has', () => {
    expect(said(new TuneError('PAYLOAD', 'Cannot read it.', { hint: 'Give JSON text or a file that holds it.' }))).toBe(
      'tune: Cannot read it.\n      Give JSON text or a file that holds it.\n',
    );
    expect(said(new TuneError('SHADOW', 'The copy has vanished.'))).toBe(
      'tune: The copy has vanished.\n      Whether anything is left of it: tune cleanup --dry-run\n',
    );
  });

  it('ends with the last lines of the log of the function, escaped', () => {
    const error = new TuneError('NOT_MEASURED', 'It fails.', {
      hint: 'Give --env X=…',
      lastLog: ['one', 'two\u001b[2J'],
    });
    expect(said(error)).toBe(
      'tune: It fails.\n      Give --env X=…\n      The last lines of its log:\n      | one\n      | two\\x1b[2J\n',
    );
  });

  it('is kept with its code, message and hint, and anything else as a bug', () => {
    expect(keptError(new TuneError('TARGET', 'It is not there.', { hint: 'Look.' }))).toEqual({
      code: 'TARGET',
      message: 'It is not there.',
      hint: 'Look.',
    });
    expect(keptError(new TypeError('x is no function'))).toEqual({ code: 'BUG', message: 'x is no function' });
    expect(keptError('thrown as text')).toEqual({ code: 'BUG', message: 'thrown as text' });
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
