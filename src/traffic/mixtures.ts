import type { TrafficMixture } from '../analysis/compared.ts';
import { type PayloadShare, payloadShares } from '../analysis/summarize.ts';
import type { Undecided } from '../model/run.ts';
import { factsAs } from '../model/variant.ts';
import { callUsdIn } from './bill.ts';
import { monthOf } from './monthOf.ts';
import type { MeasuredConfiguration } from './situation.ts';

type RunWithTraffic = Pick<Undecided, 'options' | 'traffic' | 'target' | 'costModel' | 'configurations'>;

/** Production's where an observation told them, else as they were given. */
export function payloadsOf({ options, traffic }: Pick<RunWithTraffic, 'options' | 'traffic'>): readonly PayloadShare[] {
  const found = traffic?.payloadWeights?.weights.filter(({ share }) => share > 0);
  return found === undefined
    ? payloadShares(options.payloads)
    : found.map(({ name, share }) => ({ name, weight: share }));
}

export function runtimeOf(
  run: Pick<RunWithTraffic, 'target'>,
  configuration: MeasuredConfiguration['configuration'],
): string | undefined {
  return factsAs({ runtime: run.target.runtime, snapStart: false }, configuration).runtime;
}

/** What a saved run's traffic makes of the calls of one row: from its saved share of cold starts, with the month's prices. */
export function mixtureOf(
  run: RunWithTraffic,
  row: RunWithTraffic['configurations'][number],
  { calls }: Pick<MeasuredConfiguration, 'calls'>,
): TrafficMixture | undefined {
  const { monthly } = row;
  if (run.traffic === undefined || monthly === undefined) return undefined;
  const coldShare = monthly.coldShare.estimate;
  const month = monthOf(row, calls, payloadsOf(run), { requests: monthly.requests, coldShare });
  if (month === undefined) return undefined;
  const prices = {
    costModel: run.costModel,
    ephemeralStorageMb: run.target.ephemeralStorageMb ?? 512,
    discount: run.traffic.discount ?? 0,
    runtime: runtimeOf(run, row),
  };
  return { coldShare, costUsd: callUsdIn(month, prices) };
}
