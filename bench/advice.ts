import { parseArgs } from 'node:util';
import { surenessAmong } from '../src/analysis/difference.ts';
import { nameOf } from '../src/model/configuration.ts';
import type { Truth } from '../test/advice/simulatedRun.ts';
import { comparisonsOf, type Stability, stabilityOf } from '../test/advice/stability.ts';
import { truths } from '../test/advice/truths.ts';
import { boundTable } from './advice/bound.ts';
import { heldToBound, withConfidence, withKnownNoise } from './advice/rules.ts';

/**
 * How stable the answer is: runs of functions whose true durations are known (test/advice/truths.ts), normal noise on a
 * logarithmic scale within and between environments. Per truth: what is advised, and in which share of the runs it or what
 * truly equals it in cost and speed is; the same with other widths of the one interval that everything is judged by, and with
 * noise that is known instead of estimated (what is then missing no estimate of the noise can give), and held to the bound that a race is held
 * to. At the end, how often that bound on
 * the cost of an equal size could hold (bench/advice/bound.ts). Run: npm run bench:advice
 * [-- --runs <n> --seed <of the first run> --truth <part of a name>].
 * Default: 200, 1, all.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    truth: { type: 'string', default: '' },
  },
});
const [runs = 0, seed = 0] = [values.runs, values.seed].map(Number);
if (!(Number.isInteger(runs) && runs > 0)) throw new RangeError('--runs must be a whole number');
if (!(Number.isInteger(seed) && seed > 0)) throw new RangeError('--seed must be a whole number');

const percent = (share: number, digits = 0) => (100 * share).toFixed(digits).padStart(6);
const widths = [
  ['80', () => 0.8],
  ['95', () => 0.95],
  ['used', surenessAmong],
  ['95/K', (count: number) => 1 - 0.05 / Math.max(1, count - 1)],
  ['99/K', (count: number) => 1 - 0.01 / Math.max(1, count - 1)],
] as const;

process.stdout.write(
  [
    `${runs} runs of each. In % of the runs: the same answer, or one that truly equals it; by the confidence of the interval in %`,
    '(used: for all statements on the best of them together; /K: by Bonferroni), and with known noise. Then, as used: left as it is;',
    'true cost above the least; true time above that of the fastest which truly costs as little. Last, the same answer and these three were',
    'a list held to the bound of a race: nothing faster is advised that may cost more than twice the tolerance above the cheapest.',
    '',
    `${'truth'.padEnd(48)}${'advised'.padEnd(22)}${widths.map(([name]) => name.padStart(6)).join('')} known | stays   cost   time | bound  stays   cost   time`,
    '',
  ].join('\n'),
);

for (const [name, truth] of Object.entries<Truth>(truths)) {
  if (!name.includes(values.truth)) continue;
  const comparisons = comparisonsOf(truth, runs, seed);
  const of = (width: (count: number) => number) =>
    stabilityOf(
      truth,
      comparisons.map((one) => withConfidence(one, width)),
    );
  const used = stabilityOf(truth, comparisons);
  const known = stabilityOf(
    truth,
    comparisons.map((one) => withKnownNoise(one, truth)),
  );
  const bound = stabilityOf(truth, comparisons.map(heldToBound));
  process.stdout.write(
    `${name.padEnd(48)}${nameOf(used.advised).padEnd(22)}${widths.map(([, width]) => percent(of(width).share)).join('')}${percent(known.share)} |${rest(used)} |${percent(bound.share)}${rest(bound)}\n`,
  );
}

if (values.truth === '') for (const line of boundTable(runs, seed)) process.stdout.write(`${line}\n`);

function rest({ stays, extraCost, extraTime }: Stability): string {
  return `${percent(stays)} ${percent(extraCost, 1)} ${percent(extraTime)}`;
}
