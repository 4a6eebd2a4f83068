import { mean } from '../../src/stats/moments.ts';
import type { RuleName } from './rules.ts';
import { scales, type Tallies, type Tally } from './simulate.ts';

/** Shares are fractions; "worst" is over the configurations of a set; samples and environments are of one side. */
export interface Score {
  /** Regressed though nothing changed. */
  readonly falseAlarms: number;
  readonly worstFalseAlarms: number;
  /** Regressed though 15 % cheaper. */
  readonly falseAlarms085: number;
  /** Regressed where the dollars were so much more. */
  readonly power105: number;
  readonly power110: number;
  readonly power115: number;
  readonly power120: number;
  readonly passed100: number;
  /** Passed at +10 %. */
  readonly wrongPass110: number;
  readonly worstWrongPass110: number;
  /** Where nothing changed. */
  readonly samplesMean: number;
  readonly samples110: number;
  readonly samples120: number;
  readonly environmentsMean: number;
}

export function score(configurations: readonly Tallies[], rule: RuleName, runs: number): Score {
  const shares = (scale: (typeof scales)[number], of: keyof Tally) =>
    configurations.map((tallies) => (tallies[rule][scales.indexOf(scale)]?.[of] ?? Number.NaN) / runs);
  const average = (...which: Parameters<typeof shares>) => mean(shares(...which));
  const worst = (...which: Parameters<typeof shares>) => Math.max(...shares(...which));
  return {
    falseAlarms: average(1, 'regressed'),
    worstFalseAlarms: worst(1, 'regressed'),
    falseAlarms085: average(0.85, 'regressed'),
    power105: average(1.05, 'regressed'),
    power110: average(1.1, 'regressed'),
    power115: average(1.15, 'regressed'),
    power120: average(1.2, 'regressed'),
    passed100: average(1, 'passed'),
    wrongPass110: average(1.1, 'passed'),
    worstWrongPass110: worst(1.1, 'passed'),
    samplesMean: average(1, 'samples'),
    samples110: average(1.1, 'samples'),
    samples120: average(1.2, 'samples'),
    environmentsMean: average(1, 'environments'),
  };
}
