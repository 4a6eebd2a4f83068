import { parseArgs } from 'node:util';
import { initsTable, variantsTable } from './variants/table.ts';

/**
 * How often the right variant is named, and how often one is falsely called better: six variants × five sizes × two
 * architectures of functions whose truth is known (bench/variants/truths.ts), through the analysis, comparison and answer that a
 * run has. Run: npm run bench:variants [-- --runs <n> --seed <of the first run>]. Default: 200, 1.
 */
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const [runs = 0, seed = 0] = [values.runs, values.seed].map(Number);
if (!(Number.isInteger(runs) && runs > 0)) throw new RangeError('--runs must be a whole number');
if (!(Number.isInteger(seed) && seed > 0)) throw new RangeError('--seed must be a whole number');

for (const line of variantsTable(runs, seed)) process.stdout.write(`${line}\n`);
process.stdout.write('\n');
for (const line of initsTable(runs, seed)) process.stdout.write(`${line}\n`);
