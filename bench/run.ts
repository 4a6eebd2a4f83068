import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { cpuShares } from './cpuShare.ts';
import { dependencies } from './dependencies.ts';
import { asTable, atMost, type Figure, median } from './figure.ts';
import { benchRendering } from './rendering.ts';
import { benchReportLine } from './reportLine.ts';
import { startUp } from './startUp.ts';
import { type Sweep, steadyScene, sweep } from './sweep/sweep.ts';

/**
 * What the project promises in figures, as ratios measured in one run, so that they hold on any machine. Nothing is
 * asserted: a busy machine makes some of them worse, and says so. Run: npm run bench [-- --json] [-- --sweeps <n>].
 */
const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, sweeps: { type: 'string', default: '3' } },
});
if (!/^[1-9]\d?$/.test(values.sweeps)) throw new RangeError('--sweeps must be a whole number from 1 to 99');

// The SDK's clients of the bench would print their Node 20 notice otherwise.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const figures = [
  ...(await sweepFigures(Number(values.sweeps))),
  ...(await steadyFigures(Number(values.sweeps))),
  startUpFigure(),
  reportLineFigure(),
  ...renderingFigures(),
  ...(await cpuShareFigures()),
  dependencyFigure(),
];
const load = loadavg()[0] ?? 0;
process.stdout.write(
  values.json
    ? `${JSON.stringify({ figures, load }, null, 2)}\n`
    : `${asTable(figures)}\nLoad of this machine in the last minute: ${load.toFixed(1)}\n`,
);

async function sweepFigures(count: number): Promise<readonly Figure[]> {
  const { runs, failed } = await sweeps(count, 'answers as slowly as AWS', (seed) => sweep(seed));
  if (runs.length === 0) return failed;
  const ratios = runs.map(({ wallMs, criticalMs }) => wallMs / criticalMs);
  const of = medianOf(runs);
  const wall = atMost(1.1, median(ratios), '', {
    name: 'wall time ÷ critical path',
    note:
      `median of ${runs.length} (${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}) runs of ${of('configurations')} configurations × 20 invocations, from the first call to the end of the process: ` +
      `${seconds(of('wallMs'))} s ÷ ${seconds(of('criticalMs'))} s (describe ${seconds(of('describeMs'))}, reference ready ${seconds(of('referenceMs'))}, invocations of the longest lane ${seconds(of('invocationsMs'))}). ` +
      `The machine itself answered ${of('lateMs').toFixed(1)} ms late per call, which is in it.`,
  });
  return [
    wall,
    ...failed,
    {
      name: 'start to first call',
      figure: `${of('startUpMs').toFixed(0)} ms`,
      value: of('startUpMs'),
      note: 'node, the program and the SDK; not in the ratio above',
    },
  ];
}

async function steadyFigures(count: number): Promise<readonly Figure[]> {
  const what = 'answers after 100 ms and keeps functions Pending for 1 s';
  const { runs, failed } = await sweeps(count, what, (seed) => sweep(seed, steadyScene));
  if (runs.length === 0) return failed;
  const ratios = runs.map(({ wallMs, laneAloneMs }) => wallMs / laneAloneMs);
  const of = medianOf(runs);
  const counted = runs.toSorted((a, b) => b.callsPerConfiguration - a.callsPerConfiguration)[0]?.calls ?? {};
  return [
    atMost(1.15, median(ratios), '', {
      name: 'wall time ÷ longest lane alone',
      note:
        `median of ${runs.length} (${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}) runs in an account that ${what}: ${seconds(of('wallMs'))} s ÷ ${seconds(of('laneAloneMs'))} s ` +
        `(one look at the target, creation, Pending, invocations and deletion of the longest lane). The order of a run (log group, reference's first answer, logs, last look) makes it ${(of('criticalMs') / of('laneAloneMs')).toFixed(2)} at least. The machine answered ${of('lateMs').toFixed(1)} ms late per call.`,
    }),
    ...failed,
    atMost(5, Math.max(...runs.map((run) => run.callsPerConfiguration)), '', {
      name: 'control-plane calls per configuration',
      note:
        `at the wire, GetFunction and every repeated attempt included, the most of ${runs.length} runs: ${Object.entries(
          counted,
        )
          .map(([operation, calls]) => `${operation} ${calls}`)
          .join(', ')}. ` +
        `On the copies alone, without target, account, log group and logs: ${of('ownCallsPerConfiguration').toFixed(1)}. AWS Lambda Power Tuning makes 10.8.`,
    }),
  ];
}

/** A run that fails is a row of its own. */
async function sweeps(count: number, account: string, play: (seed: number) => Promise<Sweep>) {
  const runs: Sweep[] = [];
  const failed: Figure[] = [];
  for (let seed = 1; seed <= count; seed += 1) {
    progress(`run ${seed} of ${count}: 12 configurations in an account that ${account}`);
    try {
      runs.push(await play(seed));
    } catch (error) {
      const note = error instanceof Error ? error.message : String(error);
      failed.push({ name: 'run that failed', figure: '1', target: '0', met: false, note });
    }
  }
  return { runs, failed };
}

function medianOf(runs: readonly Sweep[]) {
  return (figure: Exclude<keyof Sweep, 'calls'>) => median(runs.map((run) => run[figure]));
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function startUpFigure(): Figure {
  progress('tune --help and node -e 0');
  const { helpMs, nodeMs } = startUp();
  const note = `${helpMs.toFixed(0)} ms ÷ ${nodeMs.toFixed(0)} ms, medians of 15`;
  return atMost(1.4, helpMs / nodeMs, '', { name: 'tune --help ÷ node -e 0', note });
}

function reportLineFigure(): Figure {
  progress('REPORT lines');
  const { linesPerSecond, tailsPerSecond, recordsPerSecond, timesCopy } = benchReportLine();
  const thousand = (count: number) => `${Math.round(count / 1000)} k`;
  return {
    name: 'REPORT lines per second',
    figure: thousand(linesPerSecond),
    value: linesPerSecond,
    target: '≥ 500 k',
    met: linesPerSecond >= 500_000,
    note: `${timesCopy.toFixed(0)} × the time to copy the bytes; 4 KB tails ${thousand(tailsPerSecond)}/s, JSON records ${thousand(recordsPerSecond)}/s`,
  };
}

function renderingFigures(): readonly Figure[] {
  progress('rendering');
  const { parseMs, formats } = benchRendering();
  const slowest = Math.max(...formats.map(({ ms }) => ms));
  return [
    {
      name: 'slowest format, 12 × 1,000 measurements',
      figure: `${slowest.toFixed(0)} ms`,
      value: slowest,
      target: '< 1000 ms',
      met: slowest < 1000,
      note: `× JSON.parse of the same run (${parseMs.toFixed(0)} ms): ${formats
        .map(
          ({ format, ms, mb }) => `${format} ${(ms / parseMs).toFixed(1)}${mb >= 0.1 ? ` (${mb.toFixed(1)} MB)` : ''}`,
        )
        .join(', ')}`,
    },
  ];
}

async function cpuShareFigures(): Promise<readonly Figure[]> {
  progress('CPU shares');
  const sizes = await cpuShares();
  const name = 'CPU share, worst deviation';
  if (sizes === undefined) {
    return [{ name, figure: 'skipped', target: '≤ 10 %', note: 'skipped: no CPU quota can be set here (cgroups)' }];
  }
  const worst = Math.max(...sizes.map(({ unloaded }) => 100 * Math.abs(unloaded.proportional - 1)));
  const contended = Math.max(...sizes.map((size) => 100 * size.contended));
  return [
    {
      name,
      figure: `${worst.toFixed(1)} %`,
      value: worst,
      target: '≤ 10 %',
      met: worst <= 10,
      note: `from durations in proportion to 1 ÷ memory; others took up to ${contended.toFixed(0)} % of the time`,
    },
    ...sizes.map(({ memoryMb, unloaded: { durationMs, proportional, cv } }) => ({
      name: `  at ${memoryMb} MB`,
      figure: `${durationMs.toFixed(1)} ms, × ${proportional.toFixed(3)}, CV ${(100 * cv).toFixed(1)} %`,
      value: proportional,
    })),
  ];
}

function dependencyFigure(): Figure {
  const { direct, installed, dependenciesMb, ownMb } = dependencies();
  return {
    name: 'production dependencies',
    figure: `${direct} direct, ${installed} in all`,
    value: installed,
    note: `installed ${(dependenciesMb + ownMb).toFixed(1)} MB, of which the package itself ${ownMb.toFixed(1)} MB`,
  };
}

function progress(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`… ${what}\n`);
}
