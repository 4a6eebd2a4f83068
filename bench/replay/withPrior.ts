import { keyOf } from '../../src/model/configuration.ts';
import { mean } from '../../src/stats/moments.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { type Account, openAccount } from './account.ts';
import { observed, type Told } from './observed.ts';
import type { RecordedFunction } from './records.ts';
import { judge } from './score.ts';
import { tuneRule } from './tuneRule.ts';

/** What the race takes from an observation: sizes touched, calls and dollars, and what it costs in regret. */
export interface PriorRow {
  readonly told: string;
  readonly sizes: number;
  readonly calls: number;
  /** Dollars ÷ those of the row without an observation, mean over functions. */
  readonly dollars: number;
  readonly regretMean: number;
  readonly regretP95: number;
  readonly over5: number;
}

/** Whoever has an observation has a setting, which is always measured: also in the row without. */
const tellings: Readonly<Record<string, Told>> = {
  nothing: (recorded, random) => {
    const { setting, prior } = observed('none')(recorded, random);
    const { memoryMb, architecture, durationMs } = prior;
    return { setting, prior: { memoryMb, architecture, durationMs } };
  },
  'memory, scatter, cold starts': observed('none'),
  'and processor time': observed('known'),
  'and processor time at random': observed('wrong'),
};

export function withPrior(functions: readonly RecordedFunction[], runs: number, seed: number): readonly PriorRow[] {
  const found = Object.entries(tellings).map(([told, telling]) => {
    const rule = tuneRule('default', 2, telling);
    const perFunction = functions.map((recorded, index) => {
      const random = seededRandom(seed * 7919 + index);
      return Array.from({ length: runs }, () => {
        const account = openAccount(recorded, 'iid', random);
        const { watched, touched } = watching(account);
        return { ...judge(recorded, rule(recorded, watched), watched), sizes: touched.size };
      });
    });
    return { told, perFunction };
  });
  const usd = (outcomes: readonly { readonly spentUsd: number }[]) => mean(outcomes.map(({ spentUsd }) => spentUsd));
  const [without] = found;
  return found.map(({ told, perFunction }) => {
    const all = perFunction.flat();
    const regrets = all.map(({ regret }) => regret).sort((one, other) => one - other);
    return {
      told,
      sizes: mean(all.map(({ sizes }) => sizes)),
      calls: mean(all.map(({ invocations }) => invocations)),
      dollars: mean(perFunction.map((own, index) => usd(own) / usd(without?.perFunction[index] ?? own))),
      regretMean: mean(regrets),
      regretP95: regrets[Math.ceil(0.95 * regrets.length) - 1] ?? Number.NaN,
      over5: mean(regrets.map((regret) => (regret > 0.05 ? 1 : 0))),
    };
  });
}

function watching(account: Account): { readonly watched: Account; readonly touched: ReadonlySet<string> } {
  const touched = new Set<string>();
  const watched: Account = {
    random: account.random,
    pay: (...given) => account.pay(...given),
    partsUsd: account.partsUsd,
    call(configuration, ...rest) {
      touched.add(keyOf(configuration));
      return account.call(configuration, ...rest);
    },
    get spentUsd() {
      return account.spentUsd;
    },
    get invocations() {
      return account.invocations;
    },
  };
  return { watched, touched };
}

export function priorTable(rows: readonly PriorRow[]): string {
  const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`;
  return [
    '| production told | sizes touched | calls | dollars | regret mean | p95 | > 5 % |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...rows.map(
      ({ told, sizes, calls, dollars, regretMean, regretP95, over5 }) =>
        `| ${told} | ${sizes.toFixed(2)} | ${calls.toFixed(0)} | ${percent(dollars, 0)} | ${percent(regretMean, 2)} | ${percent(regretP95)} | ${percent(over5)} |`,
    ),
    '',
    "The setting that is observed is drawn among the recorded sizes. The records do not hold the processor's time: it is what the",
    'curve itself says, ± 20 %; in the last row any part of the duration, which is what a wrong prior may cost.',
    '',
  ].join('\n');
}
