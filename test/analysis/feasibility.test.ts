import { describe, expect, it } from 'vitest';
import { errorText, infeasibilityOf, laneShouldStop } from '../../src/analysis/feasibility.ts';
import { type Call, laneOf } from './analyzing.ts';

const oom: Call = { outcome: 'outOfMemory', errorType: 'Runtime.OutOfMemory', maxMemoryUsedMb: 128 };
const timeout: Call = { outcome: 'timedOut', errorType: 'Sandbox.Timedout', durationMs: 3000 };
const thrown: Call = { outcome: 'functionError', errorType: 'TypeError', errorMessage: 'x is not a function' };
const unreported: Call = { outcome: 'unreported', reason: 'no REPORT after 60 s' };
const importError: Call = {
  outcome: 'functionError',
  errorType: 'Runtime.ImportModuleError',
  errorMessage: "Unable to import module 'app': /opt/x.so: wrong ELF class: ELFCLASS64\nTraceback …",
};
const noModule: Call = {
  outcome: 'functionError',
  errorType: 'Runtime.ImportModuleError',
  errorMessage: "No module named 'numpy'",
};
const at128 = { memoryMb: 128, architecture: 'arm64' } as const;
const stop = (...calls: readonly Call[]) => laneShouldStop(laneOf(128, calls).measurements, at128)?.reason;

describe('an early end', () => {
  it('comes after three failures that no luck explains', () => {
    expect(stop(oom, oom)).toBeUndefined();
    expect(stop(oom, oom, oom)).toBe('out of memory at 128 MB');
    expect(stop(timeout, timeout, timeout)).toBe('timed out after 3 s at 128 MB');
    expect(stop(noModule, noModule, noModule)).toBe(
      "cannot run on arm64: Runtime.ImportModuleError: No module named 'numpy'",
    );
    expect(stop(oom, timeout, oom)).toBe('out of memory at 128 MB');
  });

  it('comes at once where the code is for another processor', () => {
    expect(stop(importError)).toBe(
      "cannot run on arm64: Runtime.ImportModuleError: Unable to import module 'app': /opt/x.so: wrong ELF class: ELFCLASS64",
    );
    expect(
      stop({
        outcome: 'functionError',
        errorType: 'Runtime.InvalidEntrypoint',
        errorMessage: 'fork/exec /var/task/bootstrap: exec format error',
      }),
    ).toMatch(/^cannot run on arm64: /);
  });

  it('never comes once a call succeeded, nor for errors that the next call may not have', () => {
    expect(stop(100, oom, oom, oom, oom)).toBeUndefined();
    expect(stop(thrown, thrown, thrown, thrown, thrown)).toBeUndefined();
    expect(stop(oom, oom, thrown, oom, oom)).toBeUndefined();
    expect(stop()).toBeUndefined();
  });

  it('does not count calls of which nothing is known', () => {
    expect(stop(oom, unreported, oom, unreported)).toBeUndefined();
    expect(stop(oom, unreported, oom, unreported, oom)).toBe('out of memory at 128 MB');
    expect(stop(unreported, unreported, unreported, unreported)).toBeUndefined();
  });

  it('says no size where none was given', () => {
    expect(laneShouldStop(laneOf(128, [oom, oom, oom]).measurements)).toEqual({
      kind: 'infeasible',
      reason: 'out of memory',
    });
  });
});

describe('the reason', () => {
  it('tells a timeout with its memory used up from a slow one', () => {
    const used: Call = { outcome: 'timedOut', durationMs: 29_950, maxMemoryUsedMb: 128 };
    expect(stop(used, used, used)).toBe('timed out after 30 s at 128 MB (with its memory used up)');
  });

  it('is not given when some failures are of another kind', () => {
    expect(infeasibilityOf(laneOf(128, [oom, thrown]).measurements, at128)).toBeUndefined();
    expect(infeasibilityOf([], at128)).toBeUndefined();
    expect(infeasibilityOf(laneOf(128, [oom, unreported]).measurements, at128)).toBe('out of memory at 128 MB');
  });

  it('quotes one line of at most 200 characters', () => {
    const [long] = laneOf(128, [
      { outcome: 'functionError', errorType: 'E', errorMessage: `${'x'.repeat(500)}\nsecret` },
    ]).measurements;
    const [bare] = laneOf(128, [{ outcome: 'functionError' }]).measurements;
    if (long?.outcome !== 'functionError' || bare?.outcome !== 'functionError') throw new Error('not failed');
    expect(errorText(long)).toHaveLength(200);
    expect(errorText(long)).not.toContain('secret');
    expect(errorText(bare)).toBe('an error without a message');
  });
});
