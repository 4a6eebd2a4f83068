import { checkDefaults } from '../../src/check/options.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { chargeUsd } from '../replay/charge.ts';
import type { RecordedConfiguration } from '../replay/records.ts';
import { draw } from './draws.ts';
import { type RuleName, ruleNames, rules } from './rules.ts';

/** What one side's dollars are multiplied by. */
export const scales = [0.85, 1, 1.05, 1.1, 1.15, 1.2] as const;

/** Sums over the runs of one scale. */
export interface Tally {
  readonly regressed: number;
  readonly passed: number;
  readonly samples: number;
  readonly environments: number;
}

/** One configuration: per rule, one tally per scale. */
export type Tallies = Readonly<Record<RuleName, readonly Tally[]>>;

export interface Job {
  readonly dataset: string;
  readonly name: string;
  readonly configuration: Pick<RecordedConfiguration, 'memoryMb' | 'architecture' | 'warmMs'>;
}

export interface Settings {
  readonly runs: number;
  readonly seed: number;
  /** Relative standard deviation of the factor that every environment has. */
  readonly envSpread: number;
}

/** All rules and scales see the same draws. */
export function simulate({ dataset, name, configuration }: Job, { runs, seed, envSpread }: Settings): Tallies {
  const records = configuration.warmMs.map((ms) => chargeUsd(configuration, ms));
  // A generator of its own, so that the other configurations of the folder change nothing.
  const label = `${dataset} ${name} ${configuration.architecture} ${configuration.memoryMb}`;
  const random = seededRandom(seed * 7919 + hashOf(label));
  const tallies = Object.fromEntries(
    ruleNames.map((rule) => [rule, scales.map(() => ({ regressed: 0, passed: 0, samples: 0, environments: 0 }))]),
  ) as Record<RuleName, { -readonly [key in keyof Tally]: number }[]>;
  const { maxSamples, maxEnvironments } = checkDefaults;
  for (let run = 0; run < runs; run++) {
    const baseline = draw(records, maxSamples, maxEnvironments, envSpread, random);
    const current = draw(records, maxSamples, maxEnvironments, envSpread, random);
    for (const rule of ruleNames) {
      for (const [index, scale] of scales.entries()) {
        const { verdict, samples, environments } = rules[rule](baseline, current, scale);
        const tally = tallies[rule][index];
        if (tally === undefined) continue;
        if (verdict === 'regressed') tally.regressed += 1;
        if (verdict === 'passed') tally.passed += 1;
        tally.samples += samples;
        tally.environments += environments;
      }
    }
  }
  return tallies;
}

function hashOf(text: string): number {
  let hash = 0;
  for (const character of text) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return hash;
}
