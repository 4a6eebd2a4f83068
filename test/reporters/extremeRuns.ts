import type { TuningResult } from '../../src/model/run.ts';
import { awsRun } from './savedRuns.ts';

/** Runs at the edges of what a figure has to show. */

type Row = TuningResult['configurations'][number];

/** The saved run's rows at other sizes, each architecture from its own row; cost and duration follow the size a little. */
function atSizes(sizes: readonly number[], architectures: readonly ('x86_64' | 'arm64')[]): TuningResult {
  const run = awsRun();
  const configurations = architectures.flatMap((architecture) =>
    sizes.map((memoryMb, index): Row => {
      const own = run.configurations.filter((row) => row.architecture === architecture);
      const row = own[index % own.length];
      if (row === undefined) throw new Error(`no row of ${architecture}`);
      return { ...row, memoryMb };
    }),
  );
  return { ...run, configurations };
}

function withInterval(run: TuningResult, nth: number, costUsd: { readonly low: number; readonly high: number }) {
  const configurations = run.configurations.map((row, index): Row => {
    if (index !== nth || row.warm === undefined) return row;
    return { ...row, warm: { ...row.warm, costUsd: { ...row.warm.costUsd, ...costUsd } } };
  });
  return { ...run, configurations };
}

const many = Array.from({ length: 24 }, (_, index) => 128 + 440 * index);

export const extremeRuns = {
  'one size': () => atSizes([512], ['x86_64']),
  '24 sizes': () => atSizes(many, ['x86_64', 'arm64']),
  '1,769 MB as the largest size': () => atSizes([256, 512, 1024, 1769], ['x86_64', 'arm64']),
  '1,769 MB as the smallest size': () => atSizes([1769, 2048, 3008], ['arm64']),
  'sizes close together': () => atSizes([1024, 1088, 1152, 1216], ['x86_64', 'arm64']),
  'an interval without a bound': () =>
    withInterval(atSizes([256, 512, 1024, 1769], ['x86_64', 'arm64']), 1, { low: 0, high: Number.MAX_VALUE }),
  'an interval a thousand times as wide': () =>
    withInterval(atSizes([256, 512, 1024, 1769], ['x86_64', 'arm64']), 2, { low: 4e-9, high: 4e-3 }),
} as const satisfies Readonly<Record<string, () => unknown>>;
