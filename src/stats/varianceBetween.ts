import { mean, squaredDeviations } from './moments.ts';
import { normalCdf, studentTQuantile } from './quantiles.ts';
import type { Stratum } from './samples.ts';

interface Layout {
  readonly betweenDf: number;
  readonly withinDf: number;
  /** Mean square between environments ÷ mean square within. */
  readonly ratio: number;
  /** Mean number of values per environment ÷ relative variance within: turns a variance between into a share of `ratio`. */
  readonly precision: number;
}

/**
 * Relative variance between environments and the degrees of freedom it is worth: posterior of the variance component of
 * a one-way layout (Box and Tiao 1973, ch. 5) under a scaled inverse χ² prior, integrated on a grid. It is handed on as
 * a t distribution for an environment's effect (see `cautious`). Where samples
 * scatter too much to tell environments apart the prior stands; where they do not, the data soon outweigh it. Where it fails: hosts
 * of two kinds are no normal effect (hostKinds.ts tells them first); environments taken one after another hold an hour's drift,
 * too, which is taken for hosts here (a check takes it off: check/blocks.ts).
 */
export function varianceBetween(
  strata: readonly Stratum[],
  priorVariance: number,
  priorDf: number,
  cautious: number,
): { readonly variance: number; readonly df: number } {
  const layouts = strata.flatMap(layoutOf);
  if (layouts.length === 0) return { variance: priorVariance, df: priorDf };
  const logDensities = grid.map((deviation) => {
    const variance = deviation ** 2;
    // Inverse χ² density per step of the (logarithmic) grid, then the F density of each layout.
    let log = -(priorDf / 2) * (Math.log(variance / priorVariance) + priorVariance / variance);
    for (const { betweenDf, withinDf, ratio, precision } of layouts) {
      const inflation = 1 + variance * precision;
      log -= (betweenDf / 2) * Math.log(inflation);
      log -= ((betweenDf + withinDf) / 2) * Math.log1p((betweenDf * ratio) / (withinDf * inflation));
    }
    return log;
  });
  const highest = Math.max(...logDensities);
  const posterior = grid
    .map((deviation, index) => ({ deviation, weight: Math.exp((logDensities[index] ?? highest) - highest) }))
    .filter(({ weight }) => weight > 1e-6);
  const df = degreesOfFreedom(posterior);
  const varianceAt = (quantile: number) => (quantileOfEffect(posterior, quantile) / studentTQuantile(nominal, df)) ** 2;
  const least = df > outweighed * priorDf ? Math.max(nominal, cautious) : cautious;
  const variance = varianceAt(least);
  const beyond = Math.min(1, Math.max(0, 4 * (variance / priorVariance - 1)));
  const further = beyond * Math.max(0, beyondBelief - least);
  return { variance: further === 0 ? variance : varianceAt(least + further), df };
}

type Posterior = readonly { readonly deviation: number; readonly weight: number }[];

/**
 * The t has at 97.5 % what the effect has at the quantile `cautious` under the posterior. Above 97.5 %: a prior that may lie
 * below the truth, with few environments to correct it, covers too little (arm64 with its two kinds of hosts: of eight
 * environments a side 93 % of ratios become 94 %). Below: a prior as wide as the widest that was recorded covers too much (rows
 * of x86_64 at a spread of 3 %: 98 % become 96 %), and what nothing needs would leave answers undecided. Chosen by
 * `npm run bench:statistics` and `npm run bench:advice`.
 */
const nominal = 0.975;

/** Where the environments of the run say twice what the prior does, it has given way, and its width needs no making up for. */
const outweighed = 3;

/**
 * Where environments turn out to differ by more than was believed, the prior lies below the truth, whatever it was chosen for, and
 * draws the estimate down: from there (fully where the variance is a quarter larger) the quantile is this. Without both, answers
 * on hosts that differ by 5 % (four environments a size) were not of one kind in one run of fifteen, and twelve sizes with two
 * environments each at 8 % held 87 % instead of 90 (`npm run bench:advice -- --truth "hosts 5"`, also with `--seed 1001`).
 */
const beyondBelief = 0.9875;

/** Standard deviations between environments of 0.1 % to 100 %, eight steps per factor of e: far finer than what a posterior of so few environments tells. */
const grid = Array.from({ length: 56 }, (_, index) => 0.001 * Math.exp(index / 8));

/** Of a scaled inverse χ² with ν degrees of freedom E[v]·E[1/v] = ν/(ν − 2). */
function degreesOfFreedom(posterior: Posterior): number {
  let total = 0;
  let sum = 0;
  let inverseSum = 0;
  for (const { deviation, weight } of posterior) {
    total += weight;
    sum += weight * deviation ** 2;
    inverseSum += weight / deviation ** 2;
  }
  const product = (sum / total) * (inverseSum / total);
  return Math.min(1000, (2 * product) / Math.max(product - 1, 1e-9));
}

/** Of a normal effect whose standard deviation is only known by its posterior: bisection on the mixture. */
function quantileOfEffect(posterior: Posterior, cautious: number): number {
  const total = posterior.reduce((sum, { weight }) => sum + weight, 0);
  let low = 0;
  let high = 2 * Math.max(...posterior.map(({ deviation }) => deviation));
  for (let step = 0; step < 14; step++) {
    const middle = (low + high) / 2;
    let below = 0;
    for (const { deviation, weight } of posterior) below += weight * normalCdf(middle / deviation);
    if (below < cautious * total) low = middle;
    else high = middle;
  }
  return high;
}

/** Values this alike (0.5 %) are rounded, as in spread.ts: their scatter says nothing about environments. */
const quietestVariance = 0.005 ** 2;

function layoutOf({ clusters }: Stratum): Layout[] {
  const all = clusters.flatMap((cluster) => cluster.values);
  const betweenDf = clusters.length - 1;
  const withinDf = all.length - clusters.length;
  if (betweenDf < 1 || withinDf < 1) return [];
  const centre = mean(all);
  let within = 0;
  let between = 0;
  let squares = 0;
  for (const { values } of clusters) {
    within += squaredDeviations(values);
    between += values.length * (mean(values) - centre) ** 2;
    squares += values.length ** 2;
  }
  const withinVariance = Math.max(within / withinDf / centre ** 2, quietestVariance);
  const perEnvironment = (all.length - squares / all.length) / betweenDf;
  return [
    {
      betweenDf,
      withinDf,
      ratio: between / betweenDf / centre ** 2 / withinVariance,
      precision: perEnvironment / withinVariance,
    },
  ];
}
