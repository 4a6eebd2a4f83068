import { describe, expect, it } from 'vitest';
import { hostFactor } from '../../bench/simulation.ts';
import { twoKinds } from '../../bench/statistics/hosts.ts';
import { awsHosts } from '../../src/analysis/hosts.ts';
import { nextRound } from '../../src/check/gate.ts';
import { limitsOf } from '../../src/check/limits.ts';
import { checkDefaults, type GateOptions } from '../../src/check/options.ts';
import { type Suggestion, suggestionsFor } from '../../src/check/suggestion.ts';
import { type Behaviour, lognormal, normal, play } from './simulated.ts';

const options: GateOptions = { ...checkDefaults, memoryMb: 512 };

function suggested(baseline: Behaviour, current: Behaviour, seed: number, given: GateOptions = options) {
  const { decided, state } = play(baseline, current, seed, given);
  return { decided, state, suggestions: suggestionsFor(state, given, decided.verdict) };
}

/** The check's options with what was suggested, as if it had been typed. */
function withOptions(given: GateOptions, { options: typed }: Suggestion): GateOptions {
  const shares = Object.fromEntries(
    typed.map((option) => {
      const [name = '', text = ''] = option.split(' ');
      const key = name.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
      return [key, text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text)];
    }),
  );
  return { ...given, limits: { ...given.limits, ...limitsOf({ maxCostIncrease: given.limits.cost.max, ...shares }) } };
}

describe('a suggested limit', () => {
  it('lets the very same calls pass, by the same rule, at +8 % to +40 %', () => {
    for (const [times, seed] of [
      [1.08, 1],
      [1.12, 2],
      [1.2, 3],
      [1.4, 4],
    ] as const) {
      const { state, suggestions } = suggested({ costUsd: normal(0.05) }, { costUsd: normal(0.05, times) }, seed);
      const [first] = suggestions.filter(({ kind }) => kind === 'limits');
      expect(first?.options).toHaveLength(1);
      const again = nextRound({ ...state, ended: true }, withOptions(options, first as Suggestion));
      expect(again).toMatchObject({ kind: 'decided', verdict: 'passed' });
    }
  });

  it('at +20 % is above what was measured, not 15 %', () => {
    const { decided, suggestions } = suggested({ costUsd: normal(0.02) }, { costUsd: normal(0.02, 1.2) }, 1);
    expect(decided.verdict).toBe('regressed');
    expect(suggestions).toEqual([{ kind: 'limits', options: ['--max-cost-increase 25%'] }]);
  });

  it('is of the kind of the line that failed: a p95 budget is answered with --max-p95-ms', () => {
    const budget: GateOptions = { ...options, limits: { cost: { max: 0.5 }, p95Ms: { max: 80 } } };
    const { decided, suggestions } = suggested({ costUsd: normal(0.02) }, { costUsd: normal(0.02) }, 1, budget);
    expect(decided.verdict).toBe('regressed');
    // A dozen calls show that 80 ms is broken, and cannot show that any p95 is kept.
    expect(suggestions).toEqual([{ kind: 'limitsWithMore', options: ['--max-p95-ms 110'] }]);
  });

  it('names all lines that failed, together', () => {
    const both: GateOptions = { ...options, limits: { cost: { max: 0.05 }, duration: { max: 0.05 } } };
    const { suggestions } = suggested({ costUsd: normal(0.02) }, { costUsd: normal(0.02, 1.3) }, 2, both);
    expect(suggestions[0]?.options.map((option) => option.split(' ')[0])).toEqual([
      '--max-cost-increase',
      '--max-duration-increase',
    ]);
  });

  it('is not made where none up to +100 % would do', () => {
    const { decided, suggestions } = suggested({ costUsd: normal(0.02) }, { costUsd: normal(0.02, 3) }, 1);
    expect([decided.verdict, suggestions]).toEqual(['regressed', []]);
  });

  it('is not needed after a pass', () => {
    const { suggestions } = suggested({ costUsd: normal(0.02) }, { costUsd: normal(0.02) }, 1);
    expect(suggestions).toEqual([]);
  });
});

describe('suggested further calls', () => {
  it('would decide it, going on as these did; and are not named where two thousand would not', () => {
    const few: GateOptions = { ...options, maxSamples: 20 };
    const one = suggested({ costUsd: normal(0.2) }, { costUsd: normal(0.2) }, 1, few);
    expect(one.decided.verdict).toBe('inconclusive');
    expect(one.suggestions.find(({ kind }) => kind === 'samples')?.options).toEqual(['--max-invocations 200']);
    const wild = suggested({ costUsd: lognormal(2) }, { costUsd: lognormal(2) }, 1);
    expect(wild.decided.verdict).toBe('inconclusive');
    expect(wild.suggestions.filter(({ kind }) => kind === 'samples')).toEqual([]);
  });
});

describe('what is said of a check that stays open', () => {
  it('names how many calls would tell p95 of payloads that take 50 to 400 ms', () => {
    const payloads = [
      { name: 'small', weight: 6, scale: 0.5 },
      { name: 'middle', weight: 3, scale: 1 },
      { name: 'large', weight: 1, scale: 4 },
    ];
    const given: GateOptions = { ...options, payloads, limits: { cost: { max: 0.05 }, p95: { max: 0.1 } } };
    const one: Behaviour = { costUsd: normal(0.1), spread: 0.03, payloads };
    const open = [1, 2, 3, 4]
      .map((seed) => suggested(one, one, seed, given))
      .filter(({ decided }) => decided.verdict === 'inconclusive');
    expect(open.length).toBeGreaterThan(1);
    const named = open.flatMap(({ suggestions }) => suggestions.filter(({ kind }) => kind === 'samples'));
    // None where what was measured lies at the limit: more of the same would lie there, too.
    expect(named.length).toBeGreaterThan(0);
    for (const { options: typed } of named) expect(typed[0]).toMatch(/^--max-invocations \d+$/);
  });

  it('with a file on arm64 is to measure both sides together: they meet hosts of the same two kinds', () => {
    const arm: Behaviour = { costUsd: normal(0.2), hostFactor: hostFactor(twoKinds) };
    const given: GateOptions = { ...options, hosts: awsHosts.arm64 };
    const { state: made } = play(arm, arm, 4, { ...given, maxSamples: 100, limits: { cost: { max: 0.001 } } });
    const fixed = { ...given, maxSamples: 300, fixedBaseline: { runCv: 0.07, runDf: 3, runs: 1 } };
    const { decided, state } = play(arm, arm, 5, fixed, made.current);
    expect(decided.verdict).toBe('inconclusive');
    expect(suggestionsFor(state, fixed, decided.verdict).map(({ kind }) => kind)).toContain('sideBySide');
  });
});
