/**
 * How measured numbers are grouped before anything is estimated. Values of one environment are a cluster: they share a
 * host and whatever it does to them. Values of one payload are a stratum: its weight is given, not estimated (stratified cluster
 * sampling: Cochran, Sampling Techniques, 1977, ch. 5 and 9). Where it fails: environments that share a host without saying so count as two
 * clusters; a payload whose work differs from call to call is one stratum all the same. No constants.
 */

export interface SampledValue {
  readonly value: number;
  readonly environment: string;
  /** Name of the stratum; absent where there is only one. */
  readonly stratum?: string | undefined;
}

export interface Cluster {
  readonly environment: string;
  readonly values: readonly number[];
}

export interface Stratum {
  /** Relative, greater than 0. */
  readonly weight: number;
  /** Never empty, and no cluster is. */
  readonly clusters: readonly Cluster[];
}

/** All values of one configuration. Empty when there are none. */
export type Sample = readonly Stratum[];

/** One stratum, grouped by environment. */
export function sampleOf(observations: readonly SampledValue[]): Sample {
  if (observations.length === 0) return [];
  return [{ weight: 1, clusters: clustersOf(observations) }];
}

/**
 * Observations dealt to their strata. Strata without observations are absent (see `missingStrata`), observations of no
 * named stratum are ignored.
 */
export function stratifiedSample(
  observations: readonly SampledValue[],
  weights: readonly { readonly name: string; readonly weight: number }[],
): Sample {
  return weights.flatMap(({ name, weight }) => {
    const own = observations.filter((observation) => observation.stratum === name);
    return own.length === 0 ? [] : [{ weight, clusters: clustersOf(own) }];
  });
}

export function missingStrata(
  observations: readonly SampledValue[],
  weights: readonly { readonly name: string }[],
): string[] {
  const present = new Set(observations.map((observation) => observation.stratum));
  return weights.map(({ name }) => name).filter((name) => !present.has(name));
}

/** Asked for again and again of the same stratum while configurations are compared with each other. */
const allValues = new WeakMap<Stratum, readonly number[]>();

export function valuesOf(stratum: Stratum): readonly number[] {
  const known = allValues.get(stratum);
  if (known !== undefined) return known;
  const values = stratum.clusters.flatMap((cluster) => cluster.values);
  allValues.set(stratum, values);
  return values;
}

export function countOf(sample: Sample): number {
  return sample.reduce((sum, stratum) => sum + valuesOf(stratum).length, 0);
}

export function environmentsOf(sample: Sample): number {
  return new Set(sample.flatMap((stratum) => stratum.clusters.map((cluster) => cluster.environment))).size;
}

function clustersOf(observations: readonly SampledValue[]): Cluster[] {
  const byEnvironment = new Map<string, number[]>();
  for (const { environment, value } of observations) {
    const values = byEnvironment.get(environment);
    if (values === undefined) byEnvironment.set(environment, [value]);
    else values.push(value);
  }
  return [...byEnvironment].map(([environment, values]) => ({ environment, values }));
}

/** Σ of the squared shares that environments have in the calls, strata by weight: 1 ÷ their number where they served alike. */
export function environmentShares(sample: Sample): number {
  const totalWeight = sample.reduce((sum, { weight }) => sum + weight, 0);
  const shares = new Map<string, number>();
  for (const stratum of sample) {
    const count = valuesOf(stratum).length;
    for (const { environment, values } of stratum.clusters) {
      const share = ((stratum.weight / totalWeight) * values.length) / count;
      shares.set(environment, (shares.get(environment) ?? 0) + share);
    }
  }
  return [...shares.values()].reduce((sum, share) => sum + share ** 2, 0);
}
