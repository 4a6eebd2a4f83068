import { mean } from '../../src/stats/moments.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { openAccount } from './account.ts';
import { chargeUsd } from './charge.ts';
import type { RecordedConfiguration, RecordedFunction } from './records.ts';
import { compiledInUse, tuneRule } from './tuneRule.ts';

/** The race on one function in the order in which it was recorded; the truth is what its last third costs, once it is warm. */
export interface OwnOrder {
  readonly name: string;
  /** Share of runs that pick the cheapest, and one within 1 % of it. */
  readonly best: number;
  readonly within1: number;
  readonly regretMean: number;
  /** By the mean of all records: how much dearer than the cheapest the size is that a rule of plain means would name. */
  readonly regretOfMeans: number;
  readonly invocations: number;
}

export function inOwnOrder(functions: readonly RecordedFunction[], runs: number, seed: number): readonly OwnOrder[] {
  const rule = tuneRule('default');
  return functions.map((recorded) => {
    const configurations = recorded.configurations.map((one) => ({ ...one, costUsd: steadyUsd(one) }));
    const steady: RecordedFunction = { ...recorded, configurations };
    const bestUsd = Math.min(...configurations.map(({ costUsd }) => costUsd));
    const ofMeans = recorded.configurations.reduce((one, other) => (other.costUsd < one.costUsd ? other : one));
    const random = seededRandom(seed);
    const found = Array.from({ length: runs }, () => {
      const account = openAccount(steady, 'ownOrder', random);
      const { trueCostUsd } = rule(steady, account);
      return { regret: trueCostUsd / bestUsd - 1, invocations: account.invocations };
    });
    const shareOf = (most: number) => mean(found.map(({ regret }) => (regret <= most ? 1 : 0)));
    return {
      name: `${recorded.dataset} ${recorded.name}`,
      best: shareOf(0),
      within1: shareOf(0.01),
      regretMean: mean(found.map(({ regret }) => regret)),
      regretOfMeans: steadyUsd(ofMeans) / bestUsd - 1,
      invocations: mean(found.map(({ invocations }) => invocations)),
    };
  });
}

function steadyUsd({ warmMs, ...configuration }: RecordedConfiguration): number {
  return mean(warmMs.slice(-Math.ceil(warmMs.length / 3)).map((ms) => chargeUsd(configuration, ms)));
}

export function ownOrderTable(rows: readonly OwnOrder[]): string {
  const percent = (share: number, digits = 0) => `${(100 * share).toFixed(digits)} %`;
  const lines = rows.map(
    ({ name, best, within1, regretMean, regretOfMeans, invocations }) =>
      `| ${name} | ${percent(best)} | ${percent(within1)} | ${percent(regretMean, 2)} | ${percent(regretOfMeans, 2)} | ${invocations.toFixed(0)} |`,
  );
  const java = rows.filter(({ name }) => compiledInUse.test(name));
  const [least, within] = [java.map(({ best }) => best), java.map(({ within1 }) => within1)];
  return [
    '| function | picks the best | within 1 % | regret | regret of all means | calls |',
    '|---|---:|---:|---:|---:|---:|',
    ...lines,
    '',
    ...(java.length === 0
      ? []
      : [
          `Java (${java.length} ${java.length === 1 ? 'function' : 'functions'}): the best in ${percent(mean(least), 1)} of all runs, in ${percent(Math.min(...least), 1)} of those of the hardest one; within 1 % in ${percent(mean(within), 1)}.`,
          '',
        ]),
  ].join('\n');
}
