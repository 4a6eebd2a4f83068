import { toolVersion } from '../../src/base/version.ts';
import { readProduction } from '../../src/commands/shared/production/readProduction.ts';
import type { SyntheticProduction } from '../../src/local/testing/production/syntheticProduction.ts';
import { totalFigures } from '../../src/observe/figures.ts';
import { periodOf } from '../../src/observe/period.ts';
import { samplingLimits } from '../../src/observe/recordSource.ts';
import { costModel, facts, month, productionOf, trueBill } from './production.ts';

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
  const evidence = await readProduction({
    production: productionOf(of),
    observed: { functionName: 'orders', versions: [], logGroup: '/aws/lambda/orders' },
    period: periodOf(new Date(of.range.fromMs).toISOString(), undefined, new Date(of.range.toMs)),
    nowMs: of.range.toMs,
    seed: of.seed,
    source: 'events',
    capUsd: 0.05,
    limits: { ...samplingLimits, records },
    withPauses: false,
    current: facts(),
    versions: new Map([['1', facts()]]),
    countsVersion: () => true,
    costModel,
    toolVersion,
    named: 'orders',
    signal: new AbortController().signal,
    announce: () => undefined,
    progress: () => undefined,
  });
  const cost = totalFigures(evidence).costPerMillionUsd;
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
