import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { noHosts } from './replay/account.ts';
import { asTable } from './replay/asTable.ts';
import { inOwnOrder, ownOrderTable } from './replay/ownOrder.ts';
import { readRecords } from './replay/records.ts';
import { drawings, type Replay, type RuleName, replay, ruleNames } from './replay/replay.ts';
import { priorTable, withPrior } from './replay/withPrior.ts';

/**
 * Replays recorded invocations with the search of this project and the rules people use today. Run:
 * npm run bench:search [-- --data <folder of CSV files> --runs <n> --seed <s> --json]. Default: ../shared/data, 500, 1.
 * --env-spread 0.03: hosts differ by so much. --arm-classes: those of arm64 are of two kinds, 22 % apart, too.
 * --rule tune: only this rule (may be given again), and ALPT 50, in whose dollars all are told.
 * --drawn iid: single records alone; --drawn windows: windows of neighbouring ones alone.
 * --rule tune --rule first: the rule beside what it was before, with what it costs of its dollars and how its regret differs.
 * --in-order: tune alone, each function in the order in which it was recorded, judged by what its last third costs.
 * --prior: tune alone, with and without an observation of production: sizes touched, calls, dollars, regret.
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    runs: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    'env-spread': { type: 'string', default: '0' },
    'arm-classes': { type: 'boolean', default: false },
    rule: { type: 'string', multiple: true, default: [...ruleNames] },
    'in-order': { type: 'boolean', default: false },
    prior: { type: 'boolean', default: false },
    drawn: { type: 'string', multiple: true, default: [...drawings] },
  },
});

const repository = fileURLToPath(new URL('..', import.meta.url));
const runs = wholeNumber(values.runs, '--runs');
const seed = wholeNumber(values.seed, '--seed');
// npm starts scripts in the repository; a relative folder is meant from there.
const folder = resolve(repository, values.data);

if (values['in-order']) {
  process.stdout.write(ownOrderTable(inOwnOrder(readRecords(folder), runs, seed)));
  process.exit(0);
}
if (values.prior) {
  process.stdout.write(priorTable(withPrior(readRecords(folder), runs, seed)));
  process.exit(0);
}
const spread = Number(values['env-spread']);
if (!(spread >= 0 && spread < 1)) throw new RangeError('--env-spread must be a fraction, such as 0.03');
const hosts = spread === 0 && !values['arm-classes'] ? noHosts : { spread, armKinds: values['arm-classes'] };
const asked = values.rule.map(ruleNamed);
const found: Replay = replay(
  folder,
  runs,
  seed,
  (text) => process.stderr.write(`${text}\n`),
  hosts,
  asked,
  values.drawn.map(drawingNamed),
);
process.stdout.write(values.json ? `${JSON.stringify(found, null, 2)}\n` : asTable(found));

function wholeNumber(text: string, option: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`${option} must be a whole number`);
  return Number(text);
}

function ruleNamed(text: string): RuleName {
  const name = ruleNames.find((one) => one === text);
  if (name === undefined) throw new RangeError(`--rule must be one of: ${ruleNames.join(', ')}`);
  return name;
}

function drawingNamed(text: string): (typeof drawings)[number] {
  const name = drawings.find((one) => one === text);
  if (name === undefined) throw new RangeError(`--drawn must be one of: ${drawings.join(', ')}`);
  return name;
}
