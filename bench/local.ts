import { parseArgs } from 'node:util';
import { cpuShares } from './cpuShare.ts';
import { asTable, type Figure } from './figure.ts';
import { startBusyLoops } from './local/busyLoops.ts';
import { checks, impossiblyShort, twoRuns } from './local/runs.ts';

/**
 * What the embedded endpoint promises of its durations, with busy loops beside it (two by default; none: a calm host, as far
 * as the machine is). Nothing is asserted. Run: npm run bench:local [-- --busy 0] [-- --checks 50].
 */
const { values } = parseArgs({
  options: { busy: { type: 'string', default: '2' }, checks: { type: 'string', default: '50' } },
});
for (const given of Object.values(values)) if (!/^\d{1,3}$/.test(given)) throw new RangeError(`${given} is no number`);

const stop = startBusyLoops(Number(values.busy));
try {
  const figures = [
    ...(await shareFigures()),
    await shortFigure(),
    await repeatFigure(),
    ...(await checkFigures(Number(values.checks))),
  ];
  process.stdout.write(`With ${values.busy} busy loops beside it\n${asTable(figures)}\n`);
} finally {
  stop();
}

async function shareFigures(): Promise<readonly Figure[]> {
  progress('the same work at four sizes');
  const rows = await cpuShares();
  if (rows === undefined) return [figure('CPU time in proportion to memory', 'no quota can be set here', '–', false)];
  const works = rows.map(({ proportional }) => proportional);
  const apart = Math.max(...works) / Math.min(...works) - 1;
  return [
    figure(
      'durations × share, sizes apart',
      percent(apart),
      'at most 4 %',
      apart <= 0.04,
      rows.map(workText).join(', '),
    ),
    ...rows.map(({ memoryMb, cv, durationMs }) =>
      figure(`CV at ${memoryMb} MB`, percent(cv), 'at most 5 %', cv <= 0.05, `median ${durationMs.toFixed(1)} ms`),
    ),
  ];
}

function workText({ memoryMb, proportional }: { readonly memoryMb: number; readonly proportional: number }): string {
  return `${memoryMb} MB ${proportional.toFixed(3)}`;
}

async function shortFigure(): Promise<Figure> {
  progress('calls against the time that the function itself saw');
  const { calls, short } = await impossiblyShort();
  return figure('calls shorter than their own work', `${short} of ${calls}`, '0', short === 0);
}

async function repeatFigure(): Promise<Figure> {
  progress('two runs of one folder');
  const { apart, note } = await twoRuns();
  return figure('two runs of one folder, apart', percent(apart), 'at most 3 %', apart <= 0.03, note);
}

async function checkFigures(count: number): Promise<readonly Figure[]> {
  if (count === 0) return [];
  const verdicts = await checks(count, (done) => progress(`check ${done} of ${count}`));
  const of = (verdict: string) => verdicts.filter((one) => one === verdict).length;
  return [
    figure('identical folders, regressed', `${of('regressed')} of ${count}`, '0', of('regressed') === 0),
    figure('identical folders, passed', percent(of('passed') / count), 'at least 80 %', of('passed') >= 0.8 * count),
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
