import type { Succeeded } from '../analysis/summarize.ts';
import { mean } from '../stats/moments.ts';
import type { KeptShares, Side } from './figures.ts';
import { plannedLooks } from './levels.ts';
import { firstLook, type GateOptions } from './options.ts';

/**
 * Rounds as blocks. Both sides are measured side by side round by round, so an hour that gets slower is in both alike, but
 * environments of later rounds would pass for slower hosts. Method: two-way layout of logarithms, rounds crossed with sides
 * and environments nested in them; what both sides of a round have in common is taken off both. By how much is decided by the
 * data: what the sides of a round differ by holds the same chance (calls, hosts) and no drift, so that the ratio of the two mean
 * squares says how much of the first is drift; it is shrunk by the positive-part rule of James and Stein (1961), from
 * `believedAt` times what chance makes up. Taking off takes squares and degrees of freedom along, most of all of environments
 * that served one round alone: their expectations are worked out for the layout at hand (`Kept`).
 *
 * Where it fails: fewer rounds than `fewestRounds` show no drift; a drift that only one side has looks like a change, as it
 * must; steps inside a round stay. Chosen by `npm run bench:check` (rows "drift"): nothing changes without drift.
 */

const fewestRounds = 4;

/** Of four and more rounds chance alone has a ratio above it in less than a third of checks, and then little is taken off. */
const believedAt = 2;

export function withoutDrift(
  baseline: Side,
  current: Side,
  options: Pick<GateOptions, 'maxSamples' | 'payloads' | 'fixedBaseline' | 'alone'>,
): { readonly baseline: Side; readonly current: Side } {
  const asTheyWere = { baseline, current };
  if (options.fixedBaseline !== undefined || options.alone === true) return asTheyWere;
  const looks = plannedLooks(firstLook, options.maxSamples);
  const sides = [baseline, current].map((side) => rowsOf(side, looks, options)) as [Row[], Row[]];
  const counts = looks.map((_, round) => sides.map((rows) => rows.filter((row) => row.round === round).length));
  const shared = counts.flatMap(([one = 0, other = 0], round) => (one > 0 && other > 0 ? [round] : []));
  if (shared.length < fewestRounds) return asTheyWere;
  const cost = driftOf(sides, shared, ({ cost }) => cost);
  const duration = driftOf(sides, shared, ({ duration }) => duration);
  if (cost.share === 0 && duration.share === 0) return asTheyWere;
  const adjusted = (side: Side, which: 0 | 1): Side => ({
    ...side,
    warm: side.warm.map((call, index) => {
      const round = sides[which][index]?.round ?? -1;
      return {
        ...call,
        costUsd: call.costUsd * Math.exp(-cost.share * (cost.effects.get(round) ?? 0)),
        durationMs: call.durationMs * Math.exp(-duration.share * (duration.effects.get(round) ?? 0)),
      };
    }),
    kept: keptOf(sides, which, shared, Math.max(cost.share, duration.share)),
  });
  return { baseline: adjusted(baseline, 0), current: adjusted(current, 1) };
}

/** One warm call: logarithms less the level of its payload on its side. */
interface Row {
  readonly environment: string;
  readonly round: number;
  readonly cost: number;
  readonly duration: number;
}

function rowsOf(side: Side, looks: readonly number[], { payloads }: Pick<GateOptions, 'payloads'>): Row[] {
  const logs = side.warm.map((call) => ({ cost: logOf(call.costUsd), duration: logOf(call.durationMs) }));
  const keyOf = ({ payload }: Succeeded) => (payloads.length < 2 ? '' : (payload ?? ''));
  const levels = new Map<string, { readonly cost: number; readonly duration: number }>();
  for (const key of new Set(side.warm.map(keyOf))) {
    const own = logs.filter((_, index) => keyOf(side.warm[index] as Succeeded) === key);
    levels.set(key, { cost: mean(own.map(({ cost }) => cost)), duration: mean(own.map(({ duration }) => duration)) });
  }
  return side.warm.map((call, index) => {
    const level = levels.get(keyOf(call));
    const trial = side.trialOf[index] ?? 0;
    return {
      environment: call.environment,
      round: looks.findIndex((count) => trial < count),
      cost: (logs[index]?.cost ?? 0) - (level?.cost ?? 0),
      duration: (logs[index]?.duration ?? 0) - (level?.duration ?? 0),
    };
  });
}

function logOf(value: number): number {
  return Math.log(Math.max(value, Number.MIN_VALUE));
}

interface Drift {
  /** Of the effects that is drift and not chance, 0 … 1. */
  readonly share: number;
  /** Per round what both sides have in common. */
  readonly effects: ReadonlyMap<number, number>;
}

function driftOf(sides: readonly [Row[], Row[]], rounds: readonly number[], figure: (row: Row) => number): Drift {
  const parts = rounds.map((round) => {
    const [one, other] = sides.map((rows) => rows.filter((row) => row.round === round).map(figure));
    const [before, now] = [mean(one ?? []), mean(other ?? [])];
    const weight = ((one?.length ?? 0) + (other?.length ?? 0)) / 2;
    return { round, weight, common: (before + now) / 2, apart: (now - before) / 2 };
  });
  const weights = parts.reduce((sum, { weight }) => sum + weight, 0);
  const centreOf = (of: 'common' | 'apart') => parts.reduce((sum, part) => sum + part.weight * part[of], 0) / weights;
  const squaresOf = (of: 'common' | 'apart', centre: number) =>
    parts.reduce((sum, part) => sum + part.weight * (part[of] - centre) ** 2, 0);
  const centre = centreOf('common');
  const [common, chance] = [squaresOf('common', centre), squaresOf('apart', centreOf('apart'))];
  return {
    share: common > 0 ? Math.max(0, 1 - (believedAt * chance) / common) : 0,
    effects: new Map(parts.map((part) => [part.round, part.common - centre])),
  };
}

/** Calls of one environment in one round. */
interface Cell {
  readonly side: 0 | 1;
  readonly environment: string;
  readonly round: number;
  count: number;
}

/**
 * Expected squares of a side after `share` of the rounds' common effects was taken off, over what they are without it: each
 * mean is a sum over cells, and its coefficients say what calls (independent) and environments (a value each) add to its square.
 */
function keptOf(sides: readonly [Row[], Row[]], which: 0 | 1, rounds: readonly number[], share: number): KeptShares {
  const cells = sides.flatMap((rows, side) => cellsOf(rows, side as 0 | 1));
  const own = cells.filter(({ side }) => side === which);
  const all = countIn(own);
  const perRound = [0, 1].map((side) =>
    rounds.map((round) => countIn(cells.filter((cell) => cell.side === side && cell.round === round))),
  );
  const environments = [...new Set(own.map(({ environment }) => environment))];
  const keys = [...new Set(cells.map(keyOf))];
  const inRound = new Map(
    rounds.map((round, index) => [
      round,
      cells
        .filter((cell) => cell.round === round)
        .map((cell) => ({ cell, part: (share * cell.count) / 2 / (perRound[cell.side]?.[index] ?? 1) })),
    ]),
  );
  const squaresOf = (direct: (cell: Cell) => number, throughRound: (round: number) => number) => {
    const coefficients = new Map<Cell, number>(own.map((cell) => [cell, direct(cell)]));
    for (const [round, parts] of inRound) {
      const through = throughRound(round);
      if (through === 0) continue;
      for (const { cell, part } of parts) coefficients.set(cell, (coefficients.get(cell) ?? 0) - through * part);
    }
    const byHost = new Map<string, number>();
    let calls = 0;
    for (const [cell, coefficient] of coefficients) {
      calls += coefficient ** 2 / cell.count;
      const key = keyOf(cell);
      byHost.set(key, (byHost.get(key) ?? 0) + coefficient);
    }
    return { calls, hosts: keys.reduce((sum, key) => sum + (byHost.get(key) ?? 0) ** 2, 0) };
  };
  let [between, load, within, cellsWithin] = [0, 0, all - own.length, 0];
  for (const environment of environments) {
    const served = own.filter((cell) => cell.environment === environment);
    const count = countIn(served);
    const shareIn = (part: readonly Cell[], round: number, of: number) =>
      countIn(part.filter((cell) => cell.round === round)) / of;
    const found = squaresOf(
      (cell) => (cell.environment === environment ? cell.count / count : 0) - cell.count / all,
      (round) => shareIn(served, round, count) - shareIn(own, round, all),
    );
    between += count * found.calls;
    load += count * found.hosts;
    cellsWithin += served.length - 1;
    for (const one of served) {
      const inside = squaresOf(
        (cell) => (cell === one ? 1 : 0) - (cell.environment === environment ? cell.count / count : 0),
        (round) => (round === one.round ? 1 : 0) - shareIn(served, round, count),
      );
      within += one.count * inside.calls;
    }
  }
  const plainWithin = all - own.length + cellsWithin;
  const plainBetween = environments.length - 1;
  const squares = environments.reduce(
    (sum, environment) => sum + countIn(own.filter((cell) => cell.environment === environment)) ** 2,
    0,
  );
  const of = (kept: number, plain: number) => (plain > 0 ? Math.min(1, kept / plain) : 1);
  return {
    between: of(between, plainBetween),
    within: of(within, plainWithin),
    load: of(load, all - squares / all),
    total: of(between + within, all - 1),
  };
}

function cellsOf(rows: readonly Row[], side: 0 | 1): Cell[] {
  const cells = new Map<string, Cell>();
  for (const { environment, round } of rows) {
    const key = `${round} ${environment}`;
    const cell = cells.get(key) ?? { side, environment, round, count: 0 };
    cell.count += 1;
    cells.set(key, cell);
  }
  return [...cells.values()];
}

function keyOf({ side, environment }: Cell): string {
  return `${side} ${environment}`;
}

function countIn(cells: readonly Cell[]): number {
  return cells.reduce((sum, { count }) => sum + count, 0);
}
