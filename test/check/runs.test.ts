import { describe, expect, it } from 'vitest';
import { checkDefaults, type GateOptions } from '../../src/check/options.ts';
import { betweenRuns, runBeliefOf, runsOfOneKind } from '../../src/check/runs.ts';
import { succeeded } from './simulated.ts';

const options: GateOptions = { ...checkDefaults, memoryMb: 512 };

/** A hundred calls that scatter by 1 % in ten environments that are alike. */
function run(level: number, file: number, code: string | null = 'a') {
  const measurements = Array.from({ length: 100 }, (_, index) =>
    succeeded(1e-6 * level * (1 + 0.014 * Math.sin(7 * index + file)), `${file}/${index % 10}`),
  );
  return { measurements, code: code ?? undefined };
}

describe('what two runs differ by', () => {
  it('is a belief where there is one file: 0.8 % on x86_64, 7 % on arm64, 1.5 % on this machine', () => {
    expect(betweenRuns([run(1, 1)], runBeliefOf('x86_64', undefined), options)).toEqual({
      runCv: 0.008,
      runDf: 16,
      runs: 1,
    });
    expect(runBeliefOf('arm64', undefined)).toEqual({ runCv: 0.07, runDf: 3 });
    expect(runBeliefOf('x86_64', { kind: 'native' } as never).runCv).toBe(0.015);
  });

  it('is learnt from several files of the same code: more where they differ, less where they agree', () => {
    const differing = [0.94, 1, 1.06, 0.97, 1.03].map((level, file) => run(level, file));
    const found = betweenRuns(differing, runsOfOneKind, options);
    expect(found.runCv).toBeGreaterThan(0.012);
    expect(found).toMatchObject({ runs: 5, learntFrom: 5 });
    const alike = [1, 1, 1, 1, 1].map((level, file) => run(level, file));
    const believed = runBeliefOf('arm64', undefined);
    expect(betweenRuns(alike, believed, options).runCv).toBeLessThan(0.05);
    expect(betweenRuns(alike, believed, options).runDf).toBeGreaterThan(6);
  });

  it('is not learnt from files of different code, which differ by more than the hour', () => {
    const files = [run(1, 1, 'a'), run(1.5, 2, 'b'), run(2, 3, null), run(3, 4, null)];
    expect(betweenRuns(files, runsOfOneKind, options)).toEqual({ ...runsOfOneKind, runs: 4 });
  });
});
