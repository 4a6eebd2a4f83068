import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { asTable } from './check/asTable.ts';
import { filesTable } from './check/baselineFile.ts';
import { replayChecks } from './check/replay.ts';

/**
 * How often the gate of `tune check` is wrong, on recorded invocations, beside two rules that people use. Run:
 * npm run bench:check [-- --data <folder of CSV files> --runs <n> --seed <s> --env-spread <share> --json]. Default:
 * ../shared/data, 1000, 1, 0 (environments alike). With --baseline-file: simulated checks with baseline files instead, no data needed.
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    'env-spread': { type: 'string', default: '0' },
    threads: { type: 'string', default: `${Math.min(8, availableParallelism())}` },
    json: { type: 'boolean', default: false },
    'baseline-file': { type: 'boolean', default: false },
  },
});

// npm starts scripts in the repository; a relative folder is meant from there.
const folder = resolve(fileURLToPath(new URL('..', import.meta.url)), values.data);
const settings = {
  runs: numberIn(values.runs, '--runs', /^[1-9]\d{0,6}$/),
  seed: numberIn(values.seed, '--seed', /^\d{1,9}$/),
  envSpread: numberIn(values['env-spread'], '--env-spread', /^(0|0?\.\d{1,6})$/),
};
const threads = numberIn(values.threads, '--threads', /^[1-9]\d?$/);
process.stdout.write(values['baseline-file'] ? filesTable(settings.runs, settings.seed) : await replayed());

async function replayed(): Promise<string> {
  const found = await replayChecks(folder, settings, threads, (text) => process.stderr.write(`${text}\n`));
  return values.json ? `${JSON.stringify(found, null, 2)}\n` : asTable(found);
}

function numberIn(text: string, option: string, form: RegExp): number {
  if (!form.test(text)) throw new RangeError(`${option} cannot be ${JSON.stringify(text)}`);
  return Number(text);
}
