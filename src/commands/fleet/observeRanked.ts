import { readObservedFunction } from '../../aws/production/observedFunction.ts';
import { awsProduction } from '../../aws/production/production.ts';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { toolVersion } from '../../base/version.ts';
import type { ListedFunction } from '../../model/fleet/listedFunction.ts';
import type { Observation } from '../../model/production/observation.ts';
import { concludeObservation } from '../../observe/conclude.ts';
import type { Period } from '../../observe/period.ts';
import { readProduction } from '../shared/production/readProduction.ts';
import type { ListedPlace } from './readPlace.ts';

/** Few stretches tell the memory that is used and the cost of a call well enough to rank; `tune observe` reads on. */
const limits = { records: 4000, windows: 8, recordsPerWindow: 500 } as const;

export interface ObservedRow {
  readonly observation?: Observation | undefined;
  /** Why there is none. */
  readonly note?: string | undefined;
}

/** What the records of one function say. What cannot be read is a note, never a failure. */
export async function observeRanked(
  listed: ListedFunction,
  { clients, costModel }: ListedPlace,
  period: Period,
  capUsd: number,
  io: Io,
): Promise<ObservedRow> {
  if (costModel === undefined) return { note: 'the prices of its region are not known' };
  try {
    // By its name: the list was read with the same credentials in the same region.
    const target = await readObservedFunction(clients, listed.functionName);
    const evidence = await readProduction({
      production: awsProduction(clients, target, io),
      observed: { functionName: target.functionName, versions: [], logGroup: target.logGroup },
      period,
      nowMs: io.now().getTime(),
      seed: 0,
      source: 'auto',
      capUsd,
      limits,
      withPauses: false,
      current: target.current,
      versions: new Map(target.versions.map((version) => [version.version, version])),
      countsVersion: () => true,
      costModel,
      toolVersion,
      named: listed.functionName,
      recordsMissing: target.recordsMissing,
      signal: io.interrupted,
      announce: () => undefined,
      progress: () => undefined,
    });
    return { observation: concludeObservation({ ...evidence, computeOptimizer: undefined }) };
  } catch (error) {
    if (error instanceof TuneError) return { note: error.message };
    if (io.interrupted.aborted) return { note: 'the reading was interrupted' };
    throw error;
  }
}
