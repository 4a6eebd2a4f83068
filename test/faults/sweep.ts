import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../e2e/support.ts';
import { faultsAtEveryCall } from './faultsAtEveryCall.ts';
import { markdownOf, rowsOf } from './faultTable.ts';
import { fuzzFiles } from './fuzzFiles.ts';
import { fuzzReports } from './fuzzReports.ts';
import { killedParts } from './killedParts.ts';
import { loadSentence, runUnderLoad } from './loadRun.ts';
import { prepareProcess } from './programInProcess.ts';
import { runAll, sampleOf } from './runSchedules.ts';
import { fieldsOfAnswers, spoiltAnswers } from './spoiltAnswers.ts';
import { countCalls } from './undisturbedRun.ts';

/**
 * `npm run test:faults [-- --share 0.1 --seed 7 --only "SIGINT @12" --random 500 --json --write]`: every fault at every
 * call of a complete run. Prints the table, every broken promise with the schedule's name, and ends with 1 if there is one.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    share: { type: 'string', default: '1' },
    only: { type: 'string' },
    random: { type: 'string', default: '2000' },
    /** Schedules of a fleet whose parts are killed. */
    parts: { type: 'string', default: '100' },
    'at-once': { type: 'string', default: '6' },
    json: { type: 'boolean', default: false },
    /** Writes the table into docs/reliability.md; the full sweep always does. */
    write: { type: 'boolean', default: false },
  },
});

const seed = Number(values.seed);
const restore = prepareProcess();
const startedAtMs = performance.now();
const calls = await countCalls();
const randomSeeds = Array.from({ length: Number(values.random) }, (_, n) => seed * 1_000_000 + n);
const all = [
  ...faultsAtEveryCall(calls, randomSeeds),
  ...spoiltAnswers(await fieldsOfAnswers()),
  ...Array.from({ length: Number(values.parts) }, (_, n) => killedParts(seed * 1000 + n)),
];
const { only } = values;
const share = Number(values.share);
const chosen = only === undefined ? sampleOf(all, share, seed) : all.filter(({ name }) => name.includes(only));

const ended = await runAll(chosen, Number(values['at-once']), ({ schedule, verdict }, count) => {
  for (const violation of verdict.violations) process.stderr.write(`BROKEN ${schedule.name}: ${violation}\n`);
  if (count % 100 === 0) process.stderr.write(`${count} of ${chosen.length}\n`);
});
restore();

const rows = rowsOf(ended);
const seconds = Math.round((performance.now() - startedAtMs) / 1000);
const further = only === undefined ? await runFurther() : { sentences: [], broken: 0 };
const told = [
  `${ended.length} runs of ${calls} calls each in ${seconds} s, a share of ${share} of all schedules; seed ${seed}.`,
  ...further.sentences,
].join('\n\n');
const table = markdownOf(rows);
process.stdout.write(
  values.json ? `${JSON.stringify({ calls, seconds, seed, share, rows, told }, null, 2)}\n` : `${table}\n\n${told}\n`,
);
if (only === undefined && (values.write || share === 1)) await writeTable(`\n${table}\n\n${told}\n`);
process.exitCode = further.broken > 0 || rows.some(({ violations }) => violations > 0) ? 1 : 0;

/** What is no schedule of a run: the parser of hostile logs, files that are damaged, and the load. */
async function runFurther() {
  const reports = fuzzReports(1_000_000, seed);
  for (const wrong of reports.wrong) process.stderr.write(`BROKEN report: ${wrong}\n`);
  const files = fuzzFiles(1, seed);
  for (const { wrong } of files) for (const one of wrong) process.stderr.write(`BROKEN file: ${one}\n`);
  const load = await runUnderLoad();
  const wrongFiles = files.reduce((sum, { wrong }) => sum + wrong.length, 0);
  const sentences = [
    `REPORT parser: ${reports.inputs} hostile logs, ${reports.wrong.length} misread.`,
    `Damaged or foreign files, each read and shown in every format or refused with a sentence: ${files.map(({ kind, inputs }) => `${inputs} × ${kind}`).join(', ')}; ${wrongFiles} otherwise.`,
    loadSentence(load),
  ];
  return { sentences, broken: reports.wrong.length + wrongFiles };
}

async function writeTable(text: string): Promise<void> {
  const file = join(root, 'docs', 'reliability.md');
  const [begin, end] = ['<!-- faults: begin -->', '<!-- faults: end -->'];
  const page = await readFile(file, 'utf8');
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error('docs/reliability.md has no place for the table.');
  await writeFile(file, `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`);
}
