import { ofOneKind } from '../analysis/hosts.ts';
import { type Succeeded, sampleBy } from '../analysis/summarize.ts';
import { hostKindsOf, ratioOfKinds } from '../stats/hostKinds.ts';
import type { Side } from './figures.ts';
import type { CheckOptions } from './options.ts';

export interface Compared {
  readonly baseline: Side;
  readonly current: Side;
  readonly options: CheckOptions;
  /** How many times as long the slower kind of hosts takes; absent where one kind alone was met. */
  readonly kindsRatio?: number | undefined;
}

/** So many environments of each kind a side: one of them may be a stray. */
const fewestOfAKind = 2;

/**
 * Both sides as they would be on hosts that are mixed alike: a side that happened to meet more of the slower ones is not
 * slower (stats/hostKinds.ts has the method). Kinds are told by durations; costs differ by less, for a request costs the same
 * everywhere. As the sides were, where two kinds are not clearly to be seen on both.
 */
export function onLikeHosts(baseline: Side, current: Side, options: CheckOptions): Compared {
  const asTheyWere = { baseline, current, options };
  if (!options.hostsMayBeOfTwoKinds || options.alone === true) return asTheyWere;
  const sides = [baseline, current];
  if (sides.some(({ environments }) => environments < 2 * fewestOfAKind)) return asTheyWere;
  const samplesOf = (figure: (call: Succeeded) => number) =>
    sides.map(({ warm }) => sampleBy(warm, figure, options.payloads));
  const kinds = hostKindsOf(samplesOf(durationOf), fewestOfAKind);
  const [slowBefore, slowNow] = kinds?.slow ?? [];
  if (kinds === undefined || slowBefore === undefined || slowNow === undefined) return asTheyWere;
  const costRatio = ratioOfKinds(samplesOf(costOf), kinds.slow);
  const like = (side: Side, slow: ReadonlySet<string>): Side => ({
    ...side,
    warm: side.warm.map((call) => onLikeHost(call, slow.has(call.environment), kinds, costRatio)),
  });
  return {
    baseline: like(baseline, slowBefore),
    current: like(current, slowNow),
    options: { ...options, hosts: ofOneKind },
    kindsRatio: kinds.ratio,
  };
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
