import type { AwsClients } from '../../aws/client/client.ts';
import { callerIdentity } from '../../aws/client/identity.ts';
import { readEventSources } from '../../aws/production/eventSources.ts';
import { readFunctionTags } from '../../aws/production/functionTags.ts';
import { readFunctionList } from '../../aws/production/listedFunctions.ts';
import { readMetricSeries } from '../../aws/production/metrics.ts';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { type Counted, countedOf, countQueries, countsRange, functionsPerCall } from '../../fleet/counts.ts';
import type { PlaceReach } from '../../fleet/ranking.ts';
import { type FunctionWorth, unknownWorth, worthByCounts } from '../../fleet/worth.ts';
import type { CostModel } from '../../model/costModel.ts';
import type { FleetPlace } from '../../model/fleet/fleet.ts';
import type { ListedFunction } from '../../model/fleet/listedFunction.ts';
import type { Period } from '../../observe/period.ts';
import type { Connections } from '../shared/connections.ts';
import { costModelOf } from '../shared/costModel.ts';
import type { AskedPlace, RankOptions } from './places.ts';

/** An account and region whose functions are known. */
export interface ListedPlace {
  readonly reach: PlaceReach;
  readonly clients: AwsClients;
  readonly functions: readonly ListedFunction[];
  /** Undefined: they could not be read. */
  readonly eventSources: ReadonlyMap<string, readonly string[]> | undefined;
  readonly tags: ReadonlyMap<string, Readonly<Record<string, string>>> | undefined;
  readonly costModel: CostModel | undefined;
  readonly notes: readonly string[];
}

/** One that cannot be read at all is a row. */
export interface UnreadPlace {
  readonly reach: PlaceReach;
  readonly status: Extract<FleetPlace['status'], 'denied' | 'unreachable'>;
  readonly failure: TuneError;
}

/** Lists alone: nothing of it costs anything. Never throws but for bugs, and what ends everything. */
export async function listPlace(
  asked: AskedPlace,
  options: RankOptions,
  io: Io,
  connections: Connections,
): Promise<ListedPlace | UnreadPlace> {
  const { profile, role, accountId, region } = asked.reach;
  try {
    const clients = await connections.clients(asked.client);
    const all = await readFunctionList(clients, io.interrupted);
    const notes: string[] = [];
    const wanted = options.tag;
    const isChosen = Object.keys(wanted).length > 0;
    const tags = await noted('tags', notes, () => readFunctionTags(clients, wanted, io.interrupted));
    if (isChosen && tags === undefined) notes.push('no function could be chosen by its tags');
    const eventSources = await noted('event sources', notes, () => readEventSources(clients, io.interrupted));
    const functions = isChosen ? all.filter(({ functionArn }) => tags?.has(functionArn) === true) : all;
    const costModel = await noted('prices', notes, async () => costModelOf(options, clients.region));
    const own =
      all[0]?.accountId ??
      (accountId === ''
        ? ((await noted('account', notes, () => callerIdentity(clients)))?.accountId ?? '')
        : accountId);
    const reach = { accountId: own, region: clients.region, profile, role };
    return { reach, clients, functions, eventSources, tags, costModel, notes };
  } catch (error) {
    if (!(error instanceof TuneError) || error.code === 'USAGE') throw error;
    const status = error.code === 'UNREACHABLE' ? 'unreachable' : 'denied';
    return { reach: { accountId, region: region ?? '', profile, role }, status, failure: error };
  }
}

/** What may not or cannot be read leaves the rest readable, and is said. */
async function noted<T>(what: string, notes: string[], read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof TuneError)) throw error;
    notes.push(`${what}: ${error.message}`);
    return undefined;
  }
}

export interface Counts {
  readonly worth: ReadonlyMap<string, FunctionWorth>;
  readonly notes: readonly string[];
  /** Whose series were asked for. */
  readonly asked: number;
}

/** Counts and mean durations of up to `most` functions, 250 a call. */
export async function countPlace(
  { clients, functions, costModel }: ListedPlace,
  period: Period,
  most: number,
  io: Io,
): Promise<Counts> {
  const range = countsRange(period);
  const worth = new Map<string, FunctionWorth>();
  const notes: string[] = [];
  const affordable = functions.slice(0, most);
  for (const { functionArn } of functions.slice(most)) {
    worth.set(functionArn, unknownWorth('its counts did not fit under the cap'));
  }
  let asked = 0;
  for (let from = 0; from < affordable.length; from += functionsPerCall) {
    const batch = affordable.slice(from, from + functionsPerCall);
    if (io.interrupted.aborted) {
      for (const { functionArn } of batch) worth.set(functionArn, unknownWorth('the reading was interrupted'));
      continue;
    }
    const found = await noted('metrics', notes, () =>
      readMetricSeries(clients, countQueries(batch, range.stepS), range, io.interrupted),
    ).catch((error: unknown) => {
      if (io.interrupted.aborted) return undefined;
      throw error;
    });
    if (found !== undefined) asked += batch.length;
    batch.forEach((listed, index) => {
      worth.set(
        listed.functionArn,
        found === undefined || costModel === undefined
          ? unknownWorth(
              found === undefined ? 'its metrics could not be read' : 'the prices of its region are not known',
            )
          : worthOf(listed, countedOf(found, index), range, costModel),
      );
    });
  }
  return { worth, notes: [...new Set(notes)], asked };
}

function worthOf(
  listed: ListedFunction,
  counted: Counted,
  range: ReturnType<typeof countsRange>,
  costModel: CostModel,
): FunctionWorth {
  try {
    return worthByCounts(listed, counted, range, costModel);
  } catch (error) {
    if (error instanceof TuneError) return unknownWorth(error.message);
    throw error;
  }
}
