import { fewestOfAKind, ofOneKind } from '../analysis/hosts.ts';
import { type Succeeded, sampleBy } from '../analysis/summarize.ts';
import { hostKindsOf, ratioOfKinds } from '../stats/hostKinds.ts';
import type { Side } from './figures.ts';
import { hidingError } from './hosts.ts';
import type { Line } from './metrics.ts';
import type { GateOptions } from './options.ts';
import { runsOfOneKind } from './runs.ts';

export interface LikeSides {
  readonly baseline: Side;
  readonly current: Side;
  readonly options: GateOptions;
  /** How many times as long the slower kind of hosts takes; absent where one kind alone was met. */
  readonly kindsRatio?: number | undefined;
  /** Two kinds are to be seen, but not enough of each a side: what lies between the sides may be theirs. */
  readonly mayBeHosts: boolean;
}

/**
 * Both sides as they would be on hosts that are mixed alike: a side that happened to meet more of the slower ones is not
 * slower (stats/hostKinds.ts has the method). Kinds are told by durations; costs differ by less, for a request costs the same
 * everywhere. As the sides were, where two kinds are not clearly to be seen on both; nothing is called regressed then, because
 * one side may have met more of the slower ones (simulated with 35 % of hosts 22 % slower: 3 to 5 % of unchanged functions were
 * called regressed without this; `npm run bench:statistics`).
 */
export function onLikeHosts(baseline: Side, current: Side, options: GateOptions): LikeSides {
  if (!options.hostsMayBeOfTwoKinds || options.alone === true) return { baseline, current, options, mayBeHosts: false };
  const asTheyWere = { baseline, current, options: withKindsUntold(options), mayBeHosts: false };
  const sides = [baseline, current];
  const samplesOf = (figure: (call: Succeeded) => number) =>
    sides.map(({ warm }) => sampleBy(warm, figure, options.payloads));
  const kinds = hostKindsOf(samplesOf(durationOf));
  if (kinds === undefined) return asTheyWere;
  const [slowBefore, slowNow] = kinds.slow;
  const isMetByBoth = kinds.met.every(({ slow, fast }) => slow >= fewestOfAKind && fast >= fewestOfAKind);
  if (!isMetByBoth || slowBefore === undefined || slowNow === undefined) return { ...asTheyWere, mayBeHosts: true };
  const costRatio = ratioOfKinds(samplesOf(costOf), kinds.slow);
  const like = (side: Side, slow: ReadonlySet<string>): Side => ({
    ...side,
    warm: side.warm.map((call) => onLikeHost(call, slow.has(call.environment), kinds, costRatio)),
  });
  return {
    baseline: like(baseline, slowBefore),
    current: like(current, slowNow),
    options: {
      ...options,
      hosts: ofOneKind,
      // Which kind a run met is what makes runs differ so much where there are two.
      fixedBaseline: options.fixedBaseline && { ...runsOfOneKind, runs: options.fixedBaseline.runs },
    },
    kindsRatio: kinds.ratio,
    mayBeHosts: false,
  };
}

function withKindsUntold(options: GateOptions): GateOptions {
  return areTwoKindsKnownOf(options) ? { ...options, hosts: { ...options.hosts, mayHideKinds: true } } : options;
}

/** As recorded on arm64 (analysis/hosts.ts). */
export function areTwoKindsKnownOf({ hosts, hostsMayBeOfTwoKinds }: GateOptions): boolean {
  return hostsMayBeOfTwoKinds && hosts.betweenCv > ofOneKind.betweenCv;
}

/**
 * Options as they would be once the kinds of hosts are told; undefined where they are, or never will be. With a file two runs are believed to
 * differ by 7 % until then, and no number of calls would ever be worth it by that belief: a check ended after four looks, with
 * 28 calls, and 89 of 100 of unchanged code whose calls scatter by 10 % stayed open (`npm run bench:check -- --baseline-file`, arm64). Kinds are
 * told once an environment's mean is known well enough on both sides, which depends on the calls that the plan has for each: where calls
 * scatter by 20 %, 300 a side tell them in one check of thirteen, and the check ends early as before.
 */
export function onceKindsAreTold(
  { baseline, options, kindsRatio }: LikeSides,
  lines: readonly Line[],
): GateOptions | undefined {
  const { fixedBaseline, maxSamples, maxEnvironments } = options;
  if (fixedBaseline === undefined || kindsRatio !== undefined || !areTwoKindsKnownOf(options)) return undefined;
  // Kinds are told by plain means, which scatter less than trimmed ones.
  const mean = lines.find(({ name, kind }) => name === 'meanCost' && kind === 'increase');
  const within = mean?.quantity?.ratio?.hosts.within;
  const fewestCalls = Math.min(baseline.warm.length / baseline.environments, maxSamples / maxEnvironments);
  if (within === undefined || within / fewestCalls > hidingError ** 2) return undefined;
  return { ...options, hosts: ofOneKind, fixedBaseline: { ...runsOfOneKind, runs: fixedBaseline.runs } };
}

function onLikeHost(
  call: Succeeded,
  isSlow: boolean,
  { ratio, share }: { readonly ratio: number; readonly share: number },
  costRatio: number,
): Succeeded {
  const factor = (of: number) => (1 + share * (of - 1)) / (isSlow ? of : 1);
  return { ...call, durationMs: call.durationMs * factor(ratio), costUsd: call.costUsd * factor(costRatio) };
}

const durationOf = ({ durationMs }: Succeeded) => durationMs;
const costOf = ({ costUsd }: Succeeded) => costUsd;
