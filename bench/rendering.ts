import type { TuningResult } from '../src/model/run.ts';
import { runReporters } from '../src/reporters/registry.ts';
import { awsRun } from '../test/reporters/savedRuns.ts';

/** How long each format of one large saved run takes: 12 configurations of 1,000 measurements. */
export interface RenderingBench {
  readonly parseMs: number;
  readonly formats: readonly { readonly format: string; readonly ms: number; readonly mb: number }[];
}

const configurations = 12;
const measurementsEach = 1000;
const rounds = 3;

export function benchRendering(): RenderingBench {
  const run = largeRun();
  const text = JSON.stringify(run);
  return {
    parseMs: bestMs(() => JSON.parse(text)),
    formats: Object.entries(runReporters).map(([format, render]) => {
      let rendered = '';
      const ms = bestMs(() => {
        rendered = render(run, { columns: 120, color: false, curves: true });
      });
      return { format, ms, mb: Buffer.byteLength(rendered) / 1e6 };
    }),
  };
}

function largeRun(): TuningResult {
  const base = awsRun();
  const sizes = [256, 512, 1024, 1769, 3008, 4096];
  const rows = Array.from({ length: configurations }, (_, index) => {
    const row = base.configurations[index % base.configurations.length];
    if (row === undefined) throw new Error('the run has rows');
    return {
      ...row,
      memoryMb: sizes[index % sizes.length] ?? 256,
      architecture: index < sizes.length ? ('x86_64' as const) : ('arm64' as const),
      measurements: Array.from({ length: measurementsEach }, (_, call) => {
        const one = row.measurements[call % row.measurements.length];
        if (one === undefined) throw new Error('the row has measurements');
        return { ...one, requestId: `${index}-${call}` };
      }),
    };
  });
  return { ...base, configurations: rows };
}

function bestMs(work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    work();
    best = Math.min(best, performance.now() - startedAt);
  }
  return best;
}
