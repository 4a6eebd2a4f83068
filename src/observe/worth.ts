import { daysPerMonth } from '../model/amounts.ts';
import { otherArchitecture, sameConfiguration } from '../model/configuration.ts';
import type { Interval, ObservedFigures } from '../model/production/observedFigures.ts';
import type { ObservedWorth } from '../model/production/worth.ts';
import { invocationCostUsd } from '../pricing/pricing.ts';
import { formatShare } from '../text/format.ts';
import type { ObservedCall } from './calls.ts';
import { ratioOfAmounts } from './estimate.ts';
import type { ProductionEvidence } from './evidence.ts';
import { dayMs } from './period.ts';

/** What a run of tune makes, about: sizes of two architectures, cold and warm. */
export const callsOfARun = 300;
export const smallestMb = 128;
/** Sizes are compared in steps of it. */
const stepMb = 64;

/**
 * Mean error of durations that are predicted from one size (Sizeless, arXiv 2010.15162): the time of the processor is taken for less
 * by twice that.
 */
const modelError = 0.153;

/**
 * Bounds, not promises. At best the function is bound by something else than its processor, and takes as long at the smallest size
 * that its memory allows and on the cheaper architecture. Requests cost the same everywhere. Where the time of the processor is
 * known, it cannot be bought away: by Lambda Insights, or by X-Ray, where it is at most what is no call of others.
 */
export function worthOf(
  evidence: ProductionEvidence,
  total: ObservedFigures,
  cpuMs?: Interval,
  keptUsdPerMonth = 0,
): ObservedWorth {
  const { current, costModel, computeOptimizer, downstream } = evidence;
  const isOfToday = (call: ObservedCall) => sameConfiguration(call, current);
  const calls = evidence.windows.flatMap((window) => window.calls.filter(isOfToday));
  const month = total.costPerMonthUsd;
  const shortenableShare = downstream === undefined ? undefined : 1 - downstream.share;
  const unknown = (because: string): ObservedWorth => ({
    atMostUsdPerMonth: null,
    because,
    measuringUsd: null,
    isWorthMeasuring: null,
    shortenableShare,
    computeOptimizer,
  });
  if (month === null || total.costPerMillionUsd === null) return unknown('what it costs could not be read');
  if (calls.length === 0) return unknown('no record tells how much memory it uses at its current size');
  const perMonth = (total.invocations / (evidence.period.toMs - evidence.period.fromMs)) * dayMs * daysPerMonth;
  // A month as it is set today: what it was before is not to be saved any more.
  const perCall = ratioOfAmounts(
    evidence.windows,
    (call) => (isOfToday(call) ? call.costUsd : 0),
    (call) => Number(isOfToday(call)),
    {
      isWhole: true,
    },
  );
  // What is kept ready costs by memory size and architecture, too.
  const ofUsdPerMonth = Math.max(0, (perCall?.estimate ?? 0) * perMonth + keptUsdPerMonth);
  const durationUsd = Math.max(0, ofUsdPerMonth - perMonth * costModel.requestUsd[current.architecture]);
  const markMb = calls.reduce((most, { maxMemoryUsedMb }) => Math.max(most, maxMemoryUsedMb), 0);
  const leastMb = Math.min(current.memoryMb, Math.max(smallestMb, Math.ceil(markMb / stepMb) * stepMb));
  const other = otherArchitecture(current.architecture);
  const priceRatio = Math.min(1, costModel.gbSecondUsd[other] / costModel.gbSecondUsd[current.architecture]);
  const meanMs = calls.reduce((sum, { durationMs }) => sum + durationMs, 0) / calls.length;
  const busyMs = processorMs(current.memoryMb, meanMs, cpuMs, shortenableShare);
  const sizeRatio =
    busyMs === undefined ? leastMb / current.memoryMb : bestSizeRatio(current.memoryMb, meanMs, busyMs, leastMb);
  const atMost = durationUsd * (1 - priceRatio * sizeRatio);
  const billedMs = calls.reduce((sum, call) => sum + call.billedMs, 0) / calls.length;
  const measuringUsd = callsOfARun * invocationCostUsd({ ...current, billedDurationMs: billedMs }, costModel);
  const marked = `up to ${Math.round(markMb)} MB of ${current.memoryMb} MB were used`;
  const reasons = [
    ...(priceRatio < 1 ? [`${other} costs ${formatShare(1 - priceRatio)} less per second`] : []),
    ...(leastMb >= current.memoryMb
      ? [`it needs the memory that it has (${Math.round(markMb)} MB of ${current.memoryMb} MB used)`]
      : busyMs === undefined
        ? [`${marked}, and how much of its time is the processor's is not known`]
        : [marked]),
    ...(cpuMs === undefined ? [] : [`its processor is busy for ${Math.round(cpuMs.estimate)} ms of a call`]),
    ...(shortenableShare === undefined
      ? []
      : [
          `${formatShare(1 - shortenableShare)} of p50 is calls of others, which no memory shortens: at most ${formatShare(shortenableShare)} could be saved of its time`,
        ]),
  ];
  return {
    atMostUsdPerMonth: atMost,
    ofUsdPerMonth,
    because: reasons.join('; '),
    measuringUsd,
    isWorthMeasuring: atMost > measuringUsd,
    shortenableShare,
    computeOptimizer,
  };
}

const oneVcpuMb = 1769;

function slowdown(memoryMb: number): number {
  return Math.max(1, oneVcpuMb / memoryMb);
}

/** Of a call, on a whole processor. Never more than what is no call of others, at today's part of one; undefined: not known. */
function processorMs(
  memoryMb: number,
  meanMs: number,
  cpuMs: Interval | undefined,
  shortenableShare: number | undefined,
): Interval | undefined {
  const mostMs = ((shortenableShare ?? 1) * meanMs) / slowdown(memoryMb);
  if (cpuMs !== undefined) {
    const { low, estimate, high } = cpuMs;
    return { low: Math.min(low, mostMs), estimate: Math.min(estimate, mostMs), high: Math.min(high, mostMs) };
  }
  if (shortenableShare === undefined) return undefined;
  // What nobody traced may be waiting, too.
  return { low: mostMs * (1 - 2 * modelError), estimate: mostMs, high: mostMs };
}

/**
 * D(m) = W + C·max(1, 1769/m), from the processor's time C and the duration of today; one thread. The smallest product of memory
 * and duration that the uncertainty of C allows, against that of today: a bound to decide what to measure by, never a result.
 */
function bestSizeRatio(currentMb: number, meanMs: number, busyMs: Interval, leastMb: number): number {
  const today = currentMb * meanMs;
  let best = 1;
  for (const wholeMs of [busyMs.low, busyMs.estimate, busyMs.high]) {
    const waitMs = meanMs - wholeMs * slowdown(currentMb);
    for (let memoryMb = leastMb; memoryMb <= 10_240; memoryMb += stepMb) {
      best = Math.min(best, (memoryMb * (waitMs + wholeMs * slowdown(memoryMb))) / today);
    }
  }
  return best;
}
