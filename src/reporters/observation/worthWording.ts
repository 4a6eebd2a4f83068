import type { Observation } from '../../model/production/observation.ts';
import { formatDuration, formatMemory, formatShare, formatUsd } from '../../text/format.ts';
import { numberOf } from '../../text/numberOf.ts';
import { shellQuote } from '../../text/shellQuote.ts';

/** What is said of what tuning could be worth, and what bounds it. */

export function worthText({ worth, total, versions, current, function: name }: Observation): string {
  const { atMostUsdPerMonth: atMost, measuringUsd, isWorthMeasuring, because } = worth;
  if (atMost === null || measuringUsd === null) return `What tuning could be worth is not known: ${because}.`;
  const ofUsd = worth.ofUsdPerMonth ?? total.costPerMonthUsd?.estimate ?? 0;
  const isAsToday = worth.ofUsdPerMonth === undefined || versions.every((row) => row.memoryMb === current.memoryMb);
  const bound = `at most ${formatUsd(atMost)} of ${formatUsd(ofUsd)} a month${isAsToday ? '' : ' as it is set today'}`;
  if (isWorthMeasuring !== true) {
    return `Not worth measuring: tuning could save ${bound}, and measuring costs about ${formatUsd(measuringUsd)} (${because}).`;
  }
  return `Tuning could be worth ${bound} (a bound: ${because}); measuring costs about ${formatUsd(measuringUsd)}: save this with --report json=observation.json, then tune --function ${shellQuote(name)} --observation observation.json`;
}

/** What of p50 is spent elsewhere; undefined: not asked for, or not known. */
export function downstreamText({ downstream }: Observation): string | undefined {
  if (downstream === undefined) return undefined;
  const { share, services, tracesAtP50, p50Ms } = downstream;
  const by = `(X-Ray, ${numberOf(tracesAtP50, 'trace')} around ${formatDuration(p50Ms)})`;
  const named = services.filter((one) => one.share >= 0.01).slice(0, 5);
  const [first, ...others] = named;
  if (first === undefined) return `Hardly anything of p50 is calls of other services ${by}.`;
  const all = others.length === 0 ? '' : `; ${formatShare(share)} in all`;
  const rest = others.map((one) => `, ${formatShare(one.share)} ${one.service}`).join('');
  return `${formatShare(first.share)} of p50 is ${first.service}${rest}${all}: more memory cannot buy that ${by}.`;
}

/** AWS's own words, apart from ours. */
export function computeOptimizerText({ worth }: Observation): string | undefined {
  const { computeOptimizer } = worth;
  if (computeOptimizer === undefined) return undefined;
  const options = computeOptimizer.options.map(
    ({ memoryMb, savingsUsdPerMonth }) =>
      `${formatMemory(memoryMb)}${savingsUsdPerMonth === undefined ? '' : ` (saves ${formatUsd(savingsUsdPerMonth)} a month)`}`,
  );
  const reasons = computeOptimizer.reasons.length === 0 ? '' : ` (${computeOptimizer.reasons.join(', ')})`;
  return `AWS Compute Optimizer says: ${computeOptimizer.finding}${reasons}${options.length === 0 ? '' : `; it proposes ${options.join(', ')}`}. It has not measured that.`;
}
