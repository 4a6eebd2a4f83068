import { daysPerMonth, type ObservedFigures } from '../model/observation.ts';
import { provisionedPrices, secondsPerMonth } from '../pricing/monthlyPrices.ts';
import { type Evidence, sumOf } from './evidence.ts';
import { dayMs } from './period.ts';

/**
 * What provisioned concurrency adds to the cost of a month, as it is configured today. Calls that it serves are in that cost at the
 * on-demand price: what their own price is less is taken off here. Undefined: none is configured; null: not known.
 */
export function provisionedUsdOf(evidence: Evidence, total: ObservedFigures): number | null | undefined {
  const { provisioned = 0, current, costModel, metrics, period } = evidence;
  if (provisioned === 0) return undefined;
  const { architecture, memoryMb } = current;
  const prices = provisionedPrices(costModel, architecture);
  if (prices === undefined || metrics === undefined || total.costPerMillionUsd === null) return null;
  const configuredUsd = provisioned * (memoryMb / 1024) * secondsPerMonth * prices.configuredUsd;
  const onDemandUsd = costModel.gbSecondUsd[architecture];
  const gbSecondsOfCall =
    Math.max(0, total.costPerMillionUsd.estimate / 1e6 - costModel.requestUsd[architecture]) / onDemandUsd;
  const servedPerMonth = (sumOf(metrics.provisionedCalls) / (period.toMs - period.fromMs)) * dayMs * daysPerMonth;
  return configuredUsd - servedPerMonth * gbSecondsOfCall * (onDemandUsd - prices.durationUsd);
}
