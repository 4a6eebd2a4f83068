import { daysPerMonth } from '../model/amounts.ts';
import { otherArchitecture } from '../model/configuration.ts';
import type { CostModel } from '../model/costModel.ts';
import type { RankedFunction } from '../model/fleet/fleet.ts';
import type { ListedFunction } from '../model/fleet/listedFunction.ts';
import type { Observation } from '../model/production/observation.ts';
import type { TimeRange } from '../model/production/production.ts';
import { dayMs } from '../observe/period.ts';
import { callsOfARun, smallestMb } from '../observe/worth.ts';
import { invocationCostUsd } from '../pricing/pricing.ts';
import type { Counted } from './counts.ts';

/** What a function costs in a month, and what tuning it could be worth. */
export type FunctionWorth = Pick<
  RankedFunction,
  | 'invocationsPerMonth'
  | 'meanDurationMs'
  | 'monthlyUsd'
  | 'atMostSavesUsd'
  | 'because'
  | 'costToMeasureUsd'
  | 'basis'
  | 'notes'
>;

export function unknownWorth(because: string, notes: readonly string[] = []): FunctionWorth {
  return {
    invocationsPerMonth: null,
    meanDurationMs: null,
    monthlyUsd: null,
    atMostSavesUsd: null,
    because,
    costToMeasureUsd: null,
    basis: 'none',
    notes,
  };
}

/**
 * From counts and mean durations alone: billed init and the memory that is used are not known, so the bound is wide. At best the
 * function takes as long at the smallest size and on the cheaper architecture.
 */
export function worthByCounts(
  listed: ListedFunction,
  counted: Counted,
  range: TimeRange,
  costModel: CostModel,
): FunctionWorth {
  const perMonth = (counted.invocations / (range.toMs - range.fromMs)) * dayMs * daysPerMonth;
  const { meanDurationMs } = counted;
  if (counted.invocations === 0) {
    return {
      ...unknownWorth('it was not called'),
      invocationsPerMonth: 0,
      monthlyUsd: 0,
      atMostSavesUsd: 0,
      basis: 'metrics',
    };
  }
  if (meanDurationMs === undefined) {
    return { ...unknownWorth('how long it takes could not be read'), invocationsPerMonth: perMonth, basis: 'metrics' };
  }
  // Every call is rounded up to a millisecond: half of one on average.
  const costUsd = (memoryMb: number, architecture = listed.architecture) =>
    invocationCostUsd(
      { architecture, memoryMb, billedDurationMs: meanDurationMs + 0.5, ephemeralStorageMb: listed.ephemeralStorageMb },
      costModel,
    );
  const today = costUsd(listed.memoryMb);
  const leastMb = Math.min(listed.memoryMb, smallestMb);
  const least = Math.min(costUsd(leastMb), costUsd(leastMb, otherArchitecture(listed.architecture)));
  return {
    invocationsPerMonth: perMonth,
    meanDurationMs,
    monthlyUsd: perMonth * today,
    atMostSavesUsd: perMonth * Math.max(0, today - least),
    because:
      'no record was read, so the memory that it uses is not known: this is all but the price of the smallest size',
    costToMeasureUsd: callsOfARun * today,
    basis: 'metrics',
    notes: [],
  };
}

/**
 * What its records say of a call, over what the counts say of how many there are: a reading that the cap, a denial or the retention
 * of its log group cut short has seen only some of them.
 */
export function worthObserved(
  byCounts: FunctionWorth,
  { total, worth, sample, sources }: Observation,
  months: number,
): FunctionWorth {
  const notes = sources
    .filter(({ status }) => status === 'denied' || status === 'unusable')
    .map(({ source, note }) => `${source}: ${note ?? 'not read'}`);
  if (sample.records === 0) return { ...byCounts, notes: [...byCounts.notes, ...notes] };
  const seenPerMonth = total.invocations / months;
  const invocationsPerMonth = byCounts.invocationsPerMonth ?? seenPerMonth;
  const ofAll = (usd: number | null | undefined) =>
    usd === null || usd === undefined ? undefined : seenPerMonth > 0 ? (usd * invocationsPerMonth) / seenPerMonth : usd;
  return {
    invocationsPerMonth,
    meanDurationMs: byCounts.meanDurationMs,
    monthlyUsd: ofAll(total.costPerMonthUsd?.estimate) ?? byCounts.monthlyUsd,
    atMostSavesUsd: ofAll(worth.atMostUsdPerMonth) ?? byCounts.atMostSavesUsd,
    because: worth.because,
    costToMeasureUsd: worth.measuringUsd ?? byCounts.costToMeasureUsd,
    basis: 'records',
    notes: [...byCounts.notes, ...notes],
  };
}
