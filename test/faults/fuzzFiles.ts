import { TuneError } from '../../src/base/errors.ts';
import { memoryChoiceOf } from '../../src/commands/shared/job.ts';
import { parseSavedCheck, parseSavedMigration, parseSavedRun } from '../../src/documents/savedDocument.ts';
import { withDefaults } from '../../src/options/defaults.ts';
import { resolveOptions } from '../../src/options/options.ts';
import { parsePayloadList } from '../../src/plan/payloads/weightedList.ts';
import { checkReporters, migrationReporters, type Reporters, runReporters } from '../../src/reporters/registry.ts';
import { formatEntry, readJournal, resourceKey } from '../../src/state/journalFormat.ts';
import { headerLine, measuredLine, readRunRecord } from '../../src/state/recordFormat.ts';
import { type Random, seededRandom } from '../../src/stats/random.ts';
import { checkOf } from '../reporters/savedCheck.ts';
import { migrationOf } from '../reporters/savedMigration.ts';
import { awsRun, failuresRun, interruptedRun, localRun } from '../reporters/savedRuns.ts';

/** Files that a user, another version or a broken disk may have made of ours. They are read, or refused with a reason. */

export interface FileFuzz {
  readonly kind: string;
  readonly inputs: number;
  readonly accepted: number;
  /** What was wrong, with the input's number. */
  readonly wrong: readonly string[];
}

/** Throws what no reader may throw, or a sentence about what it made of the text. `false`: refused. */
type Reader = (text: string) => boolean;

const view = { columns: 80, color: false };

const at = new Date('2026-11-23T10:00:00.000Z');
const journaled = ['a', 'b', 'c'].map(
  (name) => ({ kind: 'function', name: `tune-k3x9-${name}`, region: 'eu-west-1' }) as const,
);
const journal = [
  formatEntry('k3x9', { type: 'intend', resource: journaled[0] ?? never() }, at),
  formatEntry('k3x9', { type: 'made', resource: journaled[0] ?? never() }, at),
  formatEntry('k3x9', { type: 'intend', resource: journaled[1] ?? never() }, at),
  formatEntry('k3x9', { type: 'removed', resource: journaled[1] ?? never() }, at),
  formatEntry('k3x9', { type: 'intend', resource: journaled[2] ?? never() }, at),
].join('\n');

const recorded = awsRun();
const record = [
  headerLine({
    runId: 'abc',
    process: { host: 'here', pid: 12 },
    cwd: '/work',
    options: { function: 'orders', memory: '512' },
    omitted: [],
    planned: {
      ...recorded,
      configurations: recorded.configurations.slice(0, 2).map((row) => ({ ...row, measurements: [] })),
    },
  }),
  ...recorded.configurations.slice(0, 2).flatMap(({ memoryMb, architecture, measurements }) =>
    measurements.slice(0, 3).map((measurement) =>
      measuredLine({
        configuration: { memoryMb, architecture },
        measurement,
        spentUsd: 0.001,
      }),
    ),
  ),
]
  .map((line) => `${line}\n`)
  .join('');
const recordedLines = new Set(record.split('\n').slice(1));

const configuration = {
  function: 'orders',
  memory: '128,512',
  architecture: 'both',
  invocations: 20,
  tag: { team: 'shöp' },
  env: { LEVEL: 'debug' },
  maxSpendUsd: 0.5,
  weights: '0.5',
  payload: '{"n":1}',
};

const fleet = {
  functions: [
    { function: 'orders', baseline: ['orders.json'], maxCostIncrease: '5%', maxInitMs: 400 },
    { function: 'users', against: 'users:live', allowDifferent: 'memory,region', minMemoryHeadroom: 0.2 },
  ],
  maxSpendUsd: 0.5,
  onInconclusive: 'warn',
  requestsPerMonth: 1e6,
  ignore: ['/id'],
  arm64Layers: 'arn:aws:lambda:eu-west-1:123456789012:layer:a:1',
};

const payloads = [
  { name: 'small', payload: { n: 1 }, weight: 3 },
  { name: 'large', payload: { n: 1000 }, weight: 1 },
];

/** From before there was a verdict: it is judged when it is read. */
const ofVersion1 = { schemaVersion: 1, verdict: undefined, comparison: undefined };

interface Kind {
  readonly kind: string;
  readonly texts: readonly string[];
  readonly read: Reader;
  /** How many inputs a full sweep has; a sample has a share of them. */
  readonly inputs: number;
}

const kinds: readonly Kind[] = [
  {
    kind: 'configuration',
    texts: [JSON.stringify(configuration), JSON.stringify(fleet)],
    inputs: 100_000,
    read: refusable((text) => {
      const given = resolveOptions({ name: 'tune.config.json', content: jsonOf(text) }, {});
      memoryChoiceOf(withDefaults('tune', given));
    }),
  },
  {
    kind: 'weighted payloads',
    texts: [JSON.stringify(payloads)],
    inputs: 100_000,
    read: refusable((text) => {
      const parsed = parsePayloadList(Buffer.from(text), 'payloads.json');
      if (parsed.some(({ weight }) => !(weight > 0 && weight < Number.POSITIVE_INFINITY))) throw new Error('a weight');
    }),
  },
  {
    kind: 'saved run',
    texts: [interruptedRun(), localRun(), failuresRun()].map((run) => JSON.stringify(run)),
    inputs: 5000,
    read: refusable((text) => renderAll(parseSavedRun(text, 'run.json'), runReporters)),
  },
  {
    kind: 'saved check',
    texts: [JSON.stringify(checkOf('x'))],
    inputs: 5000,
    read: refusable((text) => renderAll(parseSavedCheck(text, 'check.json'), checkReporters)),
  },
  {
    kind: 'saved migration',
    texts: [JSON.stringify(migrationOf('x')), JSON.stringify({ ...migrationOf('x'), ...ofVersion1 })],
    inputs: 1000,
    read: refusable((text) => renderAll(parseSavedMigration(text, 'migration.json'), migrationReporters)),
  },
  {
    kind: 'journal',
    texts: [journal],
    inputs: 10_000,
    read(text) {
      const known = new Set(journaled.map(resourceKey));
      const { resources, problems } = readJournal(text);
      for (const { resource } of resources)
        if (!known.has(resourceKey(resource))) throw new Error('a name nobody wrote');
      return problems.length === 0;
    },
  },
  {
    kind: 'record of a run',
    texts: [record],
    inputs: 10_000,
    read(text) {
      const read = readRunRecord(text);
      for (const one of read?.measured ?? []) {
        if (!recordedLines.has(measuredLine(one))) throw new Error('a measurement nobody made');
      }
      return read?.damaged === 0;
    },
  },
];

export function fuzzFiles(share: number, seed: number): readonly FileFuzz[] {
  return kinds.map(({ kind, texts, inputs: most, read }) => {
    const random = seededRandom(seed);
    const inputs = Math.max(20, Math.round(most * share));
    const wrong: string[] = [];
    let accepted = 0;
    for (let n = 0; n < inputs && wrong.length < 5; n += 1) {
      const whole = texts[n % texts.length] ?? '';
      const text = random() < 0.4 ? damaged(whole, random) : rewritten(whole, random);
      try {
        if (read(text)) accepted += 1;
      } catch (error) {
        const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
        wrong.push(`${kind} ${n} of seed ${seed}: ${told.slice(0, 600)} FOR ${text.slice(0, 300)}`);
      }
    }
    return { kind, inputs, accepted, wrong };
  });
}

/** Errors for users are how a file is refused; anything else is a bug. */
function refusable(read: (text: string) => void): Reader {
  return (text) => {
    try {
      read(text);
      return true;
    } catch (error) {
      if (!(error instanceof TuneError)) throw error;
      if (error.message === '') throw new Error('refused without a sentence');
      return false;
    }
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TuneError('CONFIG', 'Config file is not JSON.');
  }
}

function renderAll<Saved>(saved: Saved, reporters: Reporters<Saved>): void {
  for (const [format, render] of Object.entries(reporters)) {
    // The page's own script may use the words.
    const text = render(saved, view).replace(/<script>.*?<\/script>/gs, '');
    if (/\bNaN\b|\bInfinity\b|\bundefined\b|\[object Object\]/.test(text) && format !== 'json') {
      throw new Error(`${format} shows ${/.{0,60}(NaN|Infinity|undefined|\[object Object\]).{0,30}/.exec(text)?.[0]}`);
    }
  }
}

/** Bytes are lost, changed, doubled. */
function damaged(text: string, random: Random): string {
  const bytes = Buffer.from(text);
  const place = () => Math.floor(random() * bytes.length);
  const which = random();
  if (which < 0.25) return bytes.subarray(0, place()).toString();
  const [one, other] = [place(), place()].toSorted((a, b) => a - b) as [number, number];
  if (which < 0.4) return Buffer.concat([bytes.subarray(0, one), bytes.subarray(other)]).toString();
  if (which < 0.5) return Buffer.concat([bytes.subarray(0, other), bytes.subarray(one)]).toString();
  for (let times = 1 + random() * 4; times > 0; times -= 1) bytes[place()] = Math.floor(random() * 256);
  return bytes.toString();
}

const values: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  0.5,
  1e308,
  5e-324,
  2 ** 53,
  '',
  ' ',
  '-0',
  '1e999',
  'x'.repeat(20_000),
  '\u001b[2J\u202e<b>|`=1+1\r\n::error::',
  [],
  {},
  [[[[]]]],
  { __proto__: null, toString: 1 },
  '2026-13-45T99:99:99Z',
  '9999-12-31T23:59:59.999Z',
];

/** Every line that is JSON keeps being JSON, with members changed, gone, new or twice. */
function rewritten(text: string, random: Random): string {
  const lines = text.split('\n').filter((line) => line !== '');
  const chosen = Math.floor(random() * lines.length);
  return lines
    .map((line, index) => {
      if (index !== chosen) return line;
      const root = { document: JSON.parse(line) as unknown };
      for (let times = random() * 2; times > 0; times -= 1) change(root, random);
      return JSON.stringify(root.document);
    })
    .join('\n');
}

function change(root: { document: unknown }, random: Random): void {
  let parent: Record<string, unknown> = root;
  let key = 'document';
  // Deeper places are more, so the way down is long.
  while (random() < 0.8) {
    const here = parent[key];
    if (typeof here !== 'object' || here === null) break;
    const keys = Object.keys(here);
    const next = keys[Math.floor(random() * keys.length)];
    if (next === undefined) break;
    parent = here as Record<string, unknown>;
    key = next;
  }
  const which = random();
  const old = parent[key];
  const factor = [-1, 0, 1e-9, 1e9, 1.5][Math.floor(random() * 5)] ?? 1;
  // Half of them stay of their type, for those get further.
  const fitting = values.filter((value) => typeof value === typeof old);
  const chosen = which < 0.5 && fitting.length > 0 ? fitting : values;
  if (which < 0.4 && typeof old === 'number') parent[key] = old * factor;
  else if (which > 0.9 && key !== 'document') delete parent[key];
  else if (which > 0.8 && Array.isArray(old)) parent[key] = [...old, ...old];
  else if (which > 0.75) Object.assign(parent, { [`${key}s`]: 1 });
  else parent[key] = structuredClone(chosen[Math.floor(random() * chosen.length)]);
}

function never(): never {
  throw new Error('unreachable');
}
