import type { Candidate, Judgement } from '../analysis/choices.ts';
import type { Compared } from '../analysis/compared.ts';
import type { Difference } from '../analysis/difference.ts';
import { mean } from '../stats/moments.ts';
import { meanEstimate } from '../stats/statistics.ts';
import { asGood } from './asGood.ts';

/**
 * A ratio of costs to the current setting, of what was picked for its low cost: the least of several that are about as good is
 * low by luck, too. Method: positive-part James and Stein (1961) on the logarithms, towards the mean of those that nothing shows
 * to be dearer than the cheapest, with Lindley's correction for that mean. The interval stays, for it is already as wide as the
 * choice asks for; the estimate stays inside it. With fewer than four such sizes nothing is shrunk. Where it fails: sizes of the
 * group whose true costs differ are drawn together a little, too (`npm run bench:statistics` prints what is left of the bias).
 */
export function shrunk(difference: Difference, one: Candidate, current: Candidate, compared: Compared): Difference {
  const { candidates, judgement } = compared;
  const group = asGood('costs', candidates, judgement).filter((other) => other !== current);
  if (!group.includes(one) || group.length < 4) return difference;
  const logs = group.map(({ costUsd }) => Math.log(costUsd));
  const centre = mean(logs);
  const squares = logs.reduce((sum, log) => sum + (log - centre) ** 2, 0);
  const noise = mean(group.map((other) => squaredError(other, judgement)));
  const kept = squares > 0 ? Math.max(0, 1 - ((group.length - 3) * noise) / squares) : 0;
  const shift = (1 - kept) * (centre - Math.log(one.costUsd));
  const ratio = Math.min(difference.high, Math.max(difference.low, difference.ratio * Math.exp(shift)));
  return { ...difference, ratio };
}

function squaredError(one: Candidate, { costs }: Judgement): number {
  const estimate = meanEstimate(one.costs, costs.hosts[one.configuration.architecture]);
  return estimate === undefined || !(estimate.mean > 0) ? 0 : (estimate.standardError / estimate.mean) ** 2;
}
