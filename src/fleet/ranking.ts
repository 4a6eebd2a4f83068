import { daysPerMonth } from '../model/amounts.ts';
import { type Fleet, type FleetPlace, fleetSchemaVersion, type RankedFunction } from '../model/fleet/fleet.ts';
import type { ListedFunction } from '../model/fleet/listedFunction.ts';
import type { TimeRange } from '../model/production/production.ts';
import type { Warning } from '../model/warning.ts';
import { bySpend, sumOfKnown } from './amounts.ts';
import { ownerByTags, riskOf } from './risk.ts';
import type { FunctionWorth } from './worth.ts';

/** How an account and region was reached. */
export type PlaceReach = Pick<FleetPlace, 'accountId' | 'region' | 'profile' | 'role'>;

/** A function with everything that was read of it. */
export interface ReadFunction {
  readonly listed: ListedFunction;
  readonly reach: Pick<PlaceReach, 'profile' | 'role'>;
  readonly worth: FunctionWorth;
  /** Undefined: they could not be read. */
  readonly eventSources: readonly string[] | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
}

interface Reading {
  readonly toolVersion: string;
  readonly now: Date;
  readonly range: TimeRange;
  readonly functions: readonly ReadFunction[];
  readonly places: readonly (PlaceReach & Pick<FleetPlace, 'status' | 'notes'>)[];
  readonly spend: Fleet['spend'];
  readonly endedBy?: Fleet['endedBy'];
  readonly warnings: readonly Warning[];
}

/** Everything that was read → the document: what tuning could save most first. */
export function rankingOf(reading: Reading): Fleet {
  const { functions, range, places } = reading;
  const bill = places.some(isRead) ? sumOfKnown(functions.map(({ worth }) => worth.monthlyUsd)) : null;
  const ranked = functions.map((one) => rankedFunction(one, bill)).sort(byWorth);
  return {
    schemaVersion: fleetSchemaVersion,
    kind: 'fleet',
    tool: { name: 'lambda-tune', version: reading.toolVersion },
    rankedAt: reading.now.toISOString(),
    since: new Date(range.fromMs).toISOString(),
    until: new Date(range.toMs).toISOString(),
    places: places.map((place) => {
      const own = ranked.filter((one) => one.region === place.region && one.accountId === place.accountId);
      const monthlyUsd = isRead(place) ? sumOfKnown(own.map((one) => one.monthlyUsd)) : null;
      return { ...place, functions: own.length, monthlyUsd };
    }),
    total: {
      functions: ranked.length,
      observed: ranked.filter(({ basis }) => basis === 'records').length,
      worthMeasuring: ranked.filter((one) => one.isWorthMeasuring === true && one.cannotTune === undefined).length,
      monthlyUsd: bill,
      atMostSavesUsd: places.some(isRead) ? sumOfKnown(ranked.map(({ atMostSavesUsd }) => atMostSavesUsd)) : null,
    },
    spend: reading.spend,
    functions: ranked,
    endedBy: reading.endedBy,
    warnings: reading.warnings,
  };
}

/** Where nothing could be read, there may be any number of functions. */
function isRead({ status }: Pick<FleetPlace, 'status'>): boolean {
  return status === 'read' || status === 'partly';
}

function rankedFunction(
  { listed, reach, worth, eventSources, tags }: ReadFunction,
  bill: number | null,
): RankedFunction {
  const { atMostSavesUsd: saves, costToMeasureUsd: costs, monthlyUsd } = worth;
  return {
    functionName: listed.functionName,
    functionArn: listed.functionArn,
    accountId: listed.accountId,
    region: listed.region,
    ...reach,
    memoryMb: listed.memoryMb,
    architecture: listed.architecture,
    runtime: listed.runtime,
    packageType: listed.packageType,
    timeoutS: listed.timeoutS,
    ...worth,
    share: monthlyUsd === null || bill === null || bill === 0 ? null : Math.min(1, monthlyUsd / bill),
    paybackDays: saves === null || costs === null || saves === 0 ? null : costs / (saves / daysPerMonth),
    isWorthMeasuring: saves === null || costs === null ? (saves === 0 ? false : null) : saves > costs,
    risk: riskOf(listed, eventSources),
    eventSources: [...(eventSources ?? [])],
    owner: ownerByTags(tags),
    cannotTune: listed.cannotTune,
  };
}

/** What is not known comes last. */
function byWorth(one: RankedFunction, other: RankedFunction): number {
  const saves = (other.atMostSavesUsd ?? -1) - (one.atMostSavesUsd ?? -1);
  return saves !== 0 ? saves : bySpend(one, other);
}
