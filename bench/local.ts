import { parseArgs } from 'node:util';
import { mean, median } from '../src/stats/moments.ts';
import type { Scatter } from './cpuShare.ts';
import { asTable, type Figure } from './figure.ts';
import { startBusyLoops } from './local/busyLoops.ts';
import { followsOf } from './local/kinds.ts';
import {
  checks,
  impossiblyShort,
  inFolder,
  type Knowing,
  meetMachine,
  type PairApart,
  repeated,
} from './local/runs.ts';
import { type SizeFigures, sizeFigures } from './local/sizes.ts';
import { starts } from './local/starts.ts';
import { onLambda, type Suspensions, suspensionsHere } from './local/suspensions.ts';

/**
 * What the embedded endpoint promises of its durations, with busy loops beside it (two by default; none: a calm host, as far
 * as the machine is). Runs are repeated twice over: with what three runs before the busy loops left of the machine's calm pace, as on a
 * machine that has been used before, and each as the first one there. Nothing is asserted. Run: npm run bench:local [-- --busy 0] [-- --checks 50] [-- --runs 4]. Some 20
 * minutes, of which fifty checks take ten. `-- --kinds 60`: only how kinds of code follow the reference loop, by so many calls of each.
 */
const { values } = parseArgs({
  options: {
    busy: { type: 'string', default: '2' },
    checks: { type: 'string', default: '50' },
    runs: { type: 'string', default: '4' },
    kinds: { type: 'string', default: '0' },
  },
});
for (const given of Object.values(values)) if (!/^\d{1,3}$/.test(given)) throw new RangeError(`${given} is no number`);

const machines: Readonly<Record<Knowing, string>> = {
  known: 'knowing what runs before the busy loops found',
  new: 'each the first run on the machine',
};

/** Runs before the busy loops start: a user's machine has been met in calm moments. */
const runsBefore = 3;
const figures = values.kinds === '0' ? await inFolder(allFigures) : await kindFigures(Number(values.kinds));
const before = values.kinds === '0' ? `; ${runsBefore} runs were made before they started` : '';
process.stdout.write(`With ${values.busy} busy loops beside it${before}\n${asTable(figures)}\n`);

async function allFigures(folder: string): Promise<readonly Figure[]> {
  const calmStarts = await startFigures('with nothing beside it');
  progress('the machine before the busy loops');
  await meetMachine(folder, runsBefore);
  const stop = startBusyLoops(Number(values.busy));
  try {
    return [
      ...(await shareFigures(folder)),
      await shortFigure(),
      ...(await repeatFigures(folder, 'known')),
      ...(await repeatFigures(folder, 'new')),
      ...(await checkFigures(folder, Number(values.checks))),
      ...calmStarts,
      ...(values.busy === '0' ? [] : await startFigures(`beside ${values.busy} busy loops`)),
      ...(await suspensionFigures()),
    ];
  } finally {
    stop();
  }
}

/** Only stated: what is assumed of code that a run tells little of (analysis/machine/pace.ts) is made of these. */
async function kindFigures(calls: number): Promise<readonly Figure[]> {
  const stop = startBusyLoops(Number(values.busy));
  try {
    const kinds = await followsOf(calls, progress);
    const slopes = kinds.map(({ slope }) => slope);
    return [
      ...kinds.map(({ kind, slope, error, scatter, left }) => ({
        name: `${kind} follows the reference loop`,
        figure: `${slope.toFixed(2)} ± ${error.toFixed(2)}`,
        note: `CPU times scatter by ${percent(scatter)}, by ${percent(left)} corrected`,
      })),
      {
        name: 'all kinds',
        figure: `${mean(slopes).toFixed(2)} on average, ${median(slopes).toFixed(2)} in the middle`,
      },
    ];
  } finally {
    stop();
  }
}

async function shareFigures(folder: string): Promise<readonly Figure[]> {
  progress('the same work at four sizes');
  const rows = await sizeFigures(folder);
  const apart = (of: (row: SizeFigures) => Scatter): number => {
    const works = rows.map((row) => of(row).proportional);
    return Math.max(...works) / Math.min(...works) - 1;
  };
  const unloaded = apart((row) => row.unloaded);
  return [
    figure(
      'durations × share, sizes apart',
      percent(unloaded),
      'at most 4 %',
      unloaded <= 0.04,
      `${rows.map(workText).join(', ')}; by the clock ${percent(apart(({ raw }) => raw))}, without slow cores left out ${percent(apart(({ counted }) => counted))}`,
    ),
    ...rows.map(({ memoryMb, unloaded, counted, raw }) =>
      figure(
        `CV at ${memoryMb} MB`,
        percent(unloaded.cv),
        'at most 5 %',
        unloaded.cv <= 0.05,
        `median ${unloaded.durationMs.toFixed(1)} ms; by the clock ${percent(raw.cv)} and ${raw.durationMs.toFixed(1)} ms, without slow cores left out ${percent(counted.cv)} and ${counted.durationMs.toFixed(1)} ms`,
      ),
    ),
  ];
}

function workText({ memoryMb, unloaded }: SizeFigures): string {
  return `${memoryMb} MB ${unloaded.proportional.toFixed(3)}`;
}

async function shortFigure(): Promise<Figure> {
  progress('calls against the time that the function itself saw');
  const { calls, short } = await impossiblyShort();
  return figure('calls shorter than their own work', `${short} of ${calls}`, '0', short === 0);
}

async function repeatFigures(folder: string, knowing: Knowing): Promise<readonly Figure[]> {
  const count = Number(values.runs);
  if (count < 2) return [];
  const onDone = (done: number) => progress(`run ${done} of ${count}, ${machines[knowing]}`);
  const { pairs, neverCalm, slowness } = await repeated(folder, { count, knowing, onDone });
  const inOrder = pairs.toSorted((one, other) => one.unloaded - other.unloaded);
  const [middle, worst] = [inOrder[Math.floor((inOrder.length - 1) / 2)], inOrder.at(-1)];
  const slow = slowness.map((times) => (times === undefined ? 'not known' : times.toFixed(2))).join(', ');
  return [
    pairFigure(`the middle pair, ${machines[knowing]}`, middle, ''),
    pairFigure(`the worst pair, ${machines[knowing]}`, worst, inOrder.map(pairText).join(', ')),
    {
      name: `runs without a verdict, never calm, ${machines[knowing]}`,
      figure: `${neverCalm} of ${count}`,
      note: `the machine's slowness, run by run, against its calm pace of earlier runs: ${slow}`,
    },
  ];
}

function pairFigure(which: string, pair: PairApart | undefined, note: string): Figure {
  const name = `two runs of one folder, ${which}`;
  if (pair === undefined) return figure(name, 'no two runs gave a verdict', 'at most 3 %', false);
  const clock = `by the clock ${percent(pair.raw)} apart`;
  return figure(
    name,
    percent(pair.unloaded),
    'at most 3 %',
    pair.unloaded <= 0.03,
    note === '' ? clock : `${clock}; ${note}`,
  );
}

function pairText({ first, second, unloaded }: PairApart): string {
  return `${first} and ${second} ${percent(unloaded)}`;
}

async function startFigures(beside: string): Promise<readonly Figure[]> {
  progress(`starts of environments ${beside}`);
  const first = await starts('folders of their own');
  const { starts: count, wholeMs, beforeMs, runtimeMs, afterMs, aboveMs, bareMs } = await starts('one folder');
  const [whole, before, runtime, after, bare] = [wholeMs, beforeMs, runtimeMs, afterMs, bareMs].map(Math.round);
  const note = `medians of ${count} by the clock: ${whole} ms in all, ${before} ms until the runtime began, ${runtime} ms its own, ${after} ms after it; \`node -e 0\` beside it ${bare} ms`;
  return [
    figure(
      `start of an environment above the runtime's own, ${beside}`,
      `${aboveMs.toFixed(0)} ms`,
      'at most 40 ms',
      aboveMs <= 40,
      note,
    ),
    {
      name: `the first of a folder above the runtime's own, ${beside}`,
      figure: `${first.aboveMs.toFixed(0)} ms`,
      note: `nothing is made ahead for it; ${first.wholeMs.toFixed(0)} ms in all`,
    },
  ];
}

/** Only stated: the kernel's scheduler makes them, and its version is the host's. */
async function suspensionFigures(): Promise<readonly Figure[]> {
  progress('how a busy loop is suspended');
  const rows = await suspensionsHere();
  return (rows ?? []).map((here, index) => {
    const there = onLambda[index] ?? here;
    return {
      name: `suspended at ${here.memoryMb} MB`,
      figure: suspensionText(here),
      note: `on Lambda, by published measurements: ${suspensionText(there)}`,
    };
  });
}

function suspensionText({ pauseMs, apartMs, share }: Suspensions): string {
  return share === 0
    ? 'never'
    : `${pauseMs.toFixed(1)} ms every ${apartMs.toFixed(1)} ms, ${percent(share)} of the time`;
}

async function checkFigures(folder: string, count: number): Promise<readonly Figure[]> {
  if (count === 0) return [];
  const verdicts = await checks(folder, count, (done) => progress(`check ${done} of ${count}`));
  const of = (verdict: string) => verdicts.filter((one) => one === verdict).length;
  return [
    figure('identical folders, regressed', `${of('regressed')} of ${count}`, '0', of('regressed') === 0),
    figure(
      'identical folders, passed',
      percent(of('passed') / count),
      'at least 80 %',
      of('passed') >= 0.8 * count,
      `${of('inconclusive')} inconclusive`,
    ),
  ];
}

function figure(name: string, shown: string, target: string, met: boolean, note?: string): Figure {
  return { name, figure: shown, target, met, ...(note === undefined ? {} : { note }) };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
