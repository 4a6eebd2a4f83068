import { portfolioSchema } from '../../src/model/fleet/portfolio.ts';
import { atMost, type Figure } from '../figure.ts';
import { type FleetStage, inFlight, regions, type TimedRun } from './stage.ts';
import { byPlace, idealMsOf, isControl, isInvocation, mostInASecond, mostInFlight } from './wire.ts';

/** What ranking and measuring a fleet came to. What is held against a cap was seen at the wire. */

const capUsd = 1;

type Say = (text: string) => void;
type Calls = FleetStage['world']['calls'];
type Merged = ReturnType<typeof portfolioSchema.parse>;

export async function rankFigures(stage: FleetStage, functions: number, say: Say): Promise<readonly Figure[]> {
  say('rank');
  const args = ['fleet', 'rank', '--region', regions.join(','), '--assume-role', stage.roles, '-q'];
  const run = await stage.tune([...args, '--report', 'json=fleet.json']);
  wantsCode(run, [0]);
  const note = `of ${functions} functions in 2 accounts × 2 regions, ${stage.world.calls.length} calls, records of 20; ${beside(run)}`;
  return [
    atMost(60, run.wallMs / 1000, ' s', { name: 'fleet rank', note }),
    ...cpuFigure('fleet rank, its CPU time', run),
    atMost(250, run.peakMb, ' MB', { name: 'fleet rank, its memory at most' }),
  ];
}

interface Runs {
  readonly top: number;
  readonly parts: number;
}

export async function runFigures(stage: FleetStage, { top, parts }: Runs, say: Say): Promise<readonly Figure[]> {
  const shards = Array.from({ length: parts }, (_, nth) => `${nth + 1}/${parts}`);
  const common = (usd: number) => ['fleet', 'run', 'fleet.json', '--top', String(top), '--max-spend-usd', String(usd)];
  /** All parts at the same time, each a process with a state directory of its own, as on machines of their own. */
  const inParts = async (usd: number, out: string, codes: readonly number[]) => {
    const from = stage.world.calls.length;
    const before = stage.usd();
    const runs = await Promise.all(
      shards.map((shard, nth) =>
        stage.tune([...common(usd), '--out', out, '-q', '--shard', shard], `${out}-state-${nth}`),
      ),
    );
    for (const run of runs) wantsCode(run, codes);
    return { runs, calls: stage.world.calls.slice(from), usd: stage.usd() - before };
  };

  say(`run of ${top} by one process`);
  const from = stage.world.calls.length;
  const usdBefore = stage.usd();
  const whole = await stage.tune([...common(capUsd), '--out', 'whole', '-q']);
  wantsCode(whole, [0]);
  const wholeUsd = stage.usd() - usdBefore;
  const wholeCalls = stage.world.calls.slice(from);
  const one = await merged(stage, 'whole');

  say(`run of ${top} by ${parts} processes`);
  const divided = await inParts(capUsd, 'parts', [0]);
  const all = await merged(stage, 'parts');

  // Half of what it takes: some are not reached, and where a part reaches none it ends with 3.
  const tightUsd = wholeUsd / 2;
  say(`run of ${top} by ${parts} processes under a cap of $${tightUsd.toFixed(6)}`);
  const tight = await inParts(tightUsd, 'tight', [0, 3]);

  const left = stage.leftovers();
  return [
    ...pace(whole, wholeCalls, top),
    ...cpuFigure('fleet run, its CPU time', whole),
    atMost(250, whole.peakMb, ' MB', { name: 'fleet run, its memory at most' }),
    ...cpuFigure(`fleet run, CPU time of ${parts} parts`, ...divided.runs),
    ...capsAtTheWire([...divided.calls], parts),
    money(`spent, ${parts} parts`, divided.usd, capUsd, `seen at the wire; they say $${all.total.spentUsd.toFixed(6)}`),
    money(`spent, ${parts} parts under half of that`, tight.usd, tightUsd, 'seen at the wire'),
    equal('left behind by all', left.length, 0, left.join(', ')),
    equal('functions measured', all.total.measured, top, `${all.total.change} to change, ${all.total.failed} failed`),
    equal('answers that one machine has otherwise', differing(one, all), 0, `of ${all.functions.length}`),
    equal('functions answered', all.total.change + all.total.stay, top, ''),
  ];
}

function pace(run: TimedRun, calls: Calls, top: number): readonly Figure[] {
  const places = [...byPlace(calls)];
  const idealMs = Math.max(...places.map(([, own]) => idealMsOf(own, inFlight)));
  const wallMs = spanOf(calls);
  const counted = places.map(
    ([place, own]) =>
      `${place} ${own.filter(isControl).length} control, ${own.filter(isInvocation).length} invocations`,
  );
  return [
    atMost(1.15, wallMs / idealMs, '', {
      name: 'fleet run ÷ ideal schedule',
      note: `${top} functions × 4 configurations: ${(wallMs / 1000).toFixed(1)} s from the first call to the last ÷ ${(idealMs / 1000).toFixed(1)} s that the caps alone take in the busiest account and region (${counted.join('; ')}); ${beside(run)}`,
    }),
  ];
}

function capsAtTheWire(calls: Calls, parts: number): readonly Figure[] {
  const places = [...byPlace(calls).values()];
  const most = (of: (own: Calls) => number) => places.reduce((highest, own) => Math.max(highest, of(own)), 0);
  return [
    atMost(
      inFlight,
      most((own) => mostInFlight(own.filter(isInvocation))),
      '',
      {
        name: `in flight, ${parts} parts together`,
        note: 'in one account and region, at one moment',
      },
    ),
    atMost(
      15,
      most((own) => mostInASecond(own.filter(isControl))),
      '',
      {
        name: `control-plane calls in a second, ${parts} parts`,
        note: 'in one account and region: five a second after ten at once',
      },
    ),
  ];
}

async function merged(stage: FleetStage, folder: string): Promise<Merged> {
  const run = await stage.tune(['fleet', 'merge', folder, '--json']);
  wantsCode(run, [0]);
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

function spanOf(calls: Calls): number {
  const ends = calls.map(({ atMs, endedAtMs = atMs }) => endedAtMs);
  return Math.max(...ends) - Math.min(...calls.map(({ atMs }) => atMs));
}

function cpuFigure(name: string, ...runs: readonly TimedRun[]): readonly Figure[] {
  const known = runs.flatMap(({ cpuSeconds }) => cpuSeconds ?? []);
  if (known.length < runs.length) return [];
  const seconds = known.reduce((sum, one) => sum + one, 0);
  return [{ name, figure: `${seconds.toFixed(2)} s`, value: seconds }];
}

/** Wall time on a machine that others use says little of tune. */
function beside({ othersCores }: TimedRun): string {
  return othersCores === undefined
    ? 'what else ran here is not known'
    : `beside it the accounts and others kept ${othersCores.toFixed(1)} cores busy`;
}

function money(name: string, usd: number, mostUsd: number, note: string): Figure {
  const target = `≤ $${mostUsd.toFixed(6)}`;
  return { name, figure: `$${usd.toFixed(6)}`, value: usd, target, met: usd <= mostUsd, note };
}

function equal(name: string, value: number, wanted: number, note: string): Figure {
  return {
    name,
    figure: String(value),
    value,
    target: `= ${wanted}`,
    met: value === wanted,
    ...(note === '' ? {} : { note }),
  };
}

function wantsCode({ code, stderr }: TimedRun, codes: readonly number[]): void {
  if (code === null || !codes.includes(code)) throw new Error(`tune ended with ${code}: ${stderr.slice(-2000)}`);
}
