import { toolVersion } from '../../src/base/version.ts';
import { readProduction } from '../../src/commands/shared/production/readProduction.ts';
import type { SyntheticProduction } from '../../src/local/testing/production/syntheticProduction.ts';
import { concludeObservation } from '../../src/observe/conclude.ts';
import { periodOf } from '../../src/observe/period.ts';
import { samplingLimits } from '../../src/observe/recordSource.ts';
import { beginning, costModel, dayMs, facts, month, productionOf, trueBill } from './production.ts';

export interface Held {
  readonly isHeld: boolean;
  /** Estimate ÷ truth − 1. */
  readonly error: number;
  /** Half of the interval ÷ estimate. */
  readonly halfWidth: number;
  readonly records: number;
  readonly isWhole: boolean;
}

/** What `observe` says of a month's bill, and what it is. */
export async function heldBill(of: SyntheticProduction, records: number = samplingLimits.records): Promise<Held> {
  const versions = [facts(), ...(of.eras ?? []).map(({ version, memoryMb }) => facts(version, memoryMb))];
  const evidence = await readProduction({
    production: productionOf(of),
    observed: { functionName: 'orders', provisioned: [], versions: [], logGroup: '/aws/lambda/orders' },
    period: periodOf(new Date(of.range.fromMs).toISOString(), undefined, new Date(of.range.toMs)),
    nowMs: of.range.toMs,
    seed: of.seed,
    source: 'events',
    capUsd: 0.05,
    limits: { ...samplingLimits, records },
    withPauses: false,
    current: versions.at(-1) ?? facts(),
    versions: new Map(versions.map((one) => [one.version, one])),
    countsVersion: () => true,
    costModel,
    toolVersion,
    named: 'orders',
    signal: new AbortController().signal,
    announce: () => undefined,
    progress: () => undefined,
  });
  const cost = concludeObservation(evidence).total.costPerMillionUsd;
  const { usd, calls } = trueBill(of);
  const truth = (usd / calls) * 1e6;
  if (cost === null) throw new Error('what was read has a cost');
  return {
    isHeld: cost.low <= truth && truth <= cost.high,
    error: cost.estimate / truth - 1,
    halfWidth: (cost.high - cost.low) / 2 / cost.estimate,
    records: evidence.windows.reduce((sum, window) => sum + window.calls.length, 0),
    isWhole: evidence.isWhole,
  };
}

/** A function whose days differ; a seventh of what `observe` reads, so that a hundred of them are soon read. */
export function heldMonth(seed: number, days = 14): Promise<Held> {
  return heldBill(month(seed, { callsPerDay: 7000, dayNoise: 0.01 }, days), 8000);
}

/** The same, with a deployment on its ninth day that makes calls half as dear again. */
export function heldOverChange(seed: number): Promise<Held> {
  const eras = [{ fromMs: beginning + 8.3 * dayMs, version: '2', memoryMb: 1024, factor: 0.75 }];
  return heldBill(month(seed, { callsPerDay: 7000, dayNoise: 0.01, eras }, 14), 8000);
}
