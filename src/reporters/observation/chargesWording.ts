import { keysOf } from '../../base/keys.ts';
import type { Observation } from '../../model/production/observation.ts';
import type { Charges, Interval, ObservedProvisioned } from '../../model/production/observedFigures.ts';
import { formatCount, formatFixed, formatShare, formatUsd } from '../../text/format.ts';
import { numberOf } from '../../text/numberOf.ts';

/** What is said of money that a month costs. */

/** "$1,140 ($1,120 to $1,160)" */
export function usdText({ estimate, low, high }: Interval): string {
  return low === high ? formatUsd(estimate) : `${formatUsd(estimate)} (${formatUsd(low)} to ${formatUsd(high)})`;
}

/** What a month is billed for, line by line: they add up to its cost. Undefined where that is not known. */
export function chargesText({ chargesUsdPerMonth: charges }: Observation['total']): string | undefined {
  if (charges == null) return undefined;
  const { total, provisioned, ...others } = charges;
  const lines = keysOf(chargeNames).flatMap((name) => {
    if (name === 'provisioned') {
      if (provisioned === null) return [`${chargeNames[name]} not known`];
      return provisioned > 0 ? [`${chargeNames[name]} ${formatUsd(provisioned)}`] : [];
    }
    return others[name] > 0 ? [`${chargeNames[name]} ${formatUsd(others[name])}`] : [];
  });
  return `A month is billed for: ${lines.join(', ')}; ${formatUsd(total)} in all.`;
}

const chargeNames = {
  requests: 'requests',
  duration: 'duration',
  init: 'init',
  snapStart: 'restores',
  storage: 'storage',
  provisioned: 'provisioned concurrency',
} as const satisfies Record<Exclude<keyof Charges, 'total'>, string>;

/** "Provisioned concurrency of live: 3 environments …" */
export function provisionedText(one: ObservedProvisioned): string {
  const { qualifier, environments, meanEnvironments, configuredUsdPerMonth: configured, use, breakEvenUse } = one;
  const mean =
    Math.abs(meanEnvironments - environments) < 0.05 ? '' : ` (${formatFixed(meanEnvironments, 1)} on average)`;
  const cost =
    configured === null
      ? ', whose cost is not known'
      : `, ${usdText(configured)} a month${one.durationUsdPerMonth === null ? '' : ` and ${formatUsd(one.durationUsdPerMonth)} for what ran in it`}`;
  const called =
    one.invocations === null
      ? ''
      : `; ${formatCount(one.invocations)} calls of the period ran in it, ${formatCount(one.spilledInvocations ?? 0)} did not fit`;
  const used =
    use === null
      ? ''
      : `; in use ${formatShare(Math.min(1, use))} of its time${breakEvenUse === null ? '' : `, and cheaper than on demand above ${formatShare(breakEvenUse)}`}`;
  return `Provisioned concurrency of ${qualifier}: ${numberOf(environments, 'environment')} today${mean}${cost}${called}${used}.`;
}
