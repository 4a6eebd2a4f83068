import { type Candidate, differenceIn, type Judgement } from '../analysis/choices.ts';
import type { Compared } from '../analysis/compared.ts';
import { weightedMean } from '../analysis/summarize.ts';
import { median } from '../stats/moments.ts';
import { type Sample, valuesOf } from '../stats/samples.ts';
import { asGood } from './asGood.ts';

/**
 * Of those that nothing shows to be dearer than the cheapest, those that may be advised for being faster. Where a list was
 * measured in full, all of them. A race calls a size no more once it is probably dearer, long before that is shown: there "nothing shows it"
 * says that nobody looked. So the upper bound of the 80 % interval of what it costs beside the cheapest must lie within twice the
 * tolerance: in costs as they are, and with those beyond three medians taken as three medians. One stall among the thirty calls of
 * the race's winner would else make a size cheap that was called ten times and met none.
 *
 * Chosen by `npm run bench:search`, which prints the regret of what is advised: without it 8.5 % on SeBS, with plain costs alone
 * 1.0 %, with both about 0.5 %. Not asked of a list, because `npm run bench:advice` then finds the answers of
 * one truth in two: of equal sizes some lie beyond any bound that is narrower than the noise. There the answer says how much dearer
 * it may be (`mayCostMore`). Where it fails: a size whose own
 * tail is truly longer than that of the rest is judged by both, and the rarer its stalls the less is known of them.
 */
export function affordable({ candidates, judgement, isRaced }: Compared): readonly Candidate[] {
  const group = asGood('costs', candidates, judgement);
  if (isRaced !== true) return group;
  const plain = cheapestOf(group);
  const clipped = new Map(group.map((one) => [one, withoutStalls(one)]));
  const steadiest = cheapestOf([...clipped.values()]);
  if (plain === undefined || steadiest === undefined) return group;
  const isWithin = (one: Candidate, best: Candidate) => mayCostMore(one, best, judgement) === undefined;
  return group.filter((one) => {
    const own = clipped.get(one) ?? one;
    return own === steadiest || ((one === plain || isWithin(one, plain)) && isWithin(own, steadiest));
  });
}

/**
 * By how much more `one` may cost than `best`, as a fraction: the upper bound of the 80 % interval. Undefined where that lies within
 * twice the tolerance.
 */
export function mayCostMore(one: Candidate, best: Candidate, judgement: Judgement): number | undefined {
  const { high } = differenceIn('costs', one, best, { ...judgement, confidence: 0.8 });
  return high <= 1 + 2 * judgement.tolerance ? undefined : high - 1;
}

function cheapestOf(group: readonly Candidate[]): Candidate | undefined {
  return group.toSorted((one, other) => one.costUsd - other.costUsd)[0];
}

/** As a tail begins in stats/tail.ts; chosen with the rest by `npm run bench:search`. */
const stallMedians = 3;

function withoutStalls(one: Candidate): Candidate {
  const costs: Sample = one.costs.map((stratum) => {
    const most = stallMedians * median(valuesOf(stratum));
    return {
      ...stratum,
      clusters: stratum.clusters.map(({ environment, values }) => ({
        environment,
        values: values.map((value) => Math.min(value, most)),
      })),
    };
  });
  return { ...one, costs, costUsd: weightedMean(costs) };
}
