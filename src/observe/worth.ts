import { otherArchitecture } from '../model/configuration.ts';
import { daysPerMonth, type Interval, type ObservedFigures, type Worth } from '../model/observation.ts';
import { invocationCostUsd } from '../pricing/pricing.ts';
import type { Evidence } from './evidence.ts';
import { dayMs } from './period.ts';

/** What a run of tune makes, about: sizes of two architectures, cold and warm. */
export const callsOfARun = 300;
export const smallestMb = 128;
/** Sizes are compared in steps of it. */
const stepMb = 64;

/**
 * Bounds, not promises. At best the function is bound by something else than its processor, and takes as long at the smallest size
 * that its memory allows and on the cheaper architecture. Requests cost the same everywhere. Where the time of the processor is
 * known, it cannot be bought away.
 */
export function worthOf(evidence: Evidence, total: ObservedFigures, cpuMs?: Interval): Worth {
  const { current, costModel, computeOptimizer } = evidence;
  const calls = evidence.windows.flatMap((window) =>
    window.calls.filter(({ memoryMb }) => memoryMb === current.memoryMb),
  );
  const month = total.costPerMonthUsd;
  const unknown = (because: string): Worth => ({
    atMostUsdPerMonth: null,
    because,
    measuringUsd: null,
    isWorthMeasuring: null,
    computeOptimizer,
  });
  if (month === null || total.costPerMillionUsd === null) return unknown('what it costs could not be read');
  if (calls.length === 0) return unknown('no record tells how much memory it uses at its current size');
  const perMonth = (total.invocations / (evidence.period.toMs - evidence.period.fromMs)) * dayMs * daysPerMonth;
  const requestsUsd = perMonth * costModel.requestUsd[current.architecture];
  const durationUsd = Math.max(0, month.estimate - requestsUsd);
  const markMb = calls.reduce((most, { maxMemoryUsedMb }) => Math.max(most, maxMemoryUsedMb), 0);
  const leastMb = Math.min(current.memoryMb, Math.max(smallestMb, Math.ceil(markMb / stepMb) * stepMb));
  const other = otherArchitecture(current.architecture);
  const priceRatio = Math.min(1, costModel.gbSecondUsd[other] / costModel.gbSecondUsd[current.architecture]);
  const sizeRatio = cpuMs === undefined ? leastMb / current.memoryMb : bestSizeRatio(evidence, cpuMs, leastMb);
  const atMost = durationUsd * (1 - priceRatio * sizeRatio);
  const meanMs = calls.reduce((sum, { billedMs }) => sum + billedMs, 0) / calls.length;
  const measuringUsd = callsOfARun * invocationCostUsd({ ...current, billedDurationMs: meanMs }, costModel);
  const reasons = [
    ...(priceRatio < 1 ? [`${other} costs ${percent(1 - priceRatio)} less per second`] : []),
    ...(sizeRatio < 1
      ? [
          cpuMs === undefined
            ? `up to ${Math.round(markMb)} MB of ${current.memoryMb} MB were used, and how much of its time is the processor's is not known`
            : `its processor is busy for ${Math.round(cpuMs.estimate)} ms of a call`,
        ]
      : [`it needs the memory that it has (${Math.round(markMb)} MB of ${current.memoryMb} MB used)`]),
  ];
  return {
    atMostUsdPerMonth: atMost,
    because: reasons.join('; '),
    measuringUsd,
    isWorthMeasuring: atMost > measuringUsd,
    computeOptimizer,
  };
}

const oneVcpuMb = 1769;

/**
 * D(m) = W + C·max(1, 1769/m), from the processor's time C and the duration of today; one thread. The smallest product of memory
 * and duration that the uncertainty of C allows, against that of today: a bound to decide what to measure by, never a result.
 */
function bestSizeRatio({ current, windows }: Evidence, cpuMs: Interval, leastMb: number): number {
  const calls = windows.flatMap((window) => window.calls);
  const meanMs = calls.reduce((sum, { durationMs }) => sum + durationMs, 0) / Math.max(1, calls.length);
  const slowdown = (memoryMb: number) => Math.max(1, oneVcpuMb / memoryMb);
  const today = current.memoryMb * meanMs;
  let best = 1;
  for (const busyMs of [cpuMs.low, cpuMs.estimate, cpuMs.high]) {
    // What was measured at today's share of a processor, as on a whole one.
    const wholeMs = Math.min(busyMs, meanMs / slowdown(current.memoryMb));
    const waitMs = meanMs - wholeMs * slowdown(current.memoryMb);
    for (let memoryMb = leastMb; memoryMb <= 10_240; memoryMb += stepMb) {
      best = Math.min(best, (memoryMb * (waitMs + wholeMs * slowdown(memoryMb))) / today);
    }
  }
  return best;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
