import { daysPerMonth } from '../model/amounts.ts';
import type { Architecture } from '../model/configuration.ts';
import type { CostModel } from '../model/costModel.ts';
import { durationTiers, type ProvisionedPrices, tieredUsd } from '../pricing/monthlyPrices.ts';
import { type OrderedUse, stepSeconds, stepsPerDay } from './orderedUse.ts';

/** What decides between environments on demand and provisioned ones. Requests, logs and storage cost the same either way. */
export interface ProvisioningChoice {
  readonly use: OrderedUse;
  /** GB of memory. */
  readonly gb: number;
  readonly costModel: CostModel;
  readonly architecture: Architecture;
  readonly provisioned: ProvisionedPrices;
  /** On demand, cold starts make each second dearer by this factor: 1 + cold share × init ÷ duration, as billed. */
  readonly coldFactor: number;
}

/** US$ per month of compute with so many environments in each step. Volume tiers count. */
export function computeUsd(choice: ProvisioningChoice, environments: (step: number) => number): number {
  const { use, gb, costModel, architecture, provisioned, coldFactor } = choice;
  const eachDay = stepsPerDay / use.steps;
  let configured = 0;
  let inside = 0;
  let outside = 0;
  for (let step = 0; step < use.steps; step++) {
    const count = environments(step);
    configured += count * stepSeconds;
    for (let place = 0; place < use.billedS.length; place++) {
      const seconds = use.billedS[place]?.[step] ?? 0;
      if (place < count) inside += seconds;
      else outside += seconds;
    }
  }
  const monthly = daysPerMonth * eachDay * gb;
  return (
    monthly * (configured * provisioned.configuredUsd + inside * provisioned.durationUsd) +
    tieredUsd(monthly * outside * coldFactor, durationTiers(costModel, architecture))
  );
}

/** The bill by a constant number, from none to the most that were ever busy. */
export function constantCurve(choice: ProvisioningChoice): readonly number[] {
  const { use, gb, costModel, architecture, provisioned, coldFactor } = choice;
  const monthly = daysPerMonth * (stepsPerDay / use.steps) * gb;
  const totals = use.billedS.map((steps) => steps.reduce((sum, seconds) => sum + seconds, 0));
  const tiers = durationTiers(costModel, architecture);
  let outside = totals.reduce((sum, seconds) => sum + seconds, 0);
  let inside = 0;
  const usdAt = (environments: number) =>
    monthly * (environments * use.steps * stepSeconds * provisioned.configuredUsd + inside * provisioned.durationUsd) +
    tieredUsd(monthly * Math.max(0, outside) * coldFactor, tiers);
  const curve = [usdAt(0)];
  for (const [place, seconds] of totals.entries()) {
    inside += seconds;
    outside -= seconds;
    curve.push(usdAt(place + 1));
  }
  return curve;
}

/** Index of the least; the first of several. */
export function leastAt(values: readonly number[]): number {
  return values.reduce((best, value, index) => (value < (values[best] ?? Number.POSITIVE_INFINITY) ? index : best), 0);
}

/**
 * The cheapest numbers by time of day with so many changes at most (each begins a stretch; the day begins with one). Exact: with
 * one price on demand the value of a number in a step is a sum over its environments, and dynamic programming finds the best
 * stretches; the tiered bill is the least of its tangents, one a tier, so that the best of their optima is the optimum.
 */
export function cheapestSchedule(choice: ProvisioningChoice, mostStretches: number): readonly number[] {
  const tiers = durationTiers(choice.costModel, choice.architecture);
  const candidates = tiers.map(({ usd }) => scheduleAt(choice, usd, mostStretches));
  const bills = candidates.map((schedule) => computeUsd(choice, (step) => schedule[step] ?? 0));
  return candidates[leastAt(bills)] ?? [];
}

function scheduleAt(choice: ProvisioningChoice, onDemandUsd: number, mostStretches: number): readonly number[] {
  const { use, provisioned, coldFactor } = choice;
  const gain = onDemandUsd * coldFactor - provisioned.durationUsd;
  const { steps } = use;
  // What environment number k+1 saves in a step; none is worth it from where the rest never is.
  const worth = use.billedS.map((seconds) =>
    seconds.map((used) => used * gain - stepSeconds * provisioned.configuredUsd),
  );
  const most = worth.findLastIndex((values) => values.some((value) => value > 0)) + 1;
  const width = most + 1;
  const saved = new Float64Array(steps * width);
  for (let step = 0; step < steps; step++) {
    for (let count = 1; count <= most; count++) {
      saved[step * width + count] = (saved[step * width + count - 1] as number) + (worth[count - 1]?.[step] ?? 0);
    }
  }
  // best[stretch][count]: of the steps so far, ending with that number.
  const size = mostStretches * width;
  let best = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  const cameFrom = new Int32Array(steps * size).fill(-1);
  for (let count = 0; count < width; count++) best[count] = saved[count] as number;
  for (let step = 1; step < steps; step++) {
    const next = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    for (let stretch = 0; stretch < mostStretches; stretch++) {
      let before = -1;
      if (stretch > 0) {
        for (let count = 0; count < width; count++) {
          const at = (stretch - 1) * width + count;
          if (before < 0 || (best[at] as number) > (best[before] as number)) before = at;
        }
      }
      for (let count = 0; count < width; count++) {
        const at = stretch * width + count;
        const keeps = best[at] as number;
        const changes = before < 0 ? Number.NEGATIVE_INFINITY : (best[before] as number);
        const from = changes > keeps ? before : at;
        next[at] = Math.max(keeps, changes) + (saved[step * width + count] as number);
        cameFrom[step * size + at] = from;
      }
    }
    best = next;
  }
  let at = leastAt(Array.from(best, (value) => -value));
  const schedule = new Array<number>(steps).fill(0);
  for (let step = steps - 1; step >= 0; step--) {
    schedule[step] = at % width;
    at = step === 0 ? at : (cameFrom[step * size + at] as number);
  }
  return schedule;
}
