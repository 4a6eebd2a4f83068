import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Configuration, keyOf } from '../../src/model/configuration.ts';
import { estimatesOf } from '../../src/search/estimate.ts';
import { climb } from '../../src/search/ladder.ts';
import { type EffortName, efforts } from '../../src/search/options.ts';
import { search } from '../../src/search/search.ts';
import { normalDraw } from '../normalDraw.ts';
import { type Curve, defaults, type Played, play } from './simulated.ts';

/** Any shape at all: every size has its own cost, its own noise, and may fail; some functions are of two minds. */
const curves = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  factors: fc.array(fc.double({ min: 0.3, max: 3, noNaN: true }), { minLength: 20, maxLength: 20 }),
  cv: fc.constantFrom(0, 0.02, 0.2, 0.8),
  bimodal: fc.boolean(),
  initMs: fc.constantFrom(0, 200, 20_000),
  failing: fc.array(fc.integer({ min: 0, max: 19 }), { maxLength: 4 }),
  architectures: fc.constantFrom(['x86_64'], ['x86_64', 'arm64']),
  effort: fc.constantFrom<EffortName[]>('quick', 'default', 'careful'),
});

type Drawn = typeof curves extends fc.Arbitrary<infer T> ? T : never;

const sizes = [128, 256, 512, 1024, 1769, 3008, 4096, 6144, 8192, 10_240];

function curveOf({ factors, cv, bimodal, initMs, failing }: Drawn): Curve {
  const indexOf = ({ memoryMb, architecture }: Configuration) =>
    sizes.indexOf(memoryMb) + (architecture === 'arm64' ? sizes.length : 0);
  return {
    warmMs: (configuration, random) => {
      const mode = bimodal && random() < 0.5 ? 1.5 : 1;
      const noise = Math.exp(cv * normalDraw(random));
      return ((factors[indexOf(configuration)] ?? 1) * mode * noise * 100_000) / configuration.memoryMb;
    },
    initMs,
    fails: (configuration) => failing.includes(indexOf(configuration)),
  };
}

function optionsOf({ architectures, effort, seed }: Drawn) {
  return {
    effort,
    seed,
    ladders: Object.fromEntries(architectures.map((architecture) => [architecture, sizes])),
  };
}

const runs = { numRuns: 150, seed: 11 };

/** One seed draws the same functions for every property: each is searched once, and all that must hold is looked for in that race. */
const searched = new Map<string, Played>();
function raceOf(drawn: Drawn): Played {
  const key = JSON.stringify(drawn);
  const race = searched.get(key) ?? play(curveOf(drawn), optionsOf(drawn), drawn.seed);
  searched.set(key, race);
  return race;
}

describe('search, whatever the function does', () => {
  it('ends, within the caps of its effort', () => {
    fc.assert(
      fc.property(curves, (drawn) => {
        const { measured, rounds } = raceOf(drawn);
        const { capBest } = efforts[drawn.effort];
        for (const { measurements, environments } of measured) {
          // A last lap is an eighth of the calls before it, a check a quarter.
          expect(measurements.length).toBeLessThanOrEqual(capBest * 1.5 + 4);
          expect(environments).toBeLessThanOrEqual(2);
        }
        expect(rounds.length).toBeLessThan(400);
      }),
      runs,
    );
  });

  it('never calls a rung beyond the one that closed its ladder', () => {
    fc.assert(
      fc.property(curves, (drawn) => {
        const options = { ...defaults, ...optionsOf(drawn) };
        const effort = efforts[drawn.effort];
        for (const { before, steps } of raceOf(drawn).rounds) {
          const estimates = estimatesOf(before, 'cheapest', options);
          for (const architecture of ['x86_64', 'arm64'] as const) {
            const { closed, next } = climb({ architecture }, 'cheapest', estimates, before, options, effort);
            const beyond = new Set((closed?.beyond ?? []).map(keyOf));
            expect(closed && next).toBeUndefined();
            expect(steps.filter(({ configuration }) => beyond.has(keyOf(configuration)))).toEqual([]);
          }
        }
      }),
      runs,
    );
  });

  it('never calls a size again that cannot be used', () => {
    fc.assert(
      fc.property(curves, (drawn) => {
        for (const { before, steps } of raceOf(drawn).rounds) {
          const infeasible = new Set(before.filter((one) => one.infeasible).map((one) => keyOf(one.configuration)));
          expect(steps.filter(({ configuration }) => infeasible.has(keyOf(configuration)))).toEqual([]);
        }
      }),
      runs,
    );
  });

  it('has one step per configuration in a round, and a new environment only as the next ordinal', () => {
    fc.assert(
      fc.property(curves, (drawn) => {
        for (const { before, steps } of raceOf(drawn).rounds) {
          expect(new Set(steps.map(({ configuration }) => keyOf(configuration))).size).toBe(steps.length);
          for (const { configuration, environment, invocations } of steps) {
            const known = before.find((one) => keyOf(one.configuration) === keyOf(configuration));
            expect(environment).toBeLessThanOrEqual(known?.environments ?? 0);
            expect(invocations).toBeGreaterThan(0);
          }
        }
      }),
      runs,
    );
  });

  it('names a measured, usable size with a second environment where that pays, and gives a reason for every size not called', () => {
    fc.assert(
      fc.property(curves, (drawn) => {
        const { outcome, measured } = raceOf(drawn);
        const usable = measured.filter(({ infeasible }) => infeasible === undefined);
        const [answer] = outcome.answers;
        expect(answer === undefined).toBe(usable.length === 0);
        const winner = usable.find(({ configuration }) => answer && keyOf(configuration) === keyOf(answer.best));
        const estimate = estimatesOf(measured, 'cheapest', { ...defaults, ...optionsOf(drawn) }).find(
          ({ configuration }) => answer && keyOf(configuration) === keyOf(answer.best),
        );
        // A second host is not paid for where its cold start costs more than five warm calls, but by a careful race.
        const isDear = (estimate?.coldRatio ?? 0) > efforts[drawn.effort].dearestSecond;
        if (answer) expect(winner?.environments).toBeGreaterThanOrEqual(isDear ? 1 : 2);
        expect(winner?.environments ?? 0).toBeLessThanOrEqual(2);
        expect(outcome.notCalled).toHaveLength(sizes.length * drawn.architectures.length - measured.length);
        expect(outcome.notCalled.filter(({ reason }) => reason !== 'ladderClosed')).toEqual([]);
      }),
      runs,
    );
  });

  it('asks for the same when asked again, in whatever order the measurements come', () => {
    fc.assert(
      fc.property(curves, (drawn) => {
        const options = { ...defaults, ...optionsOf(drawn) };
        for (const { before, steps } of raceOf(drawn).rounds) {
          const again = search(before, options);
          const reversed = search([...before].reverse(), options);
          expect(again.kind === 'measure' && again.steps).toEqual(steps);
          expect(reversed.kind === 'measure' && reversed.steps).toEqual(steps);
        }
      }),
      { ...runs, numRuns: 40 },
    );
  });

  it('another seed changes the order of a round, not what is called', () => {
    fc.assert(
      fc.property(curves, fc.integer({ min: 1, max: 1000 }), (drawn, seed) => {
        const options = { ...defaults, ...optionsOf(drawn) };
        const sorted = (next: ReturnType<typeof search>) =>
          next.kind === 'measure' &&
          next.steps.toSorted((a, b) => (keyOf(a.configuration) < keyOf(b.configuration) ? -1 : 1));
        for (const { before } of raceOf(drawn).rounds) {
          expect(sorted(search(before, { ...options, seed }))).toEqual(sorted(search(before, options)));
        }
      }),
      { ...runs, numRuns: 40 },
    );
  });

  it('never passes a budget, and names the best so far where anything was measured', () => {
    fc.assert(
      fc.property(curves, fc.double({ min: 1e-6, max: 1e-2, noNaN: true }), (drawn, leftUsd) => {
        // No call of these functions costs more than a timeout of ten minutes.
        const budget = { leftUsd, worstCaseUsdPerGb: 0.011 };
        const { spentUsd, outcome, measured } = play(curveOf(drawn), { ...optionsOf(drawn), budget }, drawn.seed);
        expect(spentUsd).toBeLessThanOrEqual(leftUsd);
        const usable = measured.some((one) => one.infeasible === undefined);
        expect(outcome.answers.length).toBe(usable ? 1 : 0);
      }),
      runs,
    );
  });
});
