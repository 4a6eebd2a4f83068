import { initsFound, type Starts, variantsFound, variedTruth } from './truths.ts';

type Factors = Parameters<typeof variedTruth>[0];

/** How long the five variants take beside the function as it is, and which one of the six costs least. */
const functions: readonly (readonly [name: string, factors: Factors, right: string])[] = [
  ['nothing differs', [1, 1, 1, 1, 1], 'current'],
  ['one takes 8 % less', [1, 0.92, 1, 1.05, 1], 'v2'],
  ['two take less, 12 and 5 %', [0.95, 0.88, 1, 1, 1.1], 'v2'],
  ['one takes 4 % less', [1, 0.96, 1, 1, 1], 'v2'],
  ['all take more, 4 to 20 %', [1.04, 1.08, 1.12, 1.16, 1.2], 'current'],
];

/** Two are what a run without `--cold-starts` meets: one in each environment. */
const starts: readonly (readonly [ofV2: number, starts: Starts])[] = [
  [1, { count: 2, cv: 0.12 }],
  [1, { count: 5, cv: 0.12 }],
  [1, { count: 10, cv: 0.12 }],
  [1, { count: 10, cv: 0.4 }],
  [0.85, { count: 10, cv: 0.12 }],
];

const percent = (share: number) => (100 * share).toFixed(1).padStart(7);

export function* variantsTable(runs: number, seed: number, rows = functions): Generator<string> {
  yield `Six variants × five sizes × two architectures, hosts ±4 %, calls ±5 %, 20 calls in 2 environments; ${runs} runs a row, in % of the runs.`;
  yield 'named: the right one is said to cost least; tied: or is not told apart from the one that is; answered: the answer is of it;';
  yield 'better, worse: any variant is said to be, in cost or duration, by statements that hold together for all.';
  yield '';
  yield `${'variants'.padEnd(28)}${['named', 'tied', 'answered', 'better', 'worse'].map((name) => name.padStart(9)).join('')}`;
  for (const [name, factors, right] of rows) {
    const found = variantsFound(variedTruth(factors), right, runs, seed);
    const cells = [found.named, found.orTied, found.answered, found.better, found.worse];
    yield `${name.padEnd(28)}${cells.map((share) => `  ${percent(share)}`).join('')}`;
  }
}

export function* initsTable(runs: number, seed: number, rows = starts): Generator<string> {
  yield `Cold starts of six variants, hosts ±4 %; ${runs} runs a row, in % of the runs: the init of any variant is said to take less (or less or`;
  yield 'more) time than that of the function as it is; that of the one which truly does.';
  yield '';
  yield `${'starts each'.padEnd(12)}${['scatter', 'truly', 'better', 'any', 'found'].map((name) => name.padStart(9)).join('')}`;
  for (const [ofV2, each] of rows) {
    const { better, any, v2Faster } = initsFound(ofV2, runs, each, seed);
    const cells = [each.cv, ofV2 - 1, better, any].map((share) => `  ${percent(share)}`).join('');
    yield `${String(each.count).padEnd(12)}${cells}${ofV2 === 1 ? '        –' : `  ${percent(v2Faster)}`}`;
  }
}
