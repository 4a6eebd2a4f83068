import type { Io } from '../../base/io.ts';
import { inFlightOf } from '../../fleet/inFlight.ts';
import { type OpenRun, openRun } from '../../measure/openRun.ts';
import { spendLedger } from '../../measure/spend.ts';
import type { TuneJob } from '../../measure/tuneJob.ts';
import type { Shard } from '../../model/fleet/shard.ts';

/** One cap on money over all functions, and one on what is in flight in each account and region. */
export interface FleetCaps {
  readonly spentUsd: number;
  /** The job within what its account and region may have in flight, and the run of the engine that keeps it. */
  within(job: TuneJob): { readonly job: TuneJob; readonly run: OpenRun };
}

export function openCaps(
  {
    shard,
    maxSpendUsd,
    maxInFlight,
  }: { shard: Shard; maxSpendUsd: number | undefined; maxInFlight: number | undefined },
  io: Io,
): FleetCaps {
  const ledger = spendLedger(maxSpendUsd);
  const places = new Map<string, { readonly most: number; readonly run: OpenRun }>();
  const { now, monotonicMs, random, randomUuid: uuid, sleep, interrupted } = io;
  const deps = { now, monotonicMs, random, uuid, sleep, interrupted, onEvent: () => undefined };
  return {
    get spentUsd() {
      return ledger.spentUsd;
    },
    within(job) {
      const { accountId, region } = job.facts;
      const key = `${accountId} ${region}`;
      const known = places.get(key);
      const most = known?.most ?? inFlightOf(job.facts, job.plan.maxInFlight, maxInFlight, shard);
      const run = known?.run ?? openRun(Number.POSITIVE_INFINITY, { maxInFlight: most, maxSpendUsd, ledger }, deps);
      places.set(key, { most, run });
      return { job: { ...job, plan: { ...job.plan, maxInFlight: Math.min(job.plan.maxInFlight, most) } }, run };
    },
  };
}
