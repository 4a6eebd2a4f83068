import { fewestOfAKind, ofOneKind } from '../analysis/hosts.ts';
import { type Succeeded, sampleBy } from '../analysis/summarize.ts';
import { hostKindsOf, ratioOfKinds } from '../stats/hostKinds.ts';
import type { Side } from './figures.ts';
import type { CheckOptions } from './options.ts';
import { runsOfOneKind } from './runs.ts';

export interface Compared {
  readonly baseline: Side;
  readonly current: Side;
  readonly options: CheckOptions;
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
export function onLikeHosts(baseline: Side, current: Side, options: CheckOptions): Compared {
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

function withKindsUntold(options: CheckOptions): CheckOptions {
  const { hosts } = options;
  return hosts.betweenCv > ofOneKind.betweenCv ? { ...options, hosts: { ...hosts, mayHideKinds: true } } : options;
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
