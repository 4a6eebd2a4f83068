import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advise } from '../../src/advice/advice.ts';
import { comparedRun } from '../../src/advice/comparedRun.ts';
import { type Candidate, differenceIn } from '../../src/analysis/choices.ts';
import { comparedFiguresOf } from '../../src/analysis/savedRun/judgedFigures.ts';
import { marksOf, recommended } from '../../src/analysis/savedRun/marks.ts';
import type { Choice } from '../../src/model/answer.ts';
import { type Configuration, sameConfiguration } from '../../src/model/configuration.ts';
import type { TuningResult } from '../../src/model/run.ts';
import { runReporters } from '../../src/reporters/registry.ts';
import { simulatedRun, type Truth } from './simulatedRun.ts';

const sizes = [256, 512, 1024, 1769, 3008];

const truths = fc.record({
  levels: fc.array(fc.double({ min: 5, max: 400, noNaN: true }), { minLength: 10, maxLength: 10 }),
  shape: fc.constantFrom('any', 'oneThread', 'aboutAsDear'),
  isWeighted: fc.boolean(),
  calls: fc.integer({ min: 1, max: 24 }),
  environments: fc.integer({ min: 1, max: 3 }),
  withinCv: fc.constantFrom(0.002, 0.05, 0.3),
  betweenCv: fc.constantFrom(0, 0.03),
  tolerance: fc.constantFrom(0.01, 0.03, 0.1),
  currentMb: fc.constantFrom(...sizes, 640),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

function runOf({
  levels,
  shape,
  isWeighted,
  currentMb,
  seed,
  ...how
}: typeof truths extends fc.Arbitrary<infer T> ? T : never) {
  const truth: Truth = {
    ...how,
    calls: isWeighted ? Math.max(how.calls, 2 * how.environments) : how.calls,
    memoryMb: sizes,
    architectures: ['x86_64', 'arm64'],
    ...(isWeighted
      ? {
          payloads: [
            { name: 'small', weight: 3 },
            { name: 'big', weight: 1 },
          ],
        }
      : {}),
    meanMs: ({ memoryMb, architecture }, payload) => {
      const level = levels[sizes.indexOf(memoryMb) + (architecture === 'arm64' ? 5 : 0)] ?? 100;
      const base = {
        any: level,
        oneThread: ((levels[0] ?? 100) * 1769) / Math.min(memoryMb, 1769),
        // Costs within about 10 % of each other, so that much is not told apart.
        aboutAsDear: ((100 * 1769) / memoryMb) * (0.95 + level / 4000),
      }[shape];
      return base * (payload === 'big' ? 8 : 1);
    },
    current: { memoryMb: currentMb, architecture: 'x86_64' },
  };
  return simulatedRun(truth, seed);
}

const view = { columns: 500, color: false };

describe('over random runs', () => {
  it('no two statements of one output contradict each other', () => {
    fc.assert(
      fc.property(truths, (given) => check(runOf(given))),
      { numRuns: 150, seed: 20 },
    );
  });
});

function check(run: TuningResult): void {
  const { candidates, judgement } = comparedRun(run);
  const of = (one: Configuration | null | undefined): Candidate => {
    const found = one && candidates.find(({ configuration }) => sameConfiguration(configuration, one));
    if (!found) throw new Error('it was compared');
    return found;
  };
  const difference = (figure: 'costs' | 'durations', one: Configuration, other: Configuration | null) =>
    differenceIn(figure, of(one), of(other), judgement).kind;
  const { answer, cheapest, fastest } = run;
  const { statements } = advise(run);
  const current = statements.find((one) => one.kind === 'current')?.standing;

  // What is named is never beaten by its own figure, unless the two are told apart as equal and listed so.
  const meanIn = (choice: Choice, mean: 'costUsd' | 'durationMs', figure: 'costs' | 'durations') => {
    for (const other of candidates.filter((one) => one[mean] < of(choice)[mean])) {
      expect(difference(figure, other.configuration, choice)).toBe('equal');
      expect(choice?.tiedWith.find((tied) => sameConfiguration(tied, other.configuration))?.tie).toBe('equal');
    }
  };
  meanIn(cheapest, 'costUsd', 'costs');
  meanIn(fastest, 'durationMs', 'durations');

  // Ties are what their names say.
  for (const [figure, choice] of [
    ['costs', cheapest],
    ['durations', fastest],
  ] as const) {
    for (const tied of choice?.tiedWith ?? []) {
      expect(difference(figure, tied, choice) === 'equal').toBe(tied.tie === 'equal');
    }
  }

  if (answer.configuration) {
    const advised = of(answer.configuration);
    if (answer.kind === 'change') {
      // Nothing is as cheap by its mean and surely faster.
      const dominating = candidates.filter(
        (one) =>
          one.costUsd <= advised.costUsd &&
          difference('durations', one.configuration, advised.configuration) === 'less',
      );
      expect(dominating).toEqual([]);
      const present = of(run.target);
      // Nor is the current setting; slower than today only for a sure saving.
      const [cost, time] = [
        difference('costs', advised.configuration, present.configuration),
        difference('durations', advised.configuration, present.configuration),
      ];
      expect(cost === 'less' || time === 'less').toBe(true);
      if (time === 'more') expect(answer.saves?.low).toBeGreaterThan(0);
      expect(answer.saves === undefined).toBe(cost !== 'less' && cost !== 'more');
      expect(answer.faster === undefined).toBe(time !== 'less' && time !== 'more');
    }
    if (answer.kind === 'stay') {
      expect(sameConfiguration(answer.configuration, run.target)).toBe(true);
      // "The cheapest costs 12 % less" stands beside "keep it" only where it is said to be slower.
      if (current?.kind === 'dearer') expect(answer.because).toBe('cheaperIsSlower');
    }
  }

  // Percentages of the answer and of the current setting come from the same figures.
  if (
    current?.kind === 'dearer' &&
    answer.kind === 'change' &&
    cheapest &&
    sameConfiguration(answer.configuration, cheapest)
  ) {
    expect(answer.saves).toEqual(current.saving);
  }

  // Hints say nothing else than the answer does.
  for (const { hint } of statements.filter((one) => one.kind === 'hint')) {
    if (hint.kind === 'overProvisioned') expect(answer.kind).toBe('change');
    if (hint.kind === 'caller') {
      expect(sameConfiguration(hint.answered, answer.configuration ?? run.target)).toBe(true);
      expect(sameConfiguration(hint.fastest, fastest ?? run.target)).toBe(true);
    }
  }

  // Marks say of each row what the sentences say.
  const marks = marksOf(run);
  for (const { configuration } of candidates) {
    const own = marks(configuration);
    expect(own.includes('cheapest')).toBe(cheapest !== null && sameConfiguration(configuration, cheapest));
    expect(own.includes('fastest')).toBe(fastest !== null && sameConfiguration(configuration, fastest));
  }

  // All formats name the same configuration, first.
  const pick = recommended(run);
  const figures = pick && comparedFiguresOf(run, pick);
  const quiet = runReporters.quiet(run, view);
  const opening = quiet.split(':')[0] ?? '';
  expect(
    opening.startsWith(answer.kind === 'change' ? 'Change to ' : answer.kind === 'stay' ? 'Keep ' : 'The current '),
  ).toBe(true);
  if (pick && figures) expect(opening).toContain(`${pick.memoryMb.toLocaleString('en')} MB on ${pick.architecture}`);
  const first = quiet.split(';')[0]?.replace(/\.\n?$/, '') ?? '';
  expect(runReporters.table(run, { ...view, columns: 110 }).replace(/\s+/g, ' ')).toContain(`Answer ${first}`);
  expect(runReporters.markdown(run, view).replaceAll('\\', '')).toContain(`**Answer:** ${first}`);
  expect(runReporters.junit(run, view)).toContain(`Answer: ${first}`);
  expect(runReporters.github(run, view)).toContain(first.replaceAll('%', '%25'));
  expect(runReporters.json(run, view)).toContain(`"kind": "${answer.kind}"`);
}
