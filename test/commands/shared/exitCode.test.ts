import { describe, expect, it } from 'vitest';
import { ExitCode, TuneError } from '../../../src/base/errors.ts';
import {
  checkExitCodeOf,
  exitCodeOf,
  migrationExitCodeOf,
  verdictExitCode,
} from '../../../src/commands/shared/exitCode.ts';
import type { CheckedFunction } from '../../../src/model/check.ts';
import type { TuningResult } from '../../../src/model/run.ts';
import { checkOf } from '../../reporters/savedCheck.ts';
import { awsRun, interruptedRun } from '../../reporters/savedRuns.ts';

const running = new AbortController().signal;
const stopped = (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => AbortSignal.abort({ signal, cause: 'a test' });
const clean = awsRun();
const left: TuningResult = { ...clean, leftBehind: interruptedRun().leftBehind };
const nothing: TuningResult = {
  ...clean,
  answer: { ...clean.answer, kind: 'unanswered', because: 'nothingMeasured' } as TuningResult['answer'],
};
const refused = new TuneError('CREDENTIALS', 'No.');

describe('how a run ends for the shell', () => {
  it.each([
    ['0 where it was measured', clean, undefined, running, ExitCode.ok],
    ['5 where something is left, whatever else happened', left, refused, stopped('SIGINT'), ExitCode.leftBehind],
    ['130 after Ctrl-C, whatever failed', clean, refused, stopped('SIGINT'), ExitCode.sigint],
    ['143 after SIGTERM', clean, undefined, stopped('SIGTERM'), ExitCode.sigterm],
    ['129 after SIGHUP', clean, undefined, stopped('SIGHUP'), ExitCode.sighup],
    ['the code of its failure', clean, refused, running, refused.exitCode],
    ['70 for a bug', clean, new TypeError('x'), running, ExitCode.bug],
    ['3 where nothing was measured', nothing, undefined, running, ExitCode.notMeasured],
  ])('is %s', (_, result, failure, interrupted, code) => {
    expect(exitCodeOf(result, failure, interrupted)).toBe(code);
  });
});

describe('how a check ends for the shell', () => {
  const [passed] = checkOf('orders').functions as [CheckedFunction];
  const of = (...changes: readonly Partial<CheckedFunction>[]) => ({
    leftBehind: [],
    functions: changes.map((change) => ({ ...passed, error: undefined, ...change }) as CheckedFunction),
  });
  const regressed = { verdict: 'regressed' } as const;
  const undecided = { verdict: 'inconclusive' } as const;
  const unread = { verdict: 'inconclusive', error: { code: 'TARGET', message: 'x', hint: 'y' } } as const;

  it.each([
    ['0 when all passed', of({ verdict: 'passed' }, { verdict: 'passed' }), {}, ExitCode.ok],
    ['1 for a regression, before what could not be decided', of(undecided, regressed), {}, ExitCode.regressed],
    ['0 for a regression with --no-fail', of(regressed), { fail: false }, ExitCode.ok],
    ['4 for what could not be decided', of({ verdict: 'passed' }, undecided), {}, ExitCode.inconclusive],
    ['1 for it with --on-inconclusive fail', of(undecided), { onInconclusive: 'fail' }, ExitCode.regressed],
    ['0 for it with --on-inconclusive warn', of(undecided), { onInconclusive: 'warn' }, ExitCode.ok],
    [
      '1 for a regression beside it, warn or not',
      of(undecided, regressed),
      { onInconclusive: 'warn' },
      ExitCode.regressed,
    ],
    ['2 for a function that could not be read, warn or not', of(unread), { onInconclusive: 'warn' }, ExitCode.usage],
    ['0 for it with --on-inconclusive pass', of(undecided), { onInconclusive: 'pass' }, ExitCode.ok],
    ['0 for it with --no-fail', of(undecided), { fail: false }, ExitCode.ok],
    ['2 for a function that could not be read, --no-fail or not', of(unread), { fail: false }, ExitCode.usage],
  ] as const)('is %s', (_, result, options, code) => {
    expect(checkExitCodeOf(result, { fail: true, ...options }, running)).toBe(code);
  });

  it('is what is left, then who stopped it, before any verdict', () => {
    expect(checkExitCodeOf({ ...of(regressed), leftBehind: left.leftBehind }, { fail: true }, stopped('SIGINT'))).toBe(
      5,
    );
    expect(checkExitCodeOf(of(regressed), { fail: true }, stopped('SIGTERM'))).toBe(143);
  });
});

describe('how a migration ends for the shell', () => {
  const move = { kind: 'move', because: 'cheaperNotSlower' } as const;
  const stay = { kind: 'stay', because: 'dearer' } as const;
  const cannot = { kind: 'cannot', because: 'otherSideFails' } as const;
  const undecided = { kind: 'undecided', because: 'tooFew' } as never;
  const ownFails = { kind: 'undecided', because: 'ownSideFails' } as never;

  it.each([
    [move, undefined, 0],
    [stay, undefined, 0],
    [cannot, undefined, 0],
    [ownFails, undefined, 3],
    [move, 'cheaper', 0],
    [stay, 'cheaper', 1],
    [cannot, 'both', 1],
    [undecided, 'both', 4],
    [ownFails, 'both', 4],
  ] as const)('is for %j with %s required %i', (verdict, required, code) => {
    expect(verdictExitCode(verdict, required)).toBe(code);
  });

  it('is the verdict where the failure is its reason, else the failure', () => {
    const failure = new TuneError('NOT_MEASURED', 'It fails.');
    expect(migrationExitCodeOf(clean, failure, cannot, undefined, running)).toBe(0);
    expect(migrationExitCodeOf(clean, failure, stay, undefined, running)).toBe(failure.exitCode);
    expect(migrationExitCodeOf(clean, new TypeError('x'), cannot, undefined, running)).toBe(70);
    expect(migrationExitCodeOf(left, undefined, move, 'both', running)).toBe(5);
    expect(migrationExitCodeOf(clean, undefined, move, 'both', stopped('SIGHUP'))).toBe(129);
  });
});
