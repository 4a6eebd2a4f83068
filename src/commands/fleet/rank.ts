import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import { ExitCode, type TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { toolVersion } from '../../base/version.ts';
import { countsCostUsd, countsRange } from '../../fleet/counts.ts';
import { type ReadFunction, rankingOf } from '../../fleet/ranking.ts';
import { type FunctionWorth, unknownWorth, worthObserved } from '../../fleet/worth.ts';
import { daysPerMonth } from '../../model/amounts.ts';
import type { Fleet } from '../../model/fleet/fleet.ts';
import type { ListedFunction } from '../../model/fleet/listedFunction.ts';
import type { Warning } from '../../model/warning.ts';
import { dayMs, minuteOf, type Period, periodOf } from '../../observe/period.ts';
import { parseFlags } from '../../options/options.ts';
import { metricUsd } from '../../pricing/readingCost.ts';
import { rankingReporters } from '../../reporters/registry.ts';
import { formatNumberOf, formatUsd } from '../../text/format.ts';
import { type Connections, openConnections } from '../shared/connections.ts';
import { asRanking } from '../shared/documents.ts';
import { interruptExitCode } from '../shared/exitCode.ts';
import { planOutputs, writeOutputs } from '../shared/outputs.ts';
import { openReadingProgress, type ReadingProgress } from '../shared/production/readingProgress.ts';
import { observeRanked } from './observeRanked.ts';
import { placesOf, type RankOptions } from './places.ts';
import { countPlace, type ListedPlace, listPlace, type UnreadPlace } from './readPlace.ts';

/** Each has caps of its own, so they do not wait for each other; more at a time would only take memory. */
const placesAtOnce = 8;
const observedAtOnce = 8;
const functionsPerCap = 500;
const capEachUsd = 0.05;
/** Series of one function that is observed, about. */
const seriesObserved = 12;

/** `tune fleet rank`: reads lists and counts of all functions, and the records of the dearest. Nothing is invoked or changed. */
export async function runFleetRank(flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const options = parseFlags('fleet rank', flags);
  const period = periodOf(options.since, options.until, io.now());
  const shown = { ...options, assumeRole: undefined };
  const outputs = await planOutputs(shown, Object.keys(rankingReporters), io);
  const progress = openReadingProgress(options, io);
  // Each call that is under way listens for it.
  setMaxListeners(0, io.interrupted);
  const connections = openConnections(io);
  try {
    const { fleet, failure } = await rankFleet({ options, period, io, connections, progress });
    progress.end();
    await writeOutputs(outputs, asRanking(fleet), io, shown);
    const interrupted = interruptExitCode(io.interrupted);
    if (interrupted !== undefined || failure === undefined) return interrupted ?? ExitCode.ok;
    throw failure;
  } finally {
    progress.end();
    await connections.close();
  }
}

interface Ranking {
  readonly options: RankOptions;
  readonly period: Period;
  readonly io: Io;
  readonly connections: Connections;
  readonly progress: ReadingProgress;
}

/** `failure`: not one place could be read, and this is why. */
async function rankFleet(
  ranking: Ranking,
): Promise<{ readonly fleet: Fleet; readonly failure: TuneError | undefined }> {
  const { options, period, io, connections, progress } = ranking;
  const asked = await placesOf(options, io, connections);
  const inTurn = pLimit(placesAtOnce);
  let lists = 0;
  const places = await Promise.all(
    asked.map((place) =>
      inTurn(async () => {
        const found = await listPlace(place, options, io, connections);
        lists += 1;
        progress.show(`lists of ${lists} of ${formatNumberOf(asked.length, 'place')}`);
        return found;
      }),
    ),
  );
  const listed = places.filter(isListed);
  const { unread, warnings } = unreadOf(places.filter(isUnread), options, listed.length > 0);
  const functions = listed.reduce((sum, place) => sum + place.functions.length, 0);
  const capUsd = options.maxSpendUsd ?? capEachUsd * Math.max(1, Math.ceil(functions / functionsPerCap));
  const countsUsd = countsCostUsd(functions);
  const wanted = Math.min(options.observe, functions);
  const estimatedUsd = Math.min(capUsd, countsUsd + wanted * seriesObserved * metricUsd);
  progress.say(
    `${formatNumberOf(functions, 'function')} in ${formatNumberOf(listed.length, 'account and region', 'accounts and regions')}, ${minuteOf(period.fromMs)} to ${minuteOf(period.toMs)} (UTC). Nothing is invoked or changed.`,
  );
  progress.say(
    `Their counts cost ${formatUsd(Math.min(countsUsd, capUsd))}, the records of the dearest ${wanted} about ${formatUsd(estimatedUsd - Math.min(countsUsd, capUsd))} and what they scan: at most ${formatUsd(capUsd)} in all (--max-spend-usd).`,
  );
  const counted = await countAll(listed, capUsd, ranking);
  let { spentUsd } = counted;
  const observed = await observeDearest(counted, capUsd, ranking, (usd) => {
    spentUsd += usd;
  });
  const endedBy = io.interrupted.aborted ? 'interrupt' : counted.isCut ? 'cap' : undefined;
  const fleet = rankingOf({
    toolVersion,
    now: io.now(),
    range: countsRange(period),
    functions: counted.rows.map((row) => ({ ...row, worth: observed.get(row.listed.functionArn) ?? row.worth })),
    places: [
      ...listed.map((place) => {
        const notes = [...place.notes, ...(counted.notes.get(place) ?? [])];
        return { ...place.reach, status: notes.length === 0 ? ('read' as const) : ('partly' as const), notes };
      }),
      ...unread.map(({ reach, status, failure }) => ({ ...reach, status, notes: [failure.message] })),
    ],
    spend: { estimatedUsd, spentUsd, capUsd },
    endedBy,
    warnings,
  });
  return { fleet, failure: listed.length > 0 ? undefined : unread[0]?.failure };
}

interface CountedFleet {
  readonly rows: readonly (ReadFunction & { readonly place: ListedPlace })[];
  readonly notes: ReadonlyMap<ListedPlace, readonly string[]>;
  readonly spentUsd: number;
  /** Not all fitted under the cap. */
  readonly isCut: boolean;
}

async function countAll(
  listed: readonly ListedPlace[],
  capUsd: number,
  { period, io, progress }: Ranking,
): Promise<CountedFleet> {
  let affordable = Math.floor(capUsd / countsCostUsd(1));
  const isCut = affordable < listed.reduce((sum, { functions }) => sum + functions.length, 0);
  const inTurn = pLimit(placesAtOnce);
  const notes = new Map<ListedPlace, readonly string[]>();
  const rows: (ReadFunction & { readonly place: ListedPlace })[] = [];
  let asked = 0;
  await Promise.all(
    listed.map((place) => {
      const most = Math.min(affordable, place.functions.length);
      affordable -= most;
      return inTurn(async () => {
        const counts = await countPlace(place, period, most, io);
        asked += counts.asked;
        notes.set(place, counts.notes);
        progress.show(`counts of ${formatNumberOf(asked, 'function')}`);
        const { profile, role } = place.reach;
        for (const one of place.functions) rows.push({ ...rowOf(one, place, counts.worth), reach: { profile, role } });
      });
    }),
  );
  return { rows: withoutTwins(rows), notes, spentUsd: countsCostUsd(asked), isCut };
}

function rowOf(listed: ListedFunction, place: ListedPlace, worth: ReadonlyMap<string, FunctionWorth>) {
  const { eventSources, tags } = place;
  return {
    place,
    listed,
    worth: worth.get(listed.functionArn) ?? unknownWorth('it was not counted'),
    eventSources: eventSources === undefined ? undefined : (eventSources.get(listed.functionArn) ?? []),
    tags: tags === undefined ? undefined : (tags.get(listed.functionArn) ?? {}),
  };
}

/** Two profiles may lead to one account. */
function withoutTwins<Row extends Pick<ReadFunction, 'listed'>>(rows: readonly Row[]): readonly Row[] {
  return [...new Map(rows.map((row) => [row.listed.functionArn, row])).values()];
}

/** The ones that matter: where most could be saved, then those of which nothing is known. */
async function observeDearest(
  { rows, spentUsd }: CountedFleet,
  capUsd: number,
  { options, period, io, progress }: Ranking,
  spent: (usd: number) => void,
): Promise<ReadonlyMap<string, FunctionWorth>> {
  const found = new Map<string, FunctionWorth>();
  const chosen = rows
    .filter(({ worth: { atMostSavesUsd: saves, costToMeasureUsd: costs } }) => saves === null || saves > (costs ?? 0))
    .toSorted((one, other) => (other.worth.atMostSavesUsd ?? 0) - (one.worth.atMostSavesUsd ?? 0))
    .slice(0, options.observe);
  const months = (period.toMs - period.fromMs) / dayMs / daysPerMonth;
  const inTurn = pLimit(observedAtOnce);
  // Shared out before anything is under way: what one leaves, the others do not count on.
  const eachUsd = Math.max(0, capUsd - spentUsd) / Math.max(1, chosen.length);
  let done = 0;
  await Promise.all(
    chosen.map(({ listed, place, worth }) =>
      inTurn(async () => {
        if (io.interrupted.aborted) return;
        const { observation, note } = await observeRanked(listed, place, period, eachUsd, io);
        spent(observation?.spend.spentUsd ?? 0);
        done += 1;
        progress.show(`records of ${done} of ${formatNumberOf(chosen.length, 'function')}`);
        found.set(
          listed.functionArn,
          observation === undefined
            ? { ...worth, notes: [...worth.notes, ...(note === undefined ? [] : [note])] }
            : worthObserved(worth, observation, months),
        );
      }),
    ),
  );
  return found;
}

/** With `--region all`, a region that knows none of the credentials is one that the account has not opted in to. */
function unreadOf(
  unread: readonly UnreadPlace[],
  { region }: RankOptions,
  isReadElsewhere: boolean,
): { readonly unread: readonly UnreadPlace[]; readonly warnings: readonly Warning[] } {
  const closed = region?.[0] === 'all' && isReadElsewhere ? unread.filter(isClosed) : [];
  if (closed.length === 0) return { unread, warnings: [] };
  const names = [...new Set(closed.map(({ reach }) => reach.region))].join(', ');
  return {
    unread: unread.filter((one) => !closed.includes(one)),
    warnings: [{ code: 'regionsClosed', text: `Not enabled for this account, so nothing can be there: ${names}` }],
  };
}

/** A role that cannot be assumed is another thing. */
function isClosed({ failure, reach }: UnreadPlace): boolean {
  return failure.code === 'CREDENTIALS' && !(reach.role !== undefined && failure.message.includes('cannot be assumed'));
}

function isListed(place: ListedPlace | UnreadPlace): place is ListedPlace {
  return 'functions' in place;
}

function isUnread(place: ListedPlace | UnreadPlace): place is UnreadPlace {
  return !isListed(place);
}
