import { describe, expect, it } from 'vitest';
import { awsHosts } from '../../src/analysis/hosts.ts';
import type { Configuration } from '../../src/model/configuration.ts';
import type { Measurement, Outcome, Start } from '../../src/model/measurement.ts';
import { affordableSteps } from '../../src/search/budget.ts';
import { ofEqualAge } from '../../src/search/equalAge.ts';
import { checkErrors, withoutFailing } from '../../src/search/errorLimit.ts';
import type { SizeEstimate } from '../../src/search/estimate.ts';
import { efforts, type SearchOptions, type SizeSoFar } from '../../src/search/options.ts';
import { refinement } from '../../src/search/refine.ts';
import { stepsOf } from '../../src/search/wanted.ts';

const at = (memoryMb: number): Configuration => ({ memoryMb, architecture: 'arm64' });

function call(
  start: Start,
  environment = '1',
  outcome: Exclude<Outcome, 'unreported'> = 'succeeded',
  costUsd = 1e-6,
): Measurement {
  const base = { requestId: 'r', startedAt: '2026-11-23T00:00:00Z', environment, start };
  const reported = { durationMs: 100, billedDurationMs: 100, maxMemoryUsedMb: 40, costUsd };
  return { ...base, ...reported, outcome };
}

function times<T>(count: number, of: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => of(index));
}

const measured = (memoryMb: number, measurements: readonly Measurement[], environments = 1): SizeSoFar => ({
  configuration: at(memoryMb),
  measurements,
  environments,
});
const estimate = (memoryMb: number, centre: number, more: Partial<SizeEstimate> = {}): SizeEstimate => ({
  configuration: at(memoryMb),
  count: 8,
  centre,
  error: 0.01,
  coldRatio: 1,
  callUsd: 1e-6,
  ...more,
});
const options: SearchOptions = {
  ladders: { arm64: [512, 1024, 2048] },
  pinned: [],
  goal: 'cheapest',
  effort: 'default',
  tolerance: 0.03,
  environments: 2,
  priors: awsHosts,
  seed: 1,
};

describe('steps of what is wanted', () => {
  it('are one a configuration, the largest wish of all that ask for it', () => {
    const wishes = [
      { configuration: at(512), calls: 4, newEnvironment: false },
      { configuration: at(512), calls: 2, newEnvironment: true },
    ];
    expect(stepsOf(wishes, [measured(512, [call('cold')])])).toEqual([
      { configuration: at(512), environment: 1, invocations: 5 },
    ]);
  });

  it('open an environment with a cold call more where there is none yet', () => {
    const wish = { configuration: at(512), calls: 4, newEnvironment: false };
    expect(stepsOf([wish], [])).toEqual([{ configuration: at(512), environment: 0, invocations: 5 }]);
  });

  it('go to the environment that was called least, so that all weigh alike in the end', () => {
    const wish = { configuration: at(512), calls: 4, newEnvironment: false };
    const calls = [call('cold', 'a'), call('warm', 'a'), call('cold', 'b'), call('cold', 'c'), call('warm', 'c')];
    expect(stepsOf([wish], [measured(512, calls, 3)])[0]?.environment).toBe(1);
    // The logs name two, but three chains were opened: which is which is not known.
    expect(stepsOf([wish], [measured(512, calls.slice(0, 3), 3)])[0]?.environment).toBe(0);
  });
});

describe('what a budget allows of a round', () => {
  const step = { configuration: at(1024), environment: 0, invocations: 10 };

  it('is everything where there is none', () => {
    expect(affordableSteps([step], [], undefined)).toEqual([step]);
  });

  it('counts a size that was never called at its worst, with fewer calls where all do not fit', () => {
    expect(affordableSteps([step], [], { leftUsd: 0.35, worstCaseUsdPerGb: 0.1 })).toEqual([
      { ...step, invocations: 3 },
    ]);
    // One cold call would tell nothing.
    expect(affordableSteps([step], [], { leftUsd: 0.15, worstCaseUsdPerGb: 0.1 })).toEqual([]);
  });

  it('counts a known size as measured so far, but for one call that may run into its timeout', () => {
    const known = measured(1024, [call('cold', '1', 'succeeded', 0.01), call('warm', '1', 'succeeded', 0.01)]);
    const budget = { leftUsd: 0.135, worstCaseUsdPerGb: 0.1 };
    expect(affordableSteps([step], [known], budget)).toEqual([{ ...step, invocations: 4 }]);
  });

  it('leaves to the next step what the one before it does not take', () => {
    const other = { ...step, configuration: at(2048), invocations: 2 };
    const budget = { leftUsd: 0.65, worstCaseUsdPerGb: 0.1 };
    expect(
      affordableSteps([{ ...step, invocations: 2 }, other], [], budget).map(({ invocations }) => invocations),
    ).toEqual([2, 2]);
    expect(
      affordableSteps([{ ...step, invocations: 3 }, other], [], budget).map(({ invocations }) => invocations),
    ).toEqual([3]);
  });
});

describe('a size whose calls fail', () => {
  const limited = { ...options, maxErrorShare: 0.05 };
  const calls = (failures: number, successes: number) => [
    ...times(failures, () => call('warm', '1', 'functionError')),
    ...times(successes, () => call('warm')),
  ];
  const isOut = (one: SizeSoFar) => withoutFailing([one], limited)[0]?.infeasible !== undefined;

  it('is out after three failures, or where so many answers make the share believed', () => {
    expect(isOut(measured(512, calls(3, 5)))).toBe(true);
    expect(isOut(measured(512, calls(2, 28)))).toBe(true);
    expect(isOut(measured(512, calls(1, 29)))).toBe(false);
  });

  it('is called on while one failure among a few may be bad luck', () => {
    const one = measured(512, calls(1, 7));
    expect(isOut(one)).toBe(false);
    expect(checkErrors(estimate(512, 1, { count: 20 }), [one], limited)).toEqual([
      { configuration: at(512), calls: 5, newEnvironment: false },
    ]);
    expect(checkErrors(estimate(512, 1), [measured(512, calls(0, 8))], limited)).toEqual([]);
  });

  it('stays where failures do not matter', () => {
    expect(withoutFailing([measured(512, calls(9, 1))], options)[0]?.infeasible).toBeUndefined();
  });

  it('is out where one payload never succeeds, however few of all calls those are', () => {
    const payloads = [
      { name: 'small', weight: 99 },
      { name: 'big', weight: 1 },
    ];
    const answered = [
      ...times(40, () => ({ ...call('warm'), payload: 'small' })),
      ...times(3, () => ({ ...call('warm', '1', 'functionError'), payload: 'big' })),
    ];
    expect(withoutFailing([measured(512, answered)], { ...limited, payloads })[0]?.infeasible).toBe(
      'too many calls failed',
    );
  });
});

describe('sizes that are near the best where code is compiled while it is used', () => {
  const steady = { after: 4, isReached: true };
  const best = {
    ...measured(
      512,
      times(50, () => call('warm')),
    ),
    steady,
  };
  const young = {
    ...measured(
      1024,
      times(12, () => call('warm')),
    ),
    steady,
  };
  const estimates = [estimate(512, 1), estimate(1024, 1.01)];

  it('are called on until their environments are as old, half as many calls as there were at a time', () => {
    expect(ofEqualAge(estimate(512, 1), estimates, [best, young], efforts.default)).toEqual([
      { configuration: at(1024), calls: Math.max(efforts.default.scoutsLeast, 6), newEnvironment: false },
    ]);
  });

  it('are left where they are surely dearer, and where nothing of the run falls', () => {
    expect(
      ofEqualAge(estimate(512, 1), [estimate(512, 1), estimate(1024, 1.5)], [best, young], efforts.default),
    ).toEqual([]);
    const flat = [best, young].map(({ steady: _, ...one }) => one);
    expect(ofEqualAge(estimate(512, 1), estimates, flat, efforts.default)).toEqual([]);
  });
});

describe('a size between two rungs', () => {
  const refining = { ...options, refine: true };
  const effort = efforts.default;
  const curve = [estimate(512, 1.2), estimate(1024, 1), estimate(2048, 1.02)];
  const known = [512, 1024, 2048].map((size) => measured(size, []));

  it('is the lowest point of the parabola, in steps of 64 MB', () => {
    const [wanted, ...others] = refinement(curve[1] as SizeEstimate, curve, known, refining, effort);
    expect(others).toEqual([]);
    expect(wanted).toMatchObject({ calls: effort.scoutsMost, newEnvironment: true });
    // By hand: in x = log2 of the size and y = log of the cost, from (0, 0.1823), (1, 0), (2, 0.0198): x = 1.402.
    expect(wanted?.configuration.memoryMb).toBe(1344);
  });

  it('is not looked for where nobody asked, at an end of the curve, where it gains nothing, and after two', () => {
    const best = curve[1] as SizeEstimate;
    expect(refinement(best, curve, known, options, effort)).toEqual([]);
    expect(refinement(curve[0] as SizeEstimate, curve, known, refining, effort)).toEqual([]);
    const even = [estimate(512, 1.2), best, estimate(2048, 1.2)];
    expect(refinement(best, even, known, refining, effort)).toEqual([]);
    const tried = [...known, measured(1216, []), measured(1408, [])];
    expect(refinement(best, curve, tried, refining, effort)).toEqual([]);
  });
});
