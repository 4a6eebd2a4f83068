import { normalQuantile } from './quantiles.ts';

/** A ratio with its 95 % interval. */
export interface RatioInterval {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/**
 * One ratio out of those at several places: the mean of their logarithms, each place counted alike, so that a place with many
 * calls does not stand for the others. Their errors add as those of independent samples. Each interval was made with t at its
 * own degrees of freedom, so the pooled one is a little wide where these are few; to another confidence it is scaled as a normal
 * one. Where it fails: where one host serves several places at once, its error is counted as several. No constants but 95 %.
 * @param places never empty
 */
export function pooledRatio(places: readonly RatioInterval[], confidence: number): RatioInterval {
  const centre = places.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / places.length;
  const scale = normalQuantile((1 + confidence) / 2) / normalQuantile(0.975);
  const width = (of: (place: RatioInterval) => number) =>
    (scale * Math.sqrt(places.reduce((sum, place) => sum + of(place) ** 2, 0))) / places.length;
  return {
    ratio: Math.exp(centre),
    low: Math.exp(centre - width(({ ratio, low }) => Math.log(ratio / low))),
    high: Math.exp(centre + width(({ ratio, high }) => Math.log(high / ratio))),
  };
}
