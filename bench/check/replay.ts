import { readRecords } from '../replay/records.ts';
import { simulateAll } from './pool.ts';
import { type RuleName, ruleNames } from './rules.ts';
import { type Score, score } from './score.ts';
import type { Job, Settings } from './simulate.ts';

/** Fewer warm records do not stand for a distribution. */
const fewestRecords = 40;

export interface CheckReplay extends Settings {
  readonly configurations: number;
  readonly sets: Readonly<Record<string, Readonly<Record<RuleName, Score>>>>;
}

/** Both sides are drawn from the records of one configuration, and one side's dollars are scaled. */
export async function replayChecks(
  folder: string,
  settings: Settings,
  threads: number,
  say: (text: string) => void,
): Promise<CheckReplay> {
  const jobs = readRecords(folder).flatMap(({ dataset, name, configurations }): Job[] =>
    configurations
      .filter(({ warmMs }) => warmMs.length >= fewestRecords)
      .map(({ memoryMb, architecture, warmMs }) => ({
        dataset,
        name,
        configuration: { memoryMb, architecture, warmMs },
      })),
  );
  if (jobs.length === 0) throw new Error(`${folder} holds no configuration with ${fewestRecords} warm records`);
  let finished = 0;
  const tallies = await simulateAll(jobs, settings, threads, () => {
    finished += 1;
    if (finished % 10 === 0) say(`${finished} of ${jobs.length} configurations`);
  });
  const sets = [...new Set(jobs.map(({ dataset }) => dataset))].map((dataset) => {
    const own = tallies.filter((_, index) => jobs[index]?.dataset === dataset);
    const scores = ruleNames.map((rule) => [rule, score(own, rule, settings.runs)]);
    return [dataset, Object.fromEntries(scores) as Record<RuleName, Score>] as const;
  });
  return { ...settings, configurations: jobs.length, sets: Object.fromEntries(sets) };
}
