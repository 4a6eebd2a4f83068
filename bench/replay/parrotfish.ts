import { mean, sorted } from '../../src/stats/moments.ts';
import type { Account } from './account.ts';
import { chargeUsd, durationUsd } from './charge.ts';
import { fitDecay } from './decay.ts';
import type { RecordedConfiguration, RecordedFunction } from './records.ts';
import type { Answer } from './rule.ts';
import { variance } from './variance.ts';

/**
 * Parrotfish (Moghimi and others 2023) as its source has it: durations are fitted with a0 + a1·exp(−m/a2), the next size is
 * the one with the smallest product of fitted cost and knowledge (how near earlier samples are, a bell of 200 MB), until
 * the supposed best is known well enough or there are 20 samples. It knows one architecture: both are two runs.
 */
export function parrotfish({ configurations }: RecordedFunction, account: Account): Answer {
  const architectures = [...new Set(configurations.map(({ architecture }) => architecture))];
  const found = architectures.map((architecture) =>
    exploreOne(
      configurations.filter((configuration) => configuration.architecture === architecture),
      account,
    ),
  );
  const best = found.reduce((one, other) => (other.fittedUsd < one.fittedUsd ? other : one));
  const same = configurations.filter((one) => one.architecture === best.architecture && one.memoryMb === best.memoryMb);
  return { trueCostUsd: best.trueCostUsd, tied: same };
}

const kernelMb = 200;
const samplesEnough = 20;
const knowledgeEnough = 3;

function exploreOne(sizes: readonly RecordedConfiguration[], account: Account) {
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no sizes');
  const { architecture } = first;
  const from = Math.max(128, first.memoryMb);
  const space = Array.from({ length: Math.min(3008, last.memoryMb) - from + 1 }, (_, index) => from + index);
  const sizeAt = (memoryMb: number) => interpolate(sizes, memoryMb);
  const knowledge = space.map(() => 0);
  const samples: { memoryMb: number; ms: number }[] = [];
  const probe = (memoryMb: number) => {
    for (const ms of sampleSize(sizeAt(memoryMb), account)) samples.push({ memoryMb, ms });
    space.forEach((other, index) => {
      knowledge[index] = (knowledge[index] ?? 0) + Math.exp(-((other - memoryMb) ** 2) / (2 * kernelMb ** 2));
    });
  };
  for (const memoryMb of new Set([from, space[Math.ceil(space.length / 3) - 1] ?? from, from + space.length - 1])) {
    probe(memoryMb);
  }
  for (;;) {
    const start = Math.max(1, Math.trunc((samples[0]?.ms ?? 1) / 10));
    const fitted = fitDecay(samples, [start, start, start]);
    const costs = space.map((memoryMb) => Math.max(durationUsd({ memoryMb, architecture }, fitted(memoryMb)), 1e-15));
    const best = leastIndex(costs);
    if (samples.length >= samplesEnough || (knowledge[best] ?? 0) > knowledgeEnough) {
      const memoryMb = space[best] ?? from;
      const trueCostUsd = trueCost({ memoryMb, architecture }, sizeAt(memoryMb));
      return { memoryMb, architecture, fittedUsd: costs[best] ?? 0, trueCostUsd };
    }
    probe(space[leastIndex(costs.map((cost, index) => cost * (knowledge[index] ?? 0)))] ?? from);
  }
}

/** Four cold calls side by side, four warm ones, then up to eight that may replace one so that the CV falls to 5 %. */
function sampleSize(size: Between, account: Account): number[] {
  const call = (start: 'cold' | 'warm') => {
    const u = account.random();
    const ms = size.at(start, u);
    account.pay(size, ms);
    return Math.ceil(ms);
  };
  for (let index = 0; index < 4; index++) call('cold');
  let kept = Array.from({ length: 4 }, () => call('warm'));
  for (let extra = 0; extra < 8 && cv(kept) > 0.05; extra++) {
    const value = call('warm');
    const candidates = kept.map((_, index) => kept.with(index, value));
    kept = candidates.reduce((best, candidate) => (cv(candidate) < cv(best) ? candidate : best), kept);
  }
  return kept;
}

function cv(values: readonly number[]): number {
  return Math.sqrt(variance(values)) / mean(values);
}

function leastIndex(values: readonly number[]): number {
  return values.reduce((best, value, index) => (value < (values[best] ?? Number.POSITIVE_INFINITY) ? index : best), 0);
}

interface Between {
  readonly memoryMb: number;
  readonly architecture: RecordedConfiguration['architecture'];
  /** The time at a quantile 0..1, between its recorded neighbours on a log-log scale. */
  readonly at: (start: 'cold' | 'warm', u: number) => number;
}

function interpolate(sizes: readonly RecordedConfiguration[], memoryMb: number): Between {
  const above = sizes.find((size) => size.memoryMb >= memoryMb) ?? sizes.at(-1);
  const below = sizes.findLast((size) => size.memoryMb <= memoryMb) ?? sizes[0];
  if (above === undefined || below === undefined) throw new Error('no sizes');
  const share = above === below ? 0 : Math.log(memoryMb / below.memoryMb) / Math.log(above.memoryMb / below.memoryMb);
  const at = (start: 'cold' | 'warm', u: number) => {
    const [low, high] = [quantile(below, start, u), quantile(above, start, u)];
    return Math.exp((1 - share) * Math.log(low) + share * Math.log(high));
  };
  return { memoryMb, architecture: below.architecture, at };
}

const sortedPools = new WeakMap<readonly number[], readonly number[]>();

function quantile(size: RecordedConfiguration, start: 'cold' | 'warm', u: number): number {
  const pool = start === 'cold' ? size.coldMs : size.warmMs;
  let ordered = sortedPools.get(pool);
  if (ordered === undefined) {
    ordered = sorted(pool);
    sortedPools.set(pool, ordered);
  }
  return Math.max(0.01, ordered[Math.min(ordered.length - 1, Math.floor(u * ordered.length))] ?? Number.NaN);
}

function trueCost(configuration: { memoryMb: number; architecture: Between['architecture'] }, size: Between): number {
  const grid = 200;
  return mean(
    Array.from({ length: grid }, (_, index) => chargeUsd(configuration, size.at('warm', (index + 0.5) / grid))),
  );
}
