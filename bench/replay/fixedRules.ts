import { mean, sorted } from '../../src/stats/moments.ts';
import { normalQuantile, studentTQuantile } from '../../src/stats/quantiles.ts';
import { chargeUsd, durationUsd } from './charge.ts';
import type { RecordedConfiguration } from './records.ts';
import { answer, type Rule } from './rule.ts';
import { variance } from './variance.ts';

/** One cold call and `count` warm ones of every size; the cheapest mean wins, with the textbook t interval. */
export function plainMean(count: number): Rule {
  const t = studentTQuantile(0.975, count - 1);
  return ({ configurations }, account) => {
    const means = configurations.map((configuration) => {
      account.call(configuration, 'cold');
      const costs = repeat(count, () => chargeUsd(configuration, account.call(configuration, 'warm')));
      const margin = t * Math.sqrt(variance(costs) / count);
      const centre = mean(costs);
      return { configuration, centre, low: centre - margin, high: centre + margin };
    });
    const best = least(means, ({ centre }) => centre);
    return answer(best.configuration, [best.configuration], best);
  };
}

/**
 * aws-lambda-power-tuning, in series: `count` calls of every size, the first of them cold. Billed durations are sorted,
 * a fifth is cut off each end, their mean is rounded up; the request price is ignored and a tie goes to the faster.
 */
export function powerTuning(count: number): Rule {
  return ({ configurations }, account) => {
    const rated = configurations.map((configuration) => {
      const billed = repeat(count, (index) => Math.ceil(account.call(configuration, index === 0 ? 'cold' : 'warm')));
      const cut = Math.trunc(count * 0.2);
      const kept = sorted(billed).slice(cut, count - cut);
      const averageMs = Math.ceil(mean(kept));
      // It prints no interval: this one is what a reader would make of the durations it kept.
      const marginMs = normalQuantile(0.975) * Math.sqrt(variance(kept) / kept.length);
      return {
        configuration,
        averageMs,
        priceUsd: durationUsd(configuration, averageMs),
        low: chargeUsd(configuration, 0) + durationUsd(configuration, averageMs - marginMs),
        high: chargeUsd(configuration, 0) + durationUsd(configuration, averageMs + marginMs),
      };
    });
    const cheapestUsd = Math.min(...rated.map(({ priceUsd }) => priceUsd));
    const best = least(
      rated.filter(({ priceUsd }) => priceUsd === cheapestUsd),
      ({ averageMs }) => averageMs,
    );
    return answer(best.configuration, [best.configuration], best);
  };
}

function repeat<T>(times: number, make: (index: number) => T): T[] {
  return Array.from({ length: times }, (_, index) => make(index));
}

function least<T extends { readonly configuration: RecordedConfiguration }>(
  items: readonly T[],
  by: (item: T) => number,
): T {
  const [first, ...rest] = items;
  if (first === undefined) throw new Error('nothing to choose from');
  return rest.reduce((best, item) => (by(item) < by(best) ? item : best), first);
}
