import { blendedFigures, blendedSample } from '../analysis/blend.ts';
import { responseMs } from '../analysis/responseTime.ts';
import type { Successes } from '../analysis/rows.ts';
import { type PayloadShare, sampleBy, weightedMean } from '../analysis/summarize.ts';
import type { Configuration } from '../model/configuration.ts';
import type { CostModel } from '../model/costModel.ts';
import type { Monthly } from '../model/traffic.ts';
import { logsUsd } from '../pricing/monthlyPrices.ts';
import type { Arrivals } from './arrivals.ts';
import { billOf, type MonthPrices } from './bill.ts';
import { drawTableOf } from './drawTable.ts';
import { latencyOf } from './latency.ts';
import { monthOf } from './monthOf.ts';
import { type CallTimes, type Replayed, replay } from './replay.ts';

/** What all configurations of a run meet alike. */
export interface Situation {
  readonly arrivals: Arrivals;
  readonly payloads: readonly PayloadShare[];
  readonly costModel: CostModel;
  readonly ephemeralStorageMb: number;
  readonly discount: number;
  readonly logBytes: { readonly warm: number; readonly cold: number };
}

/** A configuration with its successes, and the runtime that its variant has. */
export interface MeasuredConfiguration {
  readonly configuration: Configuration;
  readonly calls: Successes;
  readonly runtime?: string | undefined;
}

/** Undefined where warm or cold calls are missing. */
function callTimesOf({ warm, cold }: Successes, payloads: readonly PayloadShare[]): CallTimes | undefined {
  const tables = [warm, cold].map((calls) => drawTableOf(sampleBy(calls, responseMs, payloads)));
  const [warmTable, coldTable] = tables;
  return warmTable && coldTable && { warm: warmTable, cold: coldTable };
}

export function pricesFor({ runtime }: MeasuredConfiguration, situation: Situation): MonthPrices {
  const { costModel, ephemeralStorageMb, discount } = situation;
  return { costModel, ephemeralStorageMb, discount, runtime };
}

/** What a month costs and how long callers wait, at one idle life; with how the replay went. */
export function monthAt(
  measured: MeasuredConfiguration,
  situation: Situation,
  idleLifeS: number,
): { readonly monthly: Monthly; readonly replayed: Replayed; readonly times: CallTimes } | undefined {
  const { configuration, calls } = measured;
  const { arrivals, payloads } = situation;
  const times = callTimesOf(calls, payloads);
  if (times === undefined) return undefined;
  const replayed = replay(arrivals, times, { idleLifeS });
  const coldShare = replayed.coldCalls / Math.max(1, replayed.calls);
  const requests = arrivals.requestsPerMonth;
  const month = monthOf(configuration, calls, payloads, { requests, coldShare });
  if (month === undefined) return undefined;
  const usd = billOf(month, pricesFor(measured, situation));
  const callUsd = requests > 0 ? usd.total / requests : 0;
  return {
    monthly: {
      requests,
      coldShare: { estimate: coldShare },
      environments: { p50: replayed.environments.quantile(0.5), max: replayed.environments.most },
      usd,
      logsUsd: logsUsd(logGb(requests, coldShare, situation.logBytes)),
      latencyMs: latencyOf(times, replayed),
      callUsd: { mean: callUsd, low: callUsd, high: callUsd },
      callMs: weightedMean(blendedSample(calls, blendedFigures.duration, payloads, coldShare)),
    },
    replayed,
    times,
  };
}

export function logGb(
  requests: number,
  coldShare: number,
  { warm, cold }: { readonly warm: number; readonly cold: number },
): number {
  return (requests * ((1 - coldShare) * warm + coldShare * cold)) / 1e9;
}
