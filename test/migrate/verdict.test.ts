import { describe, expect, it } from 'vitest';
import { ExitCode, TuneError } from '../../src/base/errors.ts';
import { migrationExitCodeOf, verdictExitCode } from '../../src/commands/shared/exitCode.ts';
import type { MigrationVerdict } from '../../src/model/verdict.ts';
import { arm, type Case, compatible, failing, incompatible, judge, measured, x86 } from './evidenceOf.ts';

const elf = 'cannot run on arm64: Runtime.ImportModuleError: invalid ELF header';
const different = (pointer: string, looksVolatile: boolean) =>
  [
    { response: { kind: 'different', differences: [{ pointer, looksVolatile }], differencesLeftOut: 0 }, errors: {} },
  ] as const;

/** Answer and, after it, the exit codes: with nothing required, and with `--require cheaper`. */
const cases: Readonly<
  Record<string, readonly [Case, MigrationVerdict['kind'], MigrationVerdict['because'], ExitCode, ExitCode]>
> = {
  'cheaper and faster': [{ run: measured([x86(200), arm(180)]) }, 'move', 'cheaperNotSlower', 0, 0],
  'cheaper, but slower': [{ run: measured([x86(200), arm(225)]) }, 'move', 'cheaperButSlower', 0, 0],
  'cheaper, and too few calls for a p95': [
    { run: measured([x86(200, 1024, 20), arm(200, 1024, 20)]) },
    'move',
    'cheaper',
    0,
    0,
  ],
  'dearer, since it takes so much longer': [{ run: measured([x86(200), arm(300)]) }, 'stay', 'dearer', 0, 1],
  'as dear within the tolerance': [{ run: measured([x86(200), arm(250)]) }, 'stay', 'noSaving', 0, 1],
  'a saving inside noise': [
    { run: measured([x86(200, 1024, 8), arm(243, 1024, 8)]) },
    'undecided',
    'costNotTold',
    0,
    4,
  ],
  'the other side cannot load the code': [
    { run: measured([x86(200), failing('arm64', 'infeasible', elf)]) },
    'cannot',
    'otherSideFails',
    0,
    1,
  ],
  'the other side cannot execute it': [
    { run: measured([x86(200), failing('arm64', 'infeasible', 'cannot run on arm64: exec format error')]) },
    'cannot',
    'otherSideFails',
    0,
    1,
  ],
  'the other side is out of memory': [
    { run: measured([x86(200), failing('arm64', 'infeasible', 'out of memory at 1024 MB')]) },
    'cannot',
    'otherSideFails',
    0,
    1,
  ],
  'the other side times out': [
    { run: measured([x86(200), failing('arm64', 'infeasible', 'timed out after 3 s at 1024 MB')]) },
    'cannot',
    'otherSideFails',
    0,
    1,
  ],
  'the other side is disqualified': [
    { run: measured([x86(200), failing('arm64', 'disqualified', '40 % of the calls failed: X')]) },
    'cannot',
    'otherSideFails',
    0,
    1,
  ],
  'every size of the other side fails': [
    { run: measured([x86(200), failing('arm64', 'infeasible', elf), failing('arm64', 'infeasible', elf, 512)]) },
    'cannot',
    'otherSideFails',
    0,
    1,
  ],
  'the other side has too few calls': [
    { run: measured([x86(200), arm(200, 1024, 4)]) },
    'undecided',
    'tooFewCalls',
    0,
    4,
  ],
  'the other side was not reported': [
    { run: measured([x86(200), failing('arm64', 'unmeasured', 'no REPORT was found for any of 80 calls')]) },
    'undecided',
    'tooFewCalls',
    0,
    4,
  ],
  'the own side fails': [
    { run: measured([failing('x86_64', 'disqualified', 'every call failed: KeyError'), arm(200)]) },
    'cannot',
    'ownSideFails',
    3,
    1,
  ],
  'both sides fail': [
    {
      run: measured([
        failing('x86_64', 'infeasible', 'out of memory at 1024 MB'),
        failing('arm64', 'infeasible', 'out of memory at 1024 MB'),
      ]),
    },
    'cannot',
    'ownSideFails',
    3,
    1,
  ],
  'the own side was not reported': [
    { run: measured([failing('x86_64', 'unmeasured', 'no REPORT was found for any of 80 calls'), arm(200)]) },
    'cannot',
    'ownSideFails',
    3,
    1,
  ],
  'the preflight says no': [{ preflight: incompatible }, 'cannot', 'notReady', 0, 1],
  'only the preflight was made': [{ notMeasured: 'preflightOnly' }, 'undecided', 'notMeasured', 0, 4],
  'a dry run': [
    { notMeasured: 'dryRun', preflight: { ...compatible, verdict: 'unknown' } },
    'undecided',
    'notMeasured',
    0,
    4,
  ],
  'the spend cap before enough': [
    { run: measured([x86(200), failing('arm64', 'unmeasured', 'it was not called')], { ended: 'spendCap' }) },
    'undecided',
    'spendCap',
    0,
    4,
  ],
  'the spend cap before it could be told': [
    { run: measured([x86(200, 1024, 8), arm(243, 1024, 8)], { ended: 'spendCap' }) },
    'undecided',
    'spendCap',
    0,
    4,
  ],
  'the spend cap, and it could be told': [
    { run: measured([x86(200, 1024, 40), arm(200, 1024, 40)], { ended: 'spendCap' }) },
    'move',
    'cheaper',
    0,
    0,
  ],
  'interrupted, whatever the figures say': [
    { run: measured([x86(200), arm(200)], { ended: 'interrupted' }) },
    'undecided',
    'interrupted',
    0,
    4,
  ],
  'interrupted, and the code cannot be loaded': [
    { run: measured([x86(200), failing('arm64', 'infeasible', elf)], { ended: 'interrupted' }) },
    'cannot',
    'otherSideFails',
    0,
    1,
  ],
  'an answer that differs': [
    { run: measured([x86(200), arm(200)]), smoke: different('/total', false) },
    'undecided',
    'answersDiffer',
    0,
    4,
  ],
  'an answer that differs in an id': [
    { run: measured([x86(200), arm(180)]), smoke: different('/id', true) },
    'move',
    'cheaperNotSlower',
    0,
    0,
  ],
  'dearer, and an answer differs': [
    { run: measured([x86(200), arm(300)]), smoke: different('/total', false) },
    'stay',
    'dearer',
    0,
    1,
  ],
  'arm64 already': [
    {
      current: { memoryMb: 1024, architecture: 'arm64' },
      preflight: { ...compatible, wanted: 'x86_64' },
      run: measured([x86(200), arm(200)]),
    },
    'stay',
    'dearer',
    0,
    1,
  ],
};

describe('the verdict of a migration', () => {
  it.each(Object.entries(cases))('%s', (_name, [evidence, kind, because, code, codeRequired]) => {
    const { verdict } = judge(evidence);
    expect([verdict.kind, verdict.because]).toEqual([kind, because]);
    expect(verdict.reason).not.toBe('');
    expect(verdictExitCode(verdict, undefined)).toBe(code);
    const required = judge({ ...evidence, require: 'cheaper' });
    expect([required.verdict.kind, verdictExitCode(required.verdict, 'cheaper')]).toEqual([kind, codeRequired]);
    expect(required.required?.decided).toBe({ 0: 'holds', 1: 'fails', 4: 'inconclusive' }[codeRequired as 0 | 1 | 4]);
  });

  it('is stay where speed is required or a slowdown was named, and it is slower', () => {
    const run = measured([x86(200), arm(225)]);
    for (const wish of [{ require: 'both' }, { require: 'not-slower' }, { maxSlowdown: 0.05 }] as const) {
      expect(judge({ run, ...wish }).verdict).toMatchObject({ kind: 'stay', because: 'slower' });
    }
    expect(judge({ run, require: 'both', maxSlowdown: 0.3 }).verdict.kind).toBe('move');
  });

  it('is undecided where a p95 is required and has too few calls', () => {
    const run = measured([x86(200, 1024, 40), arm(200, 1024, 40)]);
    const { verdict, required } = judge({ run, require: 'both' });
    expect([verdict.because, required]).toMatchObject([
      'speedNotTold',
      { decided: 'inconclusive', cheaper: 'holds', notSlower: 'inconclusive' },
    ]);
  });

  it('quotes why the other side fails', () => {
    const { verdict } = judge({ run: measured([x86(200), failing('arm64', 'infeasible', elf)]), require: 'cheaper' });
    expect(verdict).toMatchObject({ configuration: { memoryMb: 1024, architecture: 'arm64' } });
    expect(verdict.reason).toContain('invalid ELF header');
  });

  it('names savings only where it rests on the cost, with its sign', () => {
    const ask = (evidence: Case) => judge({ ...evidence, requestsPerMonth: 1e6 }).savings;
    expect(ask({ run: measured([x86(200), arm(200)]) })?.low).toBeGreaterThan(0);
    expect(ask({ run: measured([x86(200), arm(300)]) })?.high).toBeLessThan(0);
    expect(ask({ run: measured([x86(200), arm(225)]), require: 'both' })).toBeUndefined();
    expect(ask({ run: measured([x86(200, 1024, 8), arm(243, 1024, 8)]) })).toBeUndefined();
  });
});

describe('the one configuration that is judged', () => {
  const judgedOf = (rows: Parameters<typeof measured>[0], evidence: Case = {}) => {
    const { verdict, comparison } = judge({ run: measured(rows), ...evidence });
    expect(comparison?.memoryMb).toEqual({ x86_64: 1024, arm64: verdict.configuration?.memoryMb });
    return [verdict.kind, verdict.configuration?.memoryMb];
  };

  it('is the cheapest that is not slower than today, compared with today’s setting', () => {
    expect(judgedOf([x86(200), x86(380, 512), arm(200), arm(370, 512)])).toEqual(['move', 1024]);
  });

  it('is a slower one where only those are cheaper and speed is not asked for', () => {
    const rows = [x86(200), x86(210, 512), arm(260), arm(300, 512)];
    expect(judgedOf(rows)).toEqual(['move', 512]);
    expect(judgedOf(rows, { require: 'both' })[0]).toBe('stay');
  });

  it('is the fastest of those that are as cheap within the tolerance', () => {
    expect(judgedOf([x86(200), x86(100, 2048), arm(200), arm(101, 2048)])).toEqual(['move', 2048]);
  });

  it('is one that works where another size fails', () => {
    expect(
      judgedOf([x86(200), x86(380, 512), arm(200), failing('arm64', 'infeasible', 'out of memory at 512 MB', 512)]),
    ).toEqual(['move', 1024]);
  });
});

describe('the exit code of a migration', () => {
  const never = new AbortController().signal;
  const run = measured([x86(200), arm(200)]);
  const move = judge({ run }).verdict;
  const cannot = judge({ run: measured([x86(200), failing('arm64', 'infeasible', elf)]) }).verdict;
  const left = { kind: 'function', name: 'tune-x', region: 'us-east-1', reason: 'denied', command: 'aws …' } as const;

  it('says what was left behind and who stopped it before any verdict', () => {
    expect(migrationExitCodeOf({ ...run, leftBehind: [left] }, undefined, cannot, 'cheaper', never)).toBe(5);
    const stopped = new AbortController();
    stopped.abort({ signal: 'SIGINT' });
    expect(migrationExitCodeOf(run, undefined, move, 'cheaper', stopped.signal)).toBe(130);
  });

  it('is that of a failure, but where the failure is the verdict', () => {
    const denied = new TuneError('ACCESS_DENIED', 'no', {});
    const undecided = judge({ run: { ...run, ended: 'failed' } }).verdict;
    expect(migrationExitCodeOf(run, denied, undecided, 'cheaper', never)).toBe(denied.exitCode);
    const shadow = new TuneError('SHADOW', 'its copy failed', {});
    const own = judge({ run: measured([failing('x86_64', 'disqualified', 'every call failed')], { ended: 'failed' }) });
    expect(migrationExitCodeOf(run, shadow, own.verdict, undefined, never)).toBe(3);
    expect(migrationExitCodeOf(run, shadow, own.verdict, 'both', never)).toBe(1);
    expect(migrationExitCodeOf(run, new Error('x'), cannot, 'cheaper', never)).toBe(ExitCode.bug);
  });
});
