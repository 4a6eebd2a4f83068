import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReportLine } from '../../src/model/measurement.ts';
import type { Attempt } from '../../src/model/platform.ts';
import { costModelFor } from '../../src/pricing/pricing.ts';
import { type CallContext, endsEnvironment, measurementFrom } from '../../src/report-line/outcome.ts';

const requestId = '5009fcc8-5032-41fd-9a62-fc133fe04d67';
const startedAt = new Date('2026-11-23T10:00:00Z');

const context: CallContext = {
  configuration: { memoryMb: 1024, architecture: 'x86_64' },
  plannedStart: 'warm',
  environment: '1',
  costModel: costModelFor('us-east-1'),
  ephemeralStorageMb: 512,
};

const report: ReportLine = {
  requestId,
  durationMs: 2.37,
  billedDurationMs: 3,
  memorySizeMb: 1024,
  maxMemoryUsedMb: 95,
};

type Answered = Extract<Attempt, { kind: 'answered' }>;

function answered(changes: Partial<Answered> = {}): Answered {
  return { kind: 'answered', requestId, startedAt, responseBody: '{}', ...changes };
}

function failed(answer: object, logTail = ''): Answered {
  return answered({ functionError: 'Unhandled', responseBody: JSON.stringify(answer), logTail });
}

describe('an answered call', () => {
  it('succeeds with the figures of its REPORT', () => {
    const measurement = measurementFrom(answered(), report, { ...context, payload: 'small' });
    expect(measurement).toEqual({
      requestId,
      startedAt: '2026-11-23T10:00:00.000Z',
      environment: '1',
      payload: 'small',
      start: 'warm',
      outcome: 'succeeded',
      durationMs: 2.37,
      billedDurationMs: 3,
      maxMemoryUsedMb: 95,
      costUsd: expect.closeTo(0.0000002500001, 15),
    });
  });

  it('succeeds when its body merely looks like an error', () => {
    const body = '{"errorType":"Sandbox.Timedout","errorMessage":"Task timed out after 3.00 seconds"}';
    expect(measurementFrom(answered({ responseBody: body }), report, context).outcome).toBe('succeeded');
  });

  it('is cold when init or restore is reported, whatever was planned', () => {
    expect(measurementFrom(answered(), { ...report, initDurationMs: 423.98 }, context)).toMatchObject({
      start: 'cold',
      initDurationMs: 423.98,
    });
    const restored = { ...report, restoreDurationMs: 325.93, billedRestoreDurationMs: 26 };
    expect(measurementFrom(answered(), restored, context)).toMatchObject({ start: 'cold', restoreDurationMs: 325.93 });
    expect(measurementFrom(answered(), report, { ...context, plannedStart: 'cold' }).start).toBe('warm');
  });

  it('is cold after a call that ended its environment: that init is unmarked, inside the duration', () => {
    expect(measurementFrom(answered(), report, { ...context, afterEnvironmentEnd: true }).start).toBe('cold');
  });

  it('pays for a SnapStart restore, but not of Java', () => {
    const restored = { ...report, restoreDurationMs: 325.93, billedRestoreDurationMs: 26 };
    expect(measurementFrom(answered(), restored, { ...context, runtime: 'python3.13' })).toMatchObject({
      costUsd: expect.closeTo(0.0000002500001 + 0.0001397998, 12),
    });
    expect(measurementFrom(answered(), restored, { ...context, runtime: 'java21' })).toMatchObject({
      costUsd: expect.closeTo(0.0000002500001, 15),
    });
  });
});

describe('a call without a REPORT that can be believed', () => {
  it('is unreported, with the reason, and starts as planned', () => {
    expect(
      measurementFrom(answered(), undefined, {
        ...context,
        plannedStart: 'cold',
        unreportedReason: 'no REPORT after 60 s',
      }),
    ).toEqual({
      requestId,
      startedAt: '2026-11-23T10:00:00.000Z',
      environment: '1',
      start: 'cold',
      outcome: 'unreported',
      reason: 'no REPORT after 60 s',
    });
  });

  it('keeps the error it answered with', () => {
    expect(measurementFrom(failed({ errorType: 'Error', errorMessage: 'boom' }), undefined, context)).toMatchObject({
      outcome: 'unreported',
      reason: 'no REPORT in the log tail',
      errorType: 'Error',
      errorMessage: 'boom',
    });
  });

  it('does not believe a REPORT of another size or another request', () => {
    expect(measurementFrom(answered(), { ...report, memorySizeMb: 128 }, context)).toMatchObject({
      outcome: 'unreported',
      reason: 'the REPORT names 128 MB where 1024 MB were deployed',
    });
    expect(measurementFrom(answered(), { ...report, requestId: 'x' }, context)).toMatchObject({
      outcome: 'unreported',
      reason: 'the REPORT belongs to another request',
    });
  });

  it('stays unreported when its answer was lost, even with a REPORT', () => {
    const lost = { kind: 'lost', startedAt, reason: 'socket hang up' } as const;
    expect(measurementFrom(lost, report, context)).toMatchObject({
      requestId: '',
      outcome: 'unreported',
      reason: 'socket hang up',
    });
  });
});

describe('what a failure was', () => {
  const outcome = (attempt: Answered, changes: Partial<ReportLine> = {}) =>
    measurementFrom(attempt, { ...report, ...changes }, context).outcome;

  it.each([
    ['status timeout', answered(), { status: 'timeout' }],
    [
      'Sandbox.Timedout',
      failed({
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${requestId} Error: Task timed out after 3.00 seconds`,
      }),
      {},
    ],
    [
      'the old message without a type',
      failed({ errorMessage: `2026-11-23T10:00:03.000Z ${requestId} Task timed out after 3.00 seconds` }),
      {},
    ],
    ['status timeout with all memory used', failed({}), { status: 'timeout', maxMemoryUsedMb: 1024 }],
  ] as const)('times out: %s', (_, attempt, changes) => {
    expect(outcome(attempt, changes)).toBe('timedOut');
  });

  it('is the function’s own error when it passes on the time-out of another function', () => {
    expect(
      outcome(
        failed({ errorType: 'Error', errorMessage: '2026-11-23T10:00:03Z 316dc9b3 Task timed out after 3.00 seconds' }),
      ),
    ).toBe('functionError');
  });

  const exited = (signal: string, log = '') =>
    failed(
      {
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: ${signal}`,
      },
      log,
    );

  it.each([
    ['Runtime.OutOfMemory in the REPORT', answered(), { status: 'error', errorType: 'Runtime.OutOfMemory' }],
    ['Runtime.OutOfMemory in the answer', failed({ errorType: 'Runtime.OutOfMemory' }), {}],
    ['killed with 1,023 of 1,024 MB used', exited('killed'), { maxMemoryUsedMb: 1023 }],
    [
      'Node at its heap limit',
      exited('aborted', 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n'),
      {},
    ],
    ['MemoryError', failed({ errorType: 'MemoryError' }), {}],
    [
      'java.lang.OutOfMemoryError',
      failed({ errorType: 'java.lang.OutOfMemoryError', errorMessage: 'Java heap space' }),
      {},
    ],
  ] as const)('runs out of memory: %s', (_, attempt, changes) => {
    expect(outcome(attempt, changes)).toBe('outOfMemory');
  });

  it.each([
    ['killed with memory to spare', exited('killed'), { maxMemoryUsedMb: 900 }],
    ['aborted without a word of the heap', exited('aborted'), {}],
    [
      'a handler that throws',
      failed({ errorType: 'Error', errorMessage: 'heap out of memory signal: aborted' }, 'heap out of memory'),
      {},
    ],
    ['status error alone', answered(), { status: 'error', errorType: 'Runtime.ExitError' }],
    ['status failure alone', answered(), { status: 'failure' }],
  ] as const)('is a function error: %s', (_, attempt, changes) => {
    expect(outcome(attempt, changes)).toBe('functionError');
  });

  it('shows the type of the REPORT where the answer has none', () => {
    expect(
      measurementFrom(failed({}), { ...report, status: 'error', errorType: 'Runtime.ExitError' }, context),
    ).toMatchObject({
      outcome: 'functionError',
      errorType: 'Runtime.ExitError',
    });
  });

  it('knows which failures end the process', () => {
    const ends = (attempt: Answered, changes: Partial<ReportLine> = {}) =>
      endsEnvironment(measurementFrom(attempt, { ...report, ...changes }, context));
    expect(ends(answered(), { status: 'timeout' })).toBe(true);
    expect(ends(exited('killed'))).toBe(true);
    expect(ends(failed({ errorType: 'MemoryError' }))).toBe(false);
    expect(ends(failed({ errorType: 'Error' }))).toBe(false);
    expect(ends(answered())).toBe(false);
  });
});

describe('hostile answers', () => {
  it('takes only strings, and only so much of them', () => {
    const measurement = measurementFrom(
      failed({ errorType: { toString: 1 }, errorMessage: `${'x'.repeat(998)}😀${'y'.repeat(5_000_000)}` }),
      report,
      context,
    );
    expect(measurement).toMatchObject({ outcome: 'functionError', errorMessage: `${'x'.repeat(998)}…` });
    expect(measurement).toMatchObject({ errorType: undefined });
  });

  it.each([
    '',
    'null',
    '[]',
    '"text"',
    '{',
    '[1',
    `${'['.repeat(100_000)}`,
    '{"__proto__":{"errorType":"MemoryError"}}',
    '{"errorMessage":null}',
  ])('tolerates the body %s', (responseBody) => {
    const measurement = measurementFrom(answered({ functionError: 'Unhandled', responseBody }), report, context);
    expect(measurement.outcome).toBe('functionError');
    expect(measurement).toMatchObject({ errorType: undefined, errorMessage: undefined });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), fc.boolean(), (responseBody, logTail, isError) => {
        const attempt = answered({ responseBody, logTail, ...(isError && { functionError: 'Unhandled' }) });
        expect(measurementFrom(attempt, report, context).outcome).not.toBe('unreported');
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});
