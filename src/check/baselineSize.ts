import type { Measurement } from '../model/measurement.ts';
import { normalQuantile } from '../stats/quantiles.ts';
import { extended, type SideSize } from './extend.ts';
import { sideOf } from './figures.ts';
import { nextRound } from './gate.ts';
import { judgedLines } from './metrics.ts';
import { type GateOptions, minFixedEnvironments, samplesPerNew, timesWithFile } from './options.ts';
import { sameRun, standardError } from './ratio.ts';
import { type RunBelief, runsOfOneKind } from './runs.ts';

/**
 * What a saved baseline has to hold so that a check can decide with it. Nothing here is a rule of its own: the gate is asked
 * what it would say of a function that did not change, of quantiles in place of calls before the first one, and of the file's own calls,
 * dealt again (extend.ts), afterwards. Where it fails: as extend.ts does; code that scatters by a fifth is given all the calls that may be
 * made, and still decides in half of the checks (`npm run bench:check -- --baseline-file`).
 */

/** Ordinary code, before anything of it is measured: its calls scatter by 5 %. An assumption that is corrected by the file's own calls (`missingToBaseline`); `npm run bench:check -- --baseline-file` prints what it comes to at 3 to 20 %. */
const ordinaryCallCv = 0.05;

/** How far hosts are expected to differ, as the beliefs of stats/spread.ts do: in a region they do, environments of one machine hardly. */
export const expectedHostCv = { aws: 0.03, local: 0.01 } as const;

/** So large that nineteen unchanged runs of twenty would pass: off by 1.645 standard errors is the twentieth. Chosen by the same bench. */
const nineteenOfTwenty = 1.645;

/**
 * Files are sized for hours that differ by this, more than is believed of x86_64: with the belief itself (runs.ts), or for five runs
 * of six, 50 calls in 8 environments would be made, with which more checks of code that is 10 % dearer stayed open (16 of 100 instead of 11
 * when it was chosen, with 200 calls a check; today's figures: `npm run bench:check -- --baseline-file`).
 */
const sizedFor: RunBelief = { runCv: 0.015, runDf: 1000 };

/**
 * A baseline may hold so many times the samples of a check, as many as a check with a file may call (options.ts says what twice
 * as many left open): beyond that the check's own side is what scatters.
 */
const mostTimes = 3;

export function mostBaselineSize({ maxSamples, maxEnvironments }: GateOptions): SideSize {
  return { samples: mostTimes * maxSamples, environments: maxEnvironments };
}

/** Of a function of which nothing is known yet. */
export function baselineSize(options: GateOptions, hostCv: number): SideSize {
  const plain = costAlone(options);
  return sizesOf(options).find((size) => passesMostly(ordinarySide(size, hostCv), plain)) ?? mostBaselineSize(options);
}

/**
 * A size that helps, judged by what the baseline holds: undefined where it can decide, and where no larger one could (then
 * it is not the baseline that scatters too much). Below the gate's least of environments a larger one always helps.
 */
export function betterSize(baseline: readonly Measurement[], options: GateOptions): SideSize | undefined {
  if (canPass(baseline, options)) return undefined;
  const { trials, environments } = sideOf(baseline);
  const larger = sizesOf(options)
    .map((size) => ({
      samples: Math.max(size.samples, trials),
      environments: Math.max(size.environments, environments),
    }))
    .filter((size) => size.samples > trials || size.environments > environments);
  const helps = larger.find((size) => canPass(extended(baseline, size), options));
  if (helps !== undefined || environments >= minFixedEnvironments) return helps;
  return { samples: trials, environments: options.minEnvironments };
}

/** What a side that becomes a baseline is still to be measured up to: first to `least`, then as long as more calls help. */
export function missingToBaseline(
  side: readonly Measurement[],
  least: SideSize,
  options: GateOptions,
): SideSize | undefined {
  const { trials, environments } = sideOf(side);
  if (trials < least.samples || environments < least.environments) return least;
  return betterSize(side, options) ?? surerSize(side, options);
}

/** A file that decides at all is made to decide mostly: with the fewest further calls that do, or with all where none do. */
function surerSize(side: readonly Measurement[], options: GateOptions): SideSize | undefined {
  const { trials, environments } = sideOf(side);
  if (passesMostly(side, options)) return undefined;
  const larger = sizesOf(options).filter((size) => size.samples > trials && size.environments >= environments);
  const most = larger.at(-1);
  if (most === undefined) return undefined;
  // The largest first: where that does not do, nor do the others, and asking is what takes long.
  if (passesMostly(extended(side, most), options)) {
    return larger.find((size) => passesMostly(extended(side, size), options));
  }
  return canPass(extended(side, most), options, runsOfOneKind) ? most : undefined;
}

/**
 * Whether a function that did not change would pass at least every other time, were the current side measured to the full.
 */
function canPass(baseline: readonly Measurement[], options: GateOptions, hours: RunBelief = sizedFor): boolean {
  const all = { ...options, maxSamples: timesWithFile * options.maxSamples };
  return passes(baseline, unchanged(baseline, all, all.maxEnvironments), all, hours);
}

/** From the fewest calls to the most; every environment costs its cold call on top. */
function sizesOf(options: GateOptions): readonly SideSize[] {
  const { maxSamples, minEnvironments } = options;
  const most = mostBaselineSize(options);
  const counts = [...doubled(minEnvironments, most.environments)];
  const sizes = counts.flatMap((environments) =>
    [0.5, 1, 1.5, 2, 2.5, 3]
      .map((times) => ({ samples: Math.min(most.samples, Math.ceil(times * maxSamples)), environments }))
      .filter(({ samples }) => samples >= samplesPerNew * environments),
  );
  return [...sizes, most].sort((one, other) => calls(one) - calls(other));
}

function calls({ samples, environments }: SideSize): number {
  return samples + environments;
}

function doubled(from: number, to: number): readonly number[] {
  return from >= to ? [to] : [from, ...doubled(2 * from, to)];
}

/** With as few environments on the current side as the gate may decide on. */
function passesMostly(baseline: readonly Measurement[], options: GateOptions): boolean {
  const current = unchanged(baseline, options, options.minEnvironments);
  const lines = judgedLines(sideOf(baseline), sideOf(current), comparing(options));
  const ratio = lines.find(({ name }) => name === 'cost')?.quantity?.ratio;
  if (ratio === undefined) return false;
  // What runs differ by is a belief, which the interval holds; the estimate is off by what is measured.
  const dearer = 1 + nineteenOfTwenty * standardError({ ...ratio, runs: sameRun }, 1);
  const off = current.map((one) => (one.outcome === 'unreported' ? one : { ...one, costUsd: one.costUsd * dearer }));
  return passes(baseline, off, options);
}

function passes(
  baseline: readonly Measurement[],
  current: readonly Measurement[],
  options: GateOptions,
  hours: RunBelief = sizedFor,
): boolean {
  const round = nextRound({ baseline, current, ended: true }, comparing(options, hours));
  return round.kind === 'decided' && round.verdict === 'passed';
}

/** The current side of a check that takes all its samples and finds what the baseline has. */
function unchanged(baseline: readonly Measurement[], { maxSamples }: GateOptions, environments: number) {
  return extended(baseline, { samples: maxSamples, environments });
}

/**
 * Only what compares with a baseline: a budget that is nearly broken stays undecided whatever the baseline holds, and so does
 * a limit that no number of samples shows to be kept, such as 0 % more failed calls.
 */
function comparing(
  { limits, alone: _alone, fixedBaseline, ...options }: GateOptions,
  hours: RunBelief = sizedFor,
): GateOptions {
  const { cost, duration, p95, init } = limits;
  return {
    ...options,
    limits: {
      cost,
      duration,
      p95,
      init,
    },
    fixedBaseline: { ...hours, runs: fixedBaseline?.runs ?? 1 },
  };
}

/** Of other lines nothing is known before they are measured; `missingToBaseline` looks at them then. */
function costAlone({ coldShare: _coldShare, ...options }: GateOptions): GateOptions {
  return { ...options, limits: { cost: options.limits.cost }, payloads: [] };
}

/** Quantiles in place of draws, so that the same size always gets the same answer. */
function ordinarySide({ samples, environments }: SideSize, hostCv: number): readonly Measurement[] {
  const quantile = (index: number, count: number) => normalQuantile((index + 0.5) / count);
  const rounds = Math.ceil(samples / environments);
  return Array.from({ length: samples }, (_, index) => {
    const environment = index % environments;
    const nth = Math.floor(index / environments);
    const host = 1 + hostCv * quantile(environment, environments);
    const costUsd = 1e-6 * host * (1 + ordinaryCallCv * quantile((nth + environment) % rounds, rounds));
    return ordinaryCall(costUsd, String(environment));
  });
}

function ordinaryCall(costUsd: number, environment: string): Measurement {
  const durationMs = costUsd * 1e8;
  return {
    requestId: '',
    startedAt: '',
    environment,
    start: 'warm',
    outcome: 'succeeded',
    durationMs,
    billedDurationMs: durationMs,
    maxMemoryUsedMb: 0,
    costUsd,
  };
}
