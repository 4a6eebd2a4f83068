import { type Configuration, plain, sameConfiguration, sameCurve } from '../model/configuration.ts';
import type { SizeEstimate } from './estimate.ts';
import { ladderOf } from './ladder.ts';
import type { Effort, SearchOptions, SizeSoFar } from './options.ts';
import type { Wanted } from './wanted.ts';

/** Sizes between rungs that one run tries at most. */
const mostRefinements = 2;

/** A gain that may pay for the calls that find it, while cold starts are cheap; more where they are dear. */
const worthwhileGain = 0.01;
const stepMb = 64;

/**
 * A size between two rungs that promises a gain: the lowest point of the parabola through the best rung and its two
 * neighbours (logarithms of memory and of cost), when it lies apart from the best rung and low enough. Successive parabolic interpolation
 * (Brent 1973), one step. Where it fails: a curve that bends at a whole vCPU is no parabola, and three means are not exact.
 * On recorded curves sizes between rungs gain about half a percent (`npm run bench:search`), so that it is off by default.
 */
export function refinement(
  best: SizeEstimate,
  estimates: readonly SizeEstimate[],
  measured: readonly SizeSoFar[],
  options: SearchOptions,
  effort: Effort,
): readonly Wanted[] {
  if (!options.refine || refinedOf(measured, options).length >= mostRefinements) return [];
  const curve = estimates
    .filter((one) => sameCurve(one.configuration, best.configuration))
    .toSorted((a, b) => a.configuration.memoryMb - b.configuration.memoryMb);
  const place = curve.indexOf(best);
  const [below, above] = [curve[place - 1], curve[place + 1]];
  if (below === undefined || above === undefined) return [];
  const lowest = vertexOf([below, best, above]);
  if (lowest === undefined) return [];
  const memoryMb = Math.max(128, Math.round(lowest.memoryMb / stepMb) * stepMb);
  const configuration = { ...plain(best.configuration), memoryMb };
  const isNew = !measured.some((one) => sameConfiguration(one.configuration, configuration));
  const inside = memoryMb > below.configuration.memoryMb && memoryMb < above.configuration.memoryMb;
  const needed = worthwhileGain * Math.min(5, Math.max(1, best.coldRatio / 10));
  return isNew && inside && lowest.gain >= needed
    ? [{ configuration, calls: effort.scoutsMost, newEnvironment: true }]
    : [];
}

/** Measured sizes that are neither rungs nor pinned. */
export function refinedOf(
  measured: readonly SizeSoFar[],
  options: Pick<SearchOptions, 'ladders' | 'pinned'>,
): readonly Configuration[] {
  return measured
    .map(({ configuration }) => configuration)
    .filter(
      (configuration) =>
        !ladderOf(configuration, 'cheapest', options).some((rung) => sameConfiguration(rung, configuration)) &&
        !options.pinned.some((size) => sameConfiguration(size, configuration)),
    );
}

function vertexOf(
  three: readonly [SizeEstimate, SizeEstimate, SizeEstimate],
): { memoryMb: number; gain: number } | undefined {
  const [x0, x1, x2] = three.map(({ configuration }) => Math.log(configuration.memoryMb)) as [number, number, number];
  const [y0, y1, y2] = three.map(({ centre }) => Math.log(centre)) as [number, number, number];
  const [left, right] = [(y1 - y0) / (x1 - x0), (y2 - y1) / (x2 - x1)];
  const curvature = (right - left) / (x2 - x0);
  if (!(curvature > 0)) return undefined;
  const slope = left + curvature * (x1 - x0);
  const x = x1 - slope / (2 * curvature);
  return { memoryMb: Math.exp(x), gain: slope ** 2 / (4 * curvature) };
}
