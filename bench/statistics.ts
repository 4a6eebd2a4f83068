import { seededRandom } from '../src/stats/random.ts';
import { type CoverageRow, coverageOf } from './coverage.ts';
import { shapeNames } from './simulation.ts';
import { checkShares } from './statistics/check.ts';
import { chosenAmongEqual } from './statistics/chosen.ts';
import { type Coverage, kindsMet, migrationCoverage, rowCoverage, twoKinds } from './statistics/hosts.ts';
import { payloadBounds, payloadMixes } from './statistics/payloads.ts';
import { limitStandings, percentileCoverage } from './statistics/percentiles.ts';
import { steadyShares } from './statistics/steady.ts';
import { widthBesideOracle } from './statistics/width.ts';

/**
 * How often the intervals hold what they promise, on distributions whose truth is known. Run: npm run bench:statistics
 * [-- <runs per row>]. First four configurations a run, two of them equal, one 30 % above them. Then hosts of two kinds (35 %
 * of them 22 % slower, as recorded on arm64), percentiles and limits, what is chosen among equal ones, and widths: generators
 * are described in bench/statistics/.
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

const line = (text: string) => process.stdout.write(`${text}\n`);
const both = ({ coverage, width }: Coverage) => `${percent(coverage)} (width ${percent(width)})`;

line('\nHosts: share of rows whose interval holds the truth, and its mean width, in %; six rows a run.');
for (const [environments, calls] of [
  [1, 10],
  [2, 10],
  [4, 20],
  [8, 40],
] as const) {
  const layout = { configurations: 6, environments, calls };
  const two = rowCoverage('arm64', twoKinds, layout, runs);
  const one = rowCoverage('arm64', { spread: 0.02 }, layout, runs);
  const x86 = [0.01, 0.03, 0.08].map((spread) => both(rowCoverage('x86_64', { spread }, layout, runs)));
  line(
    `${environments} environments, n ${calls}: arm64 two kinds ${both(two)}, one kind 2 % ${both(one)}; x86_64 1, 3, 8 %: ${x86.join(', ')}; kinds told ${percent(kindsMet(twoKinds, layout, runs))}, falsely at 8 % ${percent(kindsMet({ spread: 0.08 }, layout, runs))}`,
  );
}
for (const environments of [4, 8]) {
  line(
    `migrate, ${environments} environments a side: two kinds ${both(migrationCoverage(twoKinds, environments, runs))}, one kind 2 % ${both(migrationCoverage({ spread: 0.02 }, environments, runs))}`,
  );
}
for (const [architecture, name, hosts] of [
  ['arm64', 'two kinds', twoKinds],
  ['arm64', 'one kind, 2 %', { spread: 0.02 }],
  ['x86_64', '1 %', { spread: 0.01 }],
  ['x86_64', '4 %', { spread: 0.04 }],
] as const) {
  for (const withinCv of [0.03, 0.1]) {
    const [same, more] = [0, 0.1].map((change) => checkShares(architecture, hosts, withinCv, change, runs));
    if (same === undefined || more === undefined) continue;
    line(
      `check, ${architecture} ${name}, calls ${100 * withinCv} %: unchanged passed ${percent(same.passed)}, regressed ${percent(same.regressed)} (${Math.round(same.samples)} calls a side); +10 % regressed ${percent(more.regressed)}, passed ${percent(more.passed)}`,
    );
  }
}

line(
  '\nPercentiles of 100 lognormal calls (CV 20 %), x86_64, six configurations: truth inside the interval of p50, of p95; a limit 0.1 % below p95 called kept, one 30 % above it. In %.',
);
for (const spread of [0, 0.03, 0.05, 0.08]) {
  for (const environments of [2, 4, 8]) {
    const run = {
      architecture: 'x86_64',
      hosts: { spread },
      shape: 'lognormal 0.2',
      configurations: 6,
      environments,
      calls: 100,
    } as const;
    const [p50, p95] = [0.5, 0.95].map((p) => both(percentileCoverage(run, p, runs)));
    line(
      `spread ${100 * spread} %, ${environments} environments: ${p50}  ${p95}  kept ${percent(limitStandings(run, 0.001, runs).kept)} ${percent(limitStandings(run, -0.3, runs).kept)}`,
    );
  }
}

line(
  '\np95 of weighted payloads, calls dealt by weight, bounds of 5 % each: truth below the lower, above the upper one, width, in %.',
);
for (const mix of payloadMixes) {
  for (const calls of [100, 200]) {
    const cells = [0.03, 0.2].map((cv) => {
      const { below, above, width } = payloadBounds(mix, calls, cv, 5 * runs);
      return `calls ${100 * cv} %: ${percent(below)} ${percent(above)} ${percent(width)}`;
    });
    line(`${mix.name}, n ${calls}: ${cells.join(' | ')}`);
  }
}

const { calledWorse, currentDearer, saving } = chosenAmongEqual(runs);
line(
  `\nTwelve equal configurations: one is called worse ${percent(calledWorse)}, the current setting dearer ${percent(currentDearer)}. Current a fifth dearer: saves ${percent(saving.truth)}, as measured ${percent(saving.measured)}, as printed ${percent(saving.printed)}. In %.`,
);
for (const spread of [0, 0.03]) {
  const { coverage, width } = widthBesideOracle(spread, runs);
  line(
    `Ten lognormal values (CV 60 %), spread ${100 * spread} %: coverage ${percent(coverage)} %, ${width.toFixed(2)} times the oracle's width.`,
  );
}

line(
  '\nSteady state: runs taken to fall at first, runs with a size called not steady, in %, and calls of an environment left out.',
);
const layouts = [
  { configurations: 12, environments: 2, calls: 10 },
  { configurations: 6, environments: 2, calls: 25 },
  { configurations: 5, environments: 1, calls: 6 },
  { configurations: 2, environments: 2, calls: 50 },
];
const kinds = [
  ['hosts alike, calls 3 %', { withinCv: 0.03, hostCv: 0 }],
  ['hosts 3 %, calls 10 %', { withinCv: 0.1, hostCv: 0.03 }],
  ['hosts 8 %, calls 60 %', { withinCv: 0.6, hostCv: 0.08 }],
  [
    'two kinds of hosts, neighbours alike (0.7), calls 15 %',
    { withinCv: 0.15, hostCv: 0.01, twoKinds: true, lag1: 0.7 },
  ],
  ['three times as long at first, gone by e in 5 calls', { withinCv: 0.1, hostCv: 0.03, fall: 2, fallsIn: 5 }],
  ['twice as long at first, gone by e in 15 calls', { withinCv: 0.3, hostCv: 0.03, fall: 1, fallsIn: 15 }],
] as const;
for (const [name, kind] of kinds) {
  const cells = layouts.map((layout) => {
    const { falls, notSteady, after } = steadyShares({ ...layout, ...kind }, runs);
    return `${layout.configurations} × ${layout.environments} × ${layout.calls}: ${percent(falls)} ${percent(notSteady)} ${after.toFixed(0).padStart(2)}`;
  });
  line(`${name}: ${cells.join(' | ')}`);
}
