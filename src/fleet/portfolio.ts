import {
  type Portfolio,
  type PortfolioFunction,
  portfolioSchemaVersion,
  type SavesUsdPerMonth,
} from '../model/fleet/portfolio.ts';
import type { ChosenFunction, FleetShard, ShardRow } from '../model/fleet/shard.ts';
import type { TuningResult } from '../model/run.ts';
import { bySpend, sumOfKnown } from './amounts.ts';

/** A function's saved run, with its answer in a sentence. */
export interface MeasuredRun {
  readonly run: TuningResult;
  readonly said: string;
}

interface Merging {
  readonly toolVersion: string;
  readonly now: Date;
  readonly folders: readonly string[];
  readonly shards: readonly FleetShard[];
  /** By the run file of a row. */
  readonly runs: ReadonlyMap<string, MeasuredRun>;
}

/** All parts → one document. The order of the parts makes no difference. */
export function portfolioOf({ toolVersion, now, folders, shards, runs }: Merging): Portfolio {
  const of = shards.reduce((most, { shard }) => Math.max(most, shard.of), 1);
  const found = [...new Set(shards.filter(({ shard }) => shard.of === of).map(({ shard }) => shard.index))].sort(
    (a, b) => a - b,
  );
  const missing = Array.from({ length: of }, (_, nth) => nth + 1).filter((index) => !found.includes(index));
  const chosen = new Map(shards.flatMap(({ functions }) => functions.map((one) => [one.functionArn, one] as const)));
  const rows = new Map<string, ShardRow>();
  for (const row of shards.flatMap((shard) => shard.rows)) {
    const known = rows.get(row.functionArn);
    if (known === undefined || rankOf(row) > rankOf(known)) rows.set(row.functionArn, row);
  }
  const functions = [...chosen.values()].map((one) => functionOf(one, rows.get(one.functionArn), runs)).sort(byWorth);
  const stateCount = (state: PortfolioFunction['state']) => functions.filter((one) => one.state === state).length;
  const answerCount = (kind: 'change' | 'stay' | 'unanswered') =>
    functions.filter(({ answer }) => answer?.kind === kind).length;
  const monthlyUsd = sumOfKnown(functions.map((one) => one.monthlyUsd));
  const saves = sumOfSavings(functions.flatMap(({ savesUsdPerMonth }) => savesUsdPerMonth ?? []));
  return {
    schemaVersion: portfolioSchemaVersion,
    kind: 'portfolio',
    tool: { name: 'lambda-tune', version: toolVersion },
    mergedAt: now.toISOString(),
    folders,
    shards: { of, found, missing },
    total: {
      functions: functions.length,
      measured: stateCount('measured'),
      change: answerCount('change'),
      stay: answerCount('stay'),
      unanswered: answerCount('unanswered'),
      needsPayload: stateCount('needsPayload'),
      failed: stateCount('failed'),
      notReached: stateCount('notReached'),
      monthlyUsd,
      savesUsdPerMonth: saves,
      savesShare:
        saves === null || monthlyUsd === null || monthlyUsd === 0
          ? null
          : Math.min(1, Math.max(0, saves.estimate / monthlyUsd)),
      spentUsd: shards.reduce((sum, { spentUsd }) => sum + spentUsd, 0),
    },
    functions,
    leftBehind: shards.flatMap(({ leftBehind }) => leftBehind),
  };
}

/** Of two rows of one function, which tells more. */
function rankOf({ state, runFile }: ShardRow): number {
  const order = { measured: 4, failed: 3, needsPayload: 2, notReached: 1, started: 0 } as const;
  return order[state] + (runFile === undefined ? 0 : 0.5);
}

function functionOf(
  { setting, ...one }: ChosenFunction,
  row: ShardRow | undefined,
  runs: ReadonlyMap<string, MeasuredRun>,
): PortfolioFunction {
  const measured = row?.state === 'measured' ? runs.get(row.runFile ?? '') : undefined;
  const common = { ...one, current: setting, runId: row?.runId ?? null, spentUsd: row?.spentUsd ?? 0 };
  if (measured !== undefined) {
    const { run, said } = measured;
    return {
      ...common,
      state: 'measured',
      answer: run.answer,
      savesUsdPerMonth: savingOf(run, one.monthlyUsd),
      because: said,
      runFile: row?.runFile ?? null,
    };
  }
  const state = row === undefined || row.state === 'started' || row.state === 'measured' ? 'notReached' : row.state;
  return {
    ...common,
    state,
    answer: null,
    savesUsdPerMonth: null,
    because:
      row === undefined
        ? 'its part of the work has not come to it'
        : row.state === 'started'
          ? 'it was cut short: the same command goes on with it'
          : row.state === 'measured'
            ? 'its saved run is not in the folder'
            : row.because,
    runFile: null,
    error: row?.error,
  };
}

/** What a month costs today × the share that the answer saves: of a change that surely saves, and no other. */
function savingOf({ answer }: TuningResult, monthlyUsd: number | null): SavesUsdPerMonth | null {
  if (answer.kind !== 'change' || answer.saves === undefined || monthlyUsd === null) return null;
  const { share, low, high } = answer.saves;
  if (low <= 0) return null;
  return { estimate: share * monthlyUsd, low: low * monthlyUsd, high: high * monthlyUsd };
}

/** The functions were measured apart from each other, so their errors add up as squares do. */
function sumOfSavings(savings: readonly SavesUsdPerMonth[]): SavesUsdPerMonth | null {
  if (savings.length === 0) return null;
  const estimate = savings.reduce((sum, one) => sum + one.estimate, 0);
  const below = Math.sqrt(savings.reduce((sum, one) => sum + (one.estimate - one.low) ** 2, 0));
  const above = Math.sqrt(savings.reduce((sum, one) => sum + (one.high - one.estimate) ** 2, 0));
  return { estimate, low: estimate - below, high: estimate + above };
}

function byWorth(one: PortfolioFunction, other: PortfolioFunction): number {
  const saves = (other.savesUsdPerMonth?.estimate ?? 0) - (one.savesUsdPerMonth?.estimate ?? 0);
  if (saves !== 0) return saves;
  const order = { measured: 0, failed: 1, needsPayload: 2, notReached: 3 } as const;
  const states = order[one.state] - order[other.state];
  return states !== 0 ? states : bySpend(one, other);
}
