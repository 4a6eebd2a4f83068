import { mean } from './moments.ts';
import type { Cluster, Sample } from './samples.ts';

/**
 * Two kinds of hosts, one of them slower by a factor that is the same for every sample. Method: means of logarithms per
 * environment, less the level of their sample, as one normal component or as a mixture of two with a common distance; both
 * by maximum likelihood on a grid, the levels integrated out under a flat prior (restricted likelihood, Patterson and
 * Thompson 1971). What calls scatter by inside an environment is known from the calls. In a mixture of equal variances the
 * slower ones are the last in order, so that only the splits in order are summed over. The likelihood ratio of a mixture
 * has no χ² distribution (McLachlan 1987): its threshold comes from simulated hosts of one kind (`npm run bench:statistics`).
 *
 * Where it fails: a sample whose environments are all of one kind does not say of which, and stays untold; three kinds are
 * taken for two; hosts nearer than about four times the scatter of an environment's mean are not told apart, and their
 * difference stays in the variance between environments.
 */
export interface HostKinds {
  /** How many times as long the slower ones take. */
  readonly ratio: number;
  /** Per sample the environments on slower hosts; undefined where it is not known. */
  readonly slow: readonly (ReadonlySet<string> | undefined)[];
  /** Share of the slower ones among all whose kind is known. */
  readonly share: number;
  /** How many of each kind every sample met, where it is known: 0 of both where it is not. */
  readonly met: readonly { readonly slow: number; readonly fast: number }[];
}

/**
 * Twice the difference of the log likelihoods. Of hosts of one kind (normal, spread 0 to 8 %; 2 to 12 samples, 2 to 12
 * environments each; values of all the shapes of the bench) 1 % pass it at most, of t-distributed ones with 4 degrees of freedom 5 %.
 */
const clearlyBetter = 7;

/** How sure the kinds of one sample's environments must be: the usual level; coverage with it is in `npm run bench:statistics` ("Hosts"). */
const sure = 0.95;

/**
 * Of many environments some lie between the kinds, and which of them are slow is never surely known of all: of a sample up to a sixteenth
 * may be of either, and count as what is likelier. Of fewer than sixteen environments all must be sure. While all had to be of 32, too, 60 instead of
 * 13 of 100 checks with a file stayed open on arm64 where calls scatter by 10 % (`npm run bench:check -- --only "arm64, 1 file"`); of hosts of one kind,
 * 3 to 8 % apart, 16 and 32 environments a sample pass for two kinds in 0 to 2 % of 150 runs (`kindsMet`, same bench as the threshold).
 */
const unsureShare = 1 / 16;

/** Degrees of freedom that the scatter of all samples is worth beside one's own: as many as a sample of five calls has (same bench). */
const commonDf = 4;

/** Below this relative scatter values are rounded, and their logarithms would say too much. */
const quietest = 0.005;

/** Undefined where the data do not clearly show two kinds. How many of each were met is for the caller to judge. */
export function hostKindsOf(samples: readonly Sample[]): HostKinds | undefined {
  const groups = groupsOf(samples);
  const several = groups.filter(({ levels }) => levels.length > 1);
  const environments = several.reduce((sum, { levels }) => sum + levels.length, 0);
  // The usual case, and cheap to see: too few to tell, or nothing as far apart as two kinds are.
  if (environments < 4 || Math.max(...several.map(rangeOf)) < nearest) return undefined;
  const one = Math.max(...deviations.map((deviation) => total(groups, (group) => logOne(group, deviation))));
  const two = bestMixture(groups);
  if (2 * (two.log - one) < clearlyBetter) return undefined;
  const slow = groups.map((group) => slowOnes(group, two));
  const met = groups.map(({ levels }, index) => {
    const count = slow[index]?.size;
    return count === undefined ? { slow: 0, fast: 0 } : { slow: count, fast: levels.length - count };
  });
  const slowMet = met.reduce((sum, count) => sum + count.slow, 0);
  const allMet = met.reduce((sum, count) => sum + count.slow + count.fast, 0);
  if (allMet === 0) return undefined;
  return { ratio: ratioOfKinds(samples, slow), slow, share: slowMet / allMet, met };
}

/** Of a figure, by kinds that another one may have told: within samples that met both, by how much is known of each. */
export function ratioOfKinds(samples: readonly Sample[], slow: HostKinds['slow']): number {
  let weights = 0;
  let sum = 0;
  for (const [index, group] of groupsOf(samples).entries()) {
    const set = slow[index];
    const [slowOnes, fastOnes] = [true, false].map((isSlow) =>
      group.levels.filter(({ environment }) => set?.has(environment) === isSlow),
    );
    if (!slowOnes?.length || !fastOnes?.length) continue;
    const weight = 1 / (1 / slowOnes.length + 1 / fastOnes.length);
    weights += weight;
    sum += weight * (mean(slowOnes.map(({ level }) => level)) - mean(fastOnes.map(({ level }) => level)));
  }
  return weights === 0 ? 1 : Math.exp(sum / weights);
}

/** Values as they would be on hosts that are mixed everywhere as they are over all samples: a mean keeps its level. */
export function asMixed(sample: Sample, slow: ReadonlySet<string>, ratio: number, share: number): Sample {
  const mixed = 1 + share * (ratio - 1);
  return sample.map((stratum) => ({
    ...stratum,
    clusters: stratum.clusters.map((cluster): Cluster => {
      const factor = mixed / (slow.has(cluster.environment) ? ratio : 1);
      return { environment: cluster.environment, values: cluster.values.map((value) => value * factor) };
    }),
  }));
}

interface Group {
  /** In ascending order of level. */
  readonly levels: readonly { readonly environment: string; readonly level: number; readonly variance: number }[];
}

function groupsOf(samples: readonly Sample[]): Group[] {
  const scatters = samples.map(logScatter);
  const df = scatters.reduce((sum, one) => sum + one.df, 0);
  const common = scatters.reduce((sum, one) => sum + one.squares, 0) / Math.max(1, df);
  return scatters.map(({ squares, df: own, sums }) => {
    const variance = Math.max((squares + commonDf * common) / (own + commonDf), quietest ** 2);
    const levels = [...sums].map(([environment, { sum, count }]) => ({
      environment,
      level: sum / count,
      variance: variance / count,
    }));
    return { levels: levels.sort((a, b) => a.level - b.level) };
  });
}

function rangeOf({ levels }: Group): number {
  return (levels.at(-1)?.level ?? 0) - (levels[0]?.level ?? 0);
}

/** Logarithms less their stratum's mean: sums per environment, squares inside them. */
function logScatter(sample: Sample) {
  const sums = new Map<string, { sum: number; count: number }>();
  let squares = 0;
  let df = 0;
  for (const { clusters } of sample) {
    const logs = clusters.map(({ values }) => values.filter((value) => value > 0).map(Math.log));
    const centre = mean(logs.flat());
    for (const [index, { environment }] of clusters.entries()) {
      const own = logs[index] ?? [];
      if (own.length === 0) continue;
      const level = mean(own);
      for (const value of own) squares += (value - level) ** 2;
      df += own.length - 1;
      const { sum, count } = sums.get(environment) ?? { sum: 0, count: 0 };
      sums.set(environment, { sum: sum + own.length * (level - centre), count: count + own.length });
    }
  }
  return { squares, df, sums };
}

/** The grid, wide enough for every row of the bench. Standard deviations between hosts of one kind, 0.3 % to 50 %. */
const deviations = Array.from({ length: 10 }, (_, index) => 0.003 * 1.75 ** index);
/** Kinds that are less apart are not worth telling: 5 % to 54 %. */
const nearest = 0.05;
const distances = Array.from({ length: 18 }, (_, index) => nearest * 1.15 ** index);
const shares = [0.2, 0.35, 0.5, 0.65, 0.8];

interface Mixture {
  readonly log: number;
  readonly distance: number;
  readonly deviation: number;
  readonly share: number;
}

function bestMixture(groups: readonly Group[]): Mixture {
  let best: Mixture = { log: Number.NEGATIVE_INFINITY, distance: 0, deviation: 0, share: 0.5 };
  for (const deviation of deviations) {
    for (const distance of distances) {
      // What overlaps is no two kinds.
      if (distance < 3 * deviation) continue;
      const splits = groups.map((group) => logSplits(group, deviation, distance));
      for (const share of shares) {
        // Most are far from the best, which is told without a logarithm of sums.
        if (splits.reduce((sum, logs) => sum + atMost(logs, share), 0) <= best.log) continue;
        const log = splits.reduce((sum, logs) => sum + weighedSum(logs, share), 0);
        if (log > best.log) best = { log, distance, deviation, share };
      }
    }
  }
  return best;
}

function slowOnes({ levels }: Group, { deviation, distance, share }: Mixture): ReadonlySet<string> | undefined {
  const logs = weighed(logSplits({ levels }, deviation, distance), share);
  const all = logSum(logs);
  const count = logs.indexOf(Math.max(...logs));
  const unsure = Math.floor(unsureShare * levels.length);
  const near = logs.slice(Math.max(0, count - unsure), count + unsure + 1);
  // All of one kind: of which, the sample cannot say.
  if (Math.exp(logSum(near) - all) < sure || count === 0 || count === levels.length) return undefined;
  return new Set(levels.slice(-count).map(({ environment }) => environment));
}

/** Log likelihood with the last k in order on slower hosts, k = 0 … all. */
function logSplits({ levels }: Group, deviation: number, distance: number): number[] {
  let [weights, first, second, logs] = [0, 0, 0, 0];
  for (const { level, variance } of levels) {
    const weight = 1 / (deviation ** 2 + variance);
    weights += weight;
    first += weight * level;
    second += weight * level ** 2;
    logs += Math.log(weight) / 2;
  }
  if (levels.length < 2) return [0];
  const found = [logs - Math.log(weights) / 2 - (second - first ** 2 / weights) / 2];
  for (const { level, variance } of levels.toReversed()) {
    const weight = 1 / (deviation ** 2 + variance);
    first -= weight * distance;
    second += weight * ((level - distance) ** 2 - level ** 2);
    found.push(logs - Math.log(weights) / 2 - (second - first ** 2 / weights) / 2);
  }
  return found;
}

function logOne(group: Group, deviation: number): number {
  return logSplits({ levels: group.levels }, deviation, 0)[0] ?? 0;
}

function weighed(splits: readonly number[], share: number): number[] {
  const most = splits.length - 1;
  if (most === 0) return [...splits];
  return splits.map((log, slow) => log + slow * Math.log(share) + (most - slow) * Math.log(1 - share));
}

/** `logSum(weighed(splits, share))`, thousands of times: without an array for each. */
function weighedSum(splits: readonly number[], share: number): number {
  const step = Math.log(share / (1 - share));
  let highest = Number.NEGATIVE_INFINITY;
  let weight = 0;
  for (const log of splits) {
    highest = Math.max(highest, log + weight);
    weight += step;
  }
  let sum = 0;
  weight = 0;
  for (const log of splits) {
    sum += Math.exp(log + weight - highest);
    weight += step;
  }
  return (splits.length - 1) * Math.log(1 - share) + highest + Math.log(sum);
}

/** No less than `weighedSum`: as if all were as likely as the likeliest. */
function atMost(splits: readonly number[], share: number): number {
  const step = Math.log(share / (1 - share));
  let highest = Number.NEGATIVE_INFINITY;
  let weight = 0;
  for (const log of splits) {
    if (log + weight > highest) highest = log + weight;
    weight += step;
  }
  return (splits.length - 1) * Math.log(1 - share) + highest + Math.log(splits.length);
}

function logSum(logs: readonly number[]): number {
  const highest = Math.max(...logs);
  return highest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - highest), 0));
}

function total(groups: readonly Group[], of: (group: Group) => number): number {
  return groups.reduce((sum, group) => sum + of(group), 0);
}
