import { join } from 'node:path';
import { seededRandom } from '../src/stats/random.ts';
import { type Sample, sampleOf } from '../src/stats/samples.ts';
import { runSpread } from '../src/stats/spread.ts';
import { ratioEstimate } from '../src/stats/statistics.ts';
import { coverageOfRatios } from './migrationCoverage.ts';
import { readRecords } from './replay/records.ts';
import { shapeNames } from './simulation.ts';

/**
 * `npm run bench:migration [-- --data <folder>] [--runs n]`: coverage of the two ratios by simulation, and the sign of the
 * answer on recorded invocations that exist for both architectures (40 calls a side in four windows of ten neighbours,
 * taken for environments, because the records hold one chain of calls).
 */
const option = (name: string, otherwise: string) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
};
const runs = Number(option('--runs', '300'));
const folder = option('--data', join('..', 'shared', 'data'));
const print = (line: string) => process.stdout.write(`${line}\n`);
const percent = (share: number) => `${(100 * share).toFixed(1).padStart(5)} %`;

print(
  `Nominal 95 %, ${runs} runs a row, 4 environments a side, 100 calls a side: coverage of the ratios of mean cost and p95.`,
);
for (const shape of shapeNames) {
  for (const spread of [0, 0.03, 0.08]) {
    const { cost, p95, p95Unbounded } = coverageOfRatios({ shape, spread, runs }, seededRandom(7));
    print(
      `${shape.padEnd(14)} spread ${String(100 * spread).padStart(2)} %   cost ${percent(cost)}   p95 ${percent(p95)}   without bound ${percent(p95Unbounded)}`,
    );
  }
}

const random = seededRandom(3);
let decided = 0;
let wrong = 0;
let wrongSign = 0;
let total = 0;
print(`\nRecorded pairs of ${folder}: cost of arm64 ÷ x86_64, by today's prices.`);
for (const { dataset, name, configurations } of readRecords(folder)) {
  for (const arm of configurations.filter(({ architecture }) => architecture === 'arm64')) {
    const x86 = configurations.find((one) => one.architecture === 'x86_64' && one.memoryMb === arm.memoryMb);
    if (x86 === undefined) continue;
    const truth = arm.costUsd / x86.costUsd;
    const isApart = Math.abs(truth - 1) > 0.03;
    let rowDecided = 0;
    let rowWrong = 0;
    let rowSign = 0;
    for (let run = 0; run < runs; run++) {
      // Prices cancel but for their ratio: durations stand for costs.
      const price = truth / (meanOf(arm.warmMs) / meanOf(x86.warmMs));
      const [a, b] = [windows(arm.warmMs, price), windows(x86.warmMs, 1)];
      const spread = runSpread([a, b]);
      const ratio = ratioEstimate(a, b, spread);
      if (ratio === undefined) continue;
      if (ratio.high < 1 || ratio.low > 1) rowDecided += 1;
      if (truth < 1 ? ratio.low > 1 : ratio.high < 1) rowWrong += 1;
      if (truth < 1 !== ratio.ratio < 1) rowSign += 1;
    }
    print(
      `${`${dataset} ${name} ${arm.memoryMb} MB`.padEnd(34)} truth ${truth.toFixed(3)}   decided ${percent(rowDecided / runs)}   decided wrongly ${percent(rowWrong / runs)}   wrong sign of the estimate ${percent(rowSign / runs)}`,
    );
    if (!isApart) continue;
    total += runs;
    decided += rowDecided;
    wrong += rowWrong;
    wrongSign += rowSign;
  }
}
if (total > 0) {
  print(
    `More than 3 % apart: decided ${percent(decided / total)}, decided wrongly ${percent(wrong / total)}, wrong sign of the estimate ${percent(wrongSign / total)}.`,
  );
}

function windows(values: readonly number[], price: number): Sample {
  const length = 10;
  return sampleOf(
    Array.from({ length: 4 }, (_, environment) => {
      const start = Math.floor(random() * Math.max(1, values.length - length));
      return values
        .slice(start, start + length)
        .map((value) => ({ value: price * value, environment: `e${environment}` }));
    }).flat(),
  );
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
