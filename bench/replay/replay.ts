import { type Drawing, hashOf, noHosts, openAccount, type ReplayHosts, sameCalls } from './account.ts';
import { plainMean, powerTuning } from './fixedRules.ts';
import { parrotfish } from './parrotfish.ts';
import { type RecordedFunction, readRecords } from './records.ts';
import type { Rule } from './rule.ts';
import { judge, type Outcomes, type Score, score } from './score.ts';
import { firstRule, tuneRule } from './tuneRule.ts';

/**
 * `tune` is what the product does by default; the row below it shows what its second environment costs, and `first` is what it did
 * before its dollars were looked at. In a run of a function all of them meet the same calls.
 */
const rules = {
  tune: tuneRule('default'),
  'tune, one environment': tuneRule('default', 1),
  'tune --effort quick': tuneRule('quick'),
  'tune --effort careful': tuneRule('careful'),
  'mean 10': plainMean(10),
  'ALPT 10': powerTuning(10),
  'ALPT 50': powerTuning(50),
  Parrotfish: parrotfish,
  first: firstRule,
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;

/** What the dollars of all others are told in. */
const reference: RuleName = 'ALPT 50';

export const drawings = ['iid', 'windows'] as const satisfies readonly Drawing[];

export const ruleNames = Object.keys(rules) as RuleName[];

/** Scores by data set and rule. */
type Sets = Readonly<Record<string, Readonly<Partial<Record<RuleName, Score>>>>>;

export interface Replay {
  readonly runs: number;
  readonly seed: number;
  readonly hosts: ReplayHosts;
  /** Records drawn one by one; empty where that was not asked for. */
  readonly sets: Sets;
  /** Windows of neighbouring records: drift and autocorrelation stay in. */
  readonly windows: Sets;
}

export function replay(
  folder: string,
  runs: number,
  seed: number,
  say: (text: string) => void,
  hosts: ReplayHosts = noHosts,
  asked: readonly RuleName[] = ruleNames,
  drawn: readonly (typeof drawings)[number][] = drawings,
): Replay {
  const names = ruleNames.filter((name) => name === reference || asked.includes(name));
  const functions = readRecords(folder);
  if (functions.length === 0) throw new Error(`${folder} holds no recorded function with two sizes or more`);
  const draw = (drawing: (typeof drawings)[number]): Sets => {
    if (!drawn.includes(drawing)) return {};
    const sets = new Map<string, Partial<Record<RuleName, Score>>>();
    for (const dataset of new Set(functions.map((recorded) => recorded.dataset))) {
      say(`${drawing === 'iid' ? 'single records' : 'windows'}: ${dataset}`);
      const own = functions.filter((recorded) => recorded.dataset === dataset);
      const outcomes = Object.fromEntries(
        names.map((name) => [name, own.map((one) => replayOne(one, rules[name], drawing, runs, seed, hosts))]),
      ) as Record<RuleName, Outcomes[]>;
      const before = asked.includes('first') ? outcomes.first : undefined;
      const scores = names.map((name) => [name, score(outcomes[name], outcomes[reference], before)]);
      sets.set(dataset, Object.fromEntries(scores) as Partial<Record<RuleName, Score>>);
    }
    return Object.fromEntries(sets);
  };
  return { runs, seed, hosts, sets: draw('iid'), windows: draw('windows') };
}

/** Between the seeds of two runs: odd and large, so that no two runs of neighbouring seeds are the same. */
const runStride = 104_729 * 2 + 1;

function replayOne(
  recorded: RecordedFunction,
  rule: Rule,
  drawing: Drawing,
  runs: number,
  seed: number,
  hosts: ReplayHosts,
): Outcomes {
  // Of the function and the run alone, so that neither the other functions of the folder nor the other rules change anything.
  const first = seed * 7919 + hashOf(`${recorded.dataset} ${recorded.name}`);
  return Array.from({ length: runs }, (_, run) => {
    const randomOf = sameCalls(first + run * runStride);
    const account = openAccount(recorded, drawing, randomOf('rule'), hosts, randomOf);
    return judge(recorded, rule(recorded, account), account);
  });
}
