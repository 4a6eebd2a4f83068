import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { portfolioSchema } from '../src/model/fleet/portfolio.ts';
import { asTable, atMost, type Figure } from './figure.ts';
import { inFlight, openFleetStage, regions, type TimedRun } from './fleet/stage.ts';
import { byPlace, idealMsOf, isControl, isInvocation, mostInASecond, mostInFlight } from './fleet/wire.ts';

/**
 * `npm run bench:fleet [-- --functions 1000 --top 50 --parts 4 --json]`: a fleet in two accounts × two regions, ranked, measured by
 * one process and by several, and what both came to. The accounts are scripted; everything that is held against a cap was seen at the wire.
 */
const { values } = parseArgs({
  options: {
    functions: { type: 'string', default: '1000' },
    top: { type: 'string', default: '50' },
    parts: { type: 'string', default: '4' },
    json: { type: 'boolean', default: false },
  },
});
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const capUsd = 1;
const invokeMs = 200;
const say = (text: string) => process.stderr.write(`… ${text}\n`);

say(`${values.functions} functions are made`);
const stage = await openFleetStage(Number(values.functions), invokeMs);
try {
  const figures = [...(await ranked()), ...(await measured())];
  const load = loadavg()[0] ?? 0;
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ figures, load }, null, 2)}\n`
      : `${asTable(figures)}\nLoad of this machine in the last minute: ${load.toFixed(1)}\n`,
  );
} finally {
  await stage.close();
}

async function ranked(): Promise<readonly Figure[]> {
  say('rank');
  const args = ['fleet', 'rank', '--region', regions.join(','), '--assume-role', stage.roles, '-q'];
  const run = await stage.tune([...args, '--report', 'json=fleet.json']);
  wantsZero(run);
  const calls = stage.world.calls.length;
  const of = `${values.functions} functions in 2 accounts × 2 regions`;
  return [
    atMost(60, run.wallMs / 1000, ' s', { name: 'fleet rank', note: `of ${of}, ${calls} calls, records of 20` }),
    atMost(250, run.peakMb, ' MB', { name: 'its memory at most' }),
  ];
}

async function measured(): Promise<readonly Figure[]> {
  const common = ['fleet', 'run', 'fleet.json', '--top', values.top, '--max-spend-usd', String(capUsd)];
  say(`run of ${values.top} by one process`);
  const from = stage.world.calls.length;
  const whole = await stage.tune([...common, '--out', 'whole', '-q']);
  wantsZero(whole);
  const calls = stage.world.calls.slice(from);
  const idealMs = Math.max(...[...byPlace(calls).values()].map((own) => idealMsOf(own, inFlight)));
  const wholeMs = spanOf(calls);
  say(`run of ${values.top} by ${values.parts} processes`);
  const partsFrom = stage.world.calls.length;
  const usdBefore = stage.usd();
  const shards = Array.from({ length: Number(values.parts) }, (_, nth) => `${nth + 1}/${values.parts}`);
  const parts = await Promise.all(
    shards.map((shard) => stage.tune([...common, '--out', 'parts', '-q', '--shard', shard])),
  );
  for (const part of parts) wantsZero(part);
  const partCalls = [...byPlace(stage.world.calls.slice(partsFrom)).values()];
  const usd = stage.usd() - usdBefore;
  const [one, all] = [await merged('whole'), await merged('parts')];
  const counted = [...byPlace(calls)].map(
    ([place, own]) =>
      `${place} ${own.filter(isControl).length} control, ${own.filter(isInvocation).length} invocations`,
  );
  const most = (of: (own: readonly (typeof calls)[number][]) => number) => Math.max(...partCalls.map(of));
  return [
    atMost(1.15, wholeMs / idealMs, '', {
      name: 'fleet run ÷ ideal schedule',
      note: `${values.top} functions × 4 configurations: ${(wholeMs / 1000).toFixed(1)} s from the first call to the last ÷ ${(idealMs / 1000).toFixed(1)} s that the caps alone take in the busiest account and region (${counted.join('; ')})`,
    }),
    atMost(250, whole.peakMb, ' MB', { name: 'its memory at most' }),
    atMost(
      inFlight,
      most((own) => mostInFlight(own.filter(isInvocation))),
      '',
      {
        name: `in flight, ${values.parts} parts together`,
        note: 'in one account and region, at one moment, seen at the wire',
      },
    ),
    atMost(
      15,
      most((own) => mostInASecond(own.filter(isControl))),
      '',
      {
        name: 'control-plane calls in a second, all parts',
        note: 'five a second after ten at once',
      },
    ),
    atMost(capUsd, usd, ' US$', { name: 'spent, all parts', note: `they say ${all.total.spentUsd.toFixed(6)} US$` }),
    equal('left behind', stage.leftovers().length, 0, stage.leftovers().join(', ')),
    equal('functions whose answer differs', differing(one, all), 0, `of ${all.functions.length}`),
    equal('functions measured', all.total.measured, Number(values.top), `${all.total.failed} failed`),
  ];
}

type Merged = ReturnType<typeof portfolioSchema.parse>;

async function merged(folder: string): Promise<Merged> {
  const run = await stage.tune(['fleet', 'merge', folder, '--json']);
  wantsZero(run);
  return portfolioSchema.parse(JSON.parse(run.stdout));
}

function differing(one: Merged, other: Merged): number {
  const settled = ({ functions }: Merged) =>
    functions.map(({ functionArn, state, answer }) =>
      JSON.stringify([functionArn, state, answer?.kind, answer?.configuration]),
    );
  const known = new Set(settled(one));
  return settled(other).filter((text) => !known.has(text)).length;
}

function spanOf(calls: readonly { readonly atMs: number; readonly endedAtMs?: number }[]): number {
  return Math.max(...calls.map(({ atMs, endedAtMs = atMs }) => endedAtMs)) - Math.min(...calls.map(({ atMs }) => atMs));
}

function equal(name: string, value: number, wanted: number, note: string): Figure {
  return { name, figure: String(value), value, target: `= ${wanted}`, met: value === wanted, note };
}

function wantsZero({ code, stderr }: TimedRun): void {
  if (code !== 0) throw new Error(`tune ended with ${code}: ${stderr.slice(-2000)}`);
}
