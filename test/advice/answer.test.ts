import { describe, expect, it } from 'vitest';
import { answerOf } from '../../src/advice/answer.ts';
import type { Configuration } from '../../src/model/configuration.ts';
import type { TuningResult } from '../../src/model/run.ts';
import { simulatedRun, type Truth } from './simulatedRun.ts';

const on = (memoryMb: number): Configuration => ({ memoryMb, architecture: 'x86_64' });

/** Hardly any noise, so that the truth is what is measured. */
function runOf(
  levels: Readonly<Record<number, number>>,
  currentMb: number,
  given: Partial<TuningResult> & { noise?: number; calls?: number } = {},
) {
  const { noise = 0.002, calls = 40, ...rest } = given;
  const truth: Truth = {
    meanMs: ({ memoryMb }) => levels[memoryMb] ?? Number.NaN,
    memoryMb: Object.keys(levels).map(Number),
    current: on(currentMb),
    withinCv: noise,
    betweenCv: noise / 4,
    calls,
    environments: 4,
  };
  return simulatedRun(truth, 7, rest).answer;
}

const asked = (goal: NonNullable<TuningResult['options']['goal']>) => ({
  options: { goal } as TuningResult['options'],
});

describe('the answer', () => {
  it('is not given where the machine was busy during most calls of a size', () => {
    const { emulation: _emulation, ...calm } = simulatedRun(
      {
        meanMs: ({ memoryMb }) => 1000 * (512 / memoryMb),
        memoryMb: [512, 1024],
        current: on(512),
        withinCv: 0.002,
        betweenCv: 0.001,
        calls: 20,
        environments: 2,
      },
      7,
    );
    const busy = {
      ...calm,
      configurations: calm.configurations.map((row) => ({
        ...row,
        measurements: row.measurements.map((one) =>
          one.outcome === 'unreported' ? one : { ...one, rawDurationMs: one.durationMs * 2, contendedShare: 0.6 },
        ),
      })),
    };
    expect(answerOf(calm).kind).toBe('change');
    expect(answerOf(busy)).toEqual({ kind: 'unanswered', because: 'hostNeverCalm' });
  });

  it('is the fastest of what costs the same as the cheapest', () => {
    const answer = runOf({ 512: 1000, 1024: 500, 2048: 400 }, 512);
    expect(answer).toMatchObject({ kind: 'change', configuration: on(1024), because: 'faster' });
    expect(answer.kind === 'change' && answer.saves).toBeUndefined();
    expect(answer.kind === 'change' && answer.faster?.share).toBeCloseTo(0.5, 2);
  });

  it('is to stay where the current setting is as good as any', () => {
    expect(runOf({ 512: 1000, 1024: 500, 2048: 400 }, 1024)).toEqual({
      kind: 'stay',
      configuration: on(1024),
      because: 'currentIsBest',
    });
  });

  it('is a slower size where that surely saves, and says that it is slower', () => {
    const answer = runOf({ 512: 1000, 1024: 800 }, 1024);
    expect(answer).toMatchObject({ kind: 'change', configuration: on(512), because: 'cheaperThoughSlower' });
    expect(answer.kind === 'change' && answer.saves?.share).toBeCloseTo(0.37, 1);
    expect(answer.kind === 'change' && answer.faster?.share).toBeCloseTo(-0.25, 1);
  });

  it('is never a slower size for a saving inside noise, unless the cheapest was asked for', () => {
    const levels = { 512: 1000, 1024: 540 };
    const noisy = { noise: 0.25, calls: 8 };
    expect(runOf(levels, 1024, noisy).kind).toBe('stay');
    expect(runOf(levels, 1024, { ...noisy, ...asked('cheapest') }).kind).toBe('stay');
    expect(runOf({ 512: 1000, 1024: 560 }, 1024, { noise: 0.1, calls: 8, ...asked('cheapest') })).toMatchObject({
      kind: 'change',
      configuration: on(512),
      because: 'cheapestAsked',
    });
  });

  it('follows the goal that was asked for', () => {
    const levels = { 512: 1000, 1024: 700, 2048: 600 };
    expect(runOf(levels, 1024)).toMatchObject({ configuration: on(512) });
    expect(runOf(levels, 1024, asked('fastest'))).toMatchObject({ configuration: on(2048), because: 'faster' });
    expect(runOf({ 512: 1000, 1024: 400, 2048: 390 }, 512, asked('balanced'))).toMatchObject({
      kind: 'change',
      configuration: on(1024),
      because: 'better',
    });
  });

  it('is not given where the current setting was left out, and names the best of what was measured', () => {
    expect(runOf({ 512: 1000, 1024: 500 }, 3008)).toEqual({
      kind: 'unanswered',
      configuration: on(1024),
      because: 'currentNotMeasured',
    });
  });

  it('is not given where sizes do not differ as on AWS', () => {
    const emulation = { architectures: ['x86_64' as const], cpu: 'none' as const, cores: 2 };
    expect(runOf({ 512: 1000, 1024: 500 }, 512, { backend: 'local', emulation })).toEqual({
      kind: 'unanswered',
      because: 'noCpuShare',
    });
  });

  it('claims nothing by a single call', () => {
    expect(runOf({ 512: 1000, 1024: 900 }, 1024, { calls: 1 }).kind).toBe('stay');
    expect(runOf({ 512: 400, 1024: 900 }, 1024, { calls: 1 }).kind).toBe('stay');
  });
});
