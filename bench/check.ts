import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { asTable } from './check/asTable.ts';
import { fileRows, filesTable, nameOfFiles, unlikeRows } from './check/baselineFile.ts';
import { oracleTable } from './check/oracle.ts';
import { replayChecks } from './check/replay.ts';
import { gateCases, gateTable } from './check/simulated.ts';

/**
 * How often the gate of `tune check` is wrong, and how often it cannot tell. Run: npm run bench:check [-- --runs <n> --seed <s>].
 * Without data: simulated checks (bench/check/simulated.ts, baselineFile.ts) of default, p95 and all lines, weighted payloads, drift
 * and baseline files, where calls scatter by 3, 10 and 20 %, and what an oracle could tell (oracle.ts); with --baseline-file those with
 * files alone, with --only <name> one row ("p95 line", "arm64, 1 file"). With --data <folder of
 * CSV files> --env-spread <share> --json: recorded invocations, beside two rules that people use. Defaults: 200 runs a row (1000
 * of records), seed 1, 0 (environments alike).
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    runs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    'env-spread': { type: 'string', default: '0' },
    threads: { type: 'string', default: `${Math.min(8, availableParallelism())}` },
    json: { type: 'boolean', default: false },
    'baseline-file': { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});

const { data } = values;
const settings = {
  runs: numberIn(values.runs ?? (data === undefined ? '200' : '1000'), '--runs', /^[1-9]\d{0,6}$/),
  seed: numberIn(values.seed, '--seed', /^\d{1,9}$/),
  envSpread: numberIn(values['env-spread'], '--env-spread', /^(0|0?\.\d{1,6})$/),
};
const threads = numberIn(values.threads, '--threads', /^[1-9]\d?$/);
const { runs, seed } = settings;
if (data !== undefined) process.stdout.write(await replayed(data));
else {
  const { only } = values;
  const allFiles = [...fileRows, ...unlikeRows];
  const asked = gateCases.filter(({ name }) => only === undefined || name === only);
  const files = allFiles.filter((row) => only === undefined || nameOfFiles(row) === only);
  if (asked.length + files.length === 0) {
    const names = new Set([...gateCases.map(({ name }) => name), ...allFiles.map(nameOfFiles)]);
    throw new RangeError(`--only is one of: ${[...names].join('; ')}`);
  }
  if (!values['baseline-file'] && asked.length > 0) print(gateTable(runs, seed, asked));
  if (files.length > 0) print(filesTable(runs, seed, files));
  if (only === undefined) print(oracleTable(10 * runs, seed));
}

function print(lines: Iterable<string>): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

async function replayed(given: string): Promise<string> {
  // npm starts scripts in the repository; a relative folder is meant from there.
  const folder = resolve(fileURLToPath(new URL('..', import.meta.url)), given);
  const found = await replayChecks(folder, settings, threads, (text) => process.stderr.write(`${text}\n`));
  return values.json ? `${JSON.stringify(found, null, 2)}\n` : asTable(found);
}

function numberIn(text: string, option: string, form: RegExp): number {
  if (!form.test(text)) throw new RangeError(`${option} cannot be ${JSON.stringify(text)}`);
  return Number(text);
}
