import { steadyPartsOf, withoutFirstWarm } from '../analysis/steady.ts';
import type { Measurement } from '../model/measurement.ts';
import { median } from '../stats/moments.ts';
import { sideOf } from './figures.ts';
import { firstLook, type GateOptions, minFixedEnvironments, mostCallsOf, samplesPerNew } from './options.ts';

/**
 * Where the first warm calls of environments are slower than the later ones (stats/steadyState.ts, asked of both sides together)
 * both sides are compared without as many of them. While they still fall, calls go to environments that are open, and nothing is decided
 * as long as more can be made; afterwards others are opened where hosts are what is not known, each with as many calls more, and the
 * plan of looks ends where the calls that were announced do. Where one side has too few later ones, both
 * are compared by as many first calls of each environment as the shorter side has, for a call is like the calls of its place: a
 * file with three calls in each of its environments says nothing of the thirtieth.
 *
 * Where it fails: as the method does; a fall that a check is too short to see is in both sides alike, and a change that only
 * comes out in steady calls looks smaller then. Chosen by `npm run bench:check` (row "first calls slower"): where no others
 * were opened, 40 of 100 checks of unchanged code whose calls scatter by 3 % stayed open, since four hosts a side decide little.
 */
export interface SteadyCalls {
  readonly baseline: readonly Measurement[];
  readonly current: readonly Measurement[];
  /** So many first calls of every environment are left out. */
  readonly after: number;
  /** The calls still fall. */
  readonly settling: boolean;
  readonly maxEnvironments: number;
  /** Warm samples a side that all calls of the check come to, without those that are left out. */
  readonly maxSamples: number;
  /** So many environments of a side are open whose calls were all left out: they are called on, others are not opened in their place. */
  readonly hiddenEnvironments: number;
  /** Decide with what there is. */
  readonly ended: boolean;
}

export function steadyCallsOf(
  { baseline, current, ended }: Pick<SteadyCalls, 'baseline' | 'current'> & { readonly ended?: boolean },
  options: GateOptions,
): SteadyCalls {
  const { alone, fixedBaseline, maxEnvironments, maxSamples, minEnvironments } = options;
  const asTheyWere = {
    baseline,
    current,
    after: 0,
    settling: false,
    maxEnvironments,
    maxSamples,
    hiddenEnvironments: 0,
    ended: ended === true,
  };
  const lanes = alone ? [current] : [baseline, current];
  const parts = steadyPartsOf(
    lanes.map((measurements) => ({ measurements })),
    options.payloads,
    options.compilesInUse,
  ).flatMap((part) => part ?? []);
  const after = Math.max(0, ...parts.map((part) => part.after));
  if (after === 0) return asTheyWere;
  const [before, now] = [baseline, current].map((calls) => withoutFirstWarm(calls, after)) as [Calls, Calls];
  const isBaselineEnough =
    alone || isEnough(before, fixedBaseline ? minFixedEnvironments : minEnvironments, fixedBaseline ? fewestLater : 1);
  const canGoOn = ended !== true && (fixedBaseline === undefined || isBaselineEnough);
  if (!canGoOn && !(isBaselineEnough && isEnough(now, minEnvironments, 1))) {
    const fewest = Math.max(1, Math.min(...lanes.map(callsPerEnvironment)));
    const first = { baseline: firstOnes(baseline, fewest), current: firstOnes(current, fewest) };
    // Further calls of the environments that are open are of no place that the file knows.
    const isAll = fixedBaseline !== undefined && isEnough(first.current, minEnvironments, 1);
    return { ...asTheyWere, ...first, ended: ended === true || isAll };
  }
  const most = mostCallsOf(options);
  const settling = parts.some(({ isReached }) => !isReached);
  // While calls still fall nobody knows how many a new environment would have to leave out.
  const affordable = settling ? 0 : Math.floor(most / (after + samplesPerNew + 1));
  const opened = Math.max(...lanes.map((calls) => sideOf(calls).environments));
  return {
    ...asTheyWere,
    baseline: alone ? baseline : before,
    current: now,
    after,
    settling,
    maxEnvironments: Math.min(maxEnvironments, Math.max(minEnvironments, opened, affordable)),
    maxSamples: Math.min(maxSamples, Math.max(firstLook, most - opened * (after + 1))),
    hiddenEnvironments: Math.min(
      hiddenIn(current, now),
      ...(alone || fixedBaseline !== undefined ? [] : [hiddenIn(baseline, before)]),
    ),
  };
}

type Calls = readonly Measurement[];

/** Of each environment of a file, on average: fewer do not show where they end (as `shortest` of stats/steadyState.ts). */
const fewestLater = 4;

function isEnough(calls: Calls, fewestEnvironments: number, perEnvironment: number): boolean {
  const { trials, environments } = sideOf(calls);
  return trials >= Math.max(firstLook, perEnvironment * environments) && environments >= fewestEnvironments;
}

function hiddenIn(all: Calls, later: Calls): number {
  return sideOf(all).environments - sideOf(later).environments;
}

function callsPerEnvironment(calls: Calls): number {
  const counts = new Map<string, number>();
  for (const { environment } of sideOf(calls).warm) counts.set(environment, (counts.get(environment) ?? 0) + 1);
  return counts.size === 0 ? 0 : Math.floor(median([...counts.values()]));
}

function firstOnes(calls: Calls, most: number): Calls {
  const later = new Set(withoutFirstWarm(calls, most).filter(isWarm));
  return calls.filter((call) => !isWarm(call) || !later.has(call));
}

function isWarm({ outcome, start }: Measurement): boolean {
  return outcome === 'succeeded' && start === 'warm';
}
