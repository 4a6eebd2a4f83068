import { seededRandom } from '../src/stats/random.ts';
import { type CoverageRow, coverageOf } from './coverage.ts';
import { shapeNames } from './simulation.ts';

/**
 * How often the intervals hold what they promise, on distributions whose truth is known. Run: npm run bench:statistics
 * [-- <runs per row>]. Four configurations a run, two of them equal, one 30 % above them.
 */
const runs = Number(process.argv[2] ?? 300);
const spreads = [0, 0.03, 0.08];

const percent = (share: number): string => (100 * share).toFixed(1).padStart(5);
const cell = ({ coverage, toldApart, power }: CoverageRow): string =>
  `${percent(coverage)} ${percent(toldApart)} ${percent(power)}`;

process.stdout.write(
  [
    `Nominal 95 %, ${runs} runs a row. Per spread between environments: truth inside the interval of the mean | equal pair told apart (promise: at most 5) | 30 % dearer one told apart. In %.`,
    '',
    `${'values'.padEnd(14)} envs    n ${spreads.map((spread) => `| spread ${`${100 * spread} %`.padEnd(12)}`).join('')}`,
    '',
  ].join('\n'),
);
for (const shape of shapeNames) {
  for (const environments of [1, 2, 4]) {
    for (const count of [10, 20, 40, 100]) {
      const cells = spreads.map((spread) => coverageOf({ shape, count, environments, spread }, runs, seededRandom(1)));
      process.stdout.write(
        `${shape.padEnd(14)} ${String(environments).padStart(4)} ${String(count).padStart(4)} ${cells.map((row) => `| ${cell(row)} `).join('')}\n`,
      );
    }
  }
}
