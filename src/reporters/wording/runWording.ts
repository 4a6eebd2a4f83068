import { isAtTraffic, mixedColdShare } from '../../analysis/savedRun/judgedFigures.ts';
import type { ConfigurationResult, TuningResult } from '../../model/run.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { formatCount, formatElapsed, formatNumberOf, formatShare, formatUsd } from '../../text/format.ts';

/** What is said of a run as a whole, in words that are the same in every reporter. Plain text of one line each. */

/** "nodejs22.x, measured on AWS in eu-central-1" */
export function basisText(result: TuningResult): string {
  const { runtime, packageType, region } = result.target;
  const code = runtime === undefined ? (packageType === 'Image' ? 'container image' : 'zip package') : runtime;
  return `${escapeTerminal(code, 60)}, ${whereMeasured(result)}${
    result.backend === 'aws' ? ` in ${escapeTerminal(region ?? result.costModel.region, 60)}` : ''
  }`;
}

/** "measured on AWS", "measured locally, not on AWS", "modelled locally, not on AWS"; of a dry run "to be …" */
export function whereMeasured({ backend, emulation, ended }: TuningResult): string {
  const toBe = ended === 'dryRun' ? 'to be ' : '';
  if (backend === 'aws') return `${toBe}measured on AWS`;
  return `${toBe}${emulation?.cpu === 'modelled' ? 'modelled' : 'measured'} locally, not on AWS`;
}

/** "a mixture with 2 % cold starts" */
export function mixtureText(coldShare: number): string {
  return `a mixture with ${formatShare(coldShare)} cold starts`;
}

/** What the figures that decide are of, where that is more than one kind of call. */
export function mixtureOfRun(result: TuningResult): string | undefined {
  if (isAtTraffic(result)) return 'all calls at your traffic';
  const coldShare = mixedColdShare(result);
  return coldShare === undefined ? undefined : mixtureText(coldShare);
}

/** "8 configurations, 20 warm calls in 2 environments each, 1 min 12 s, run 3fk29a" */
export function configurationsText(result: TuningResult): string {
  const { invocations, concurrency } = result.options;
  // Sizes that were not steady yet were called on.
  const orMore = result.configurations.some(({ steady }) => (steady?.allWarm.count ?? 0) > invocations)
    ? ' or more'
    : '';
  const rows = result.configurations.filter((row) => isPlanned(row, result));
  const count = rows.length;
  const mixture = mixtureOfRun(result);
  const compared = mixture === undefined ? '' : `, compared by ${mixture}`;
  const took = Math.max(0, Date.parse(result.finishedAt) - Date.parse(result.startedAt));
  if (result.search !== undefined) {
    const called = rows.filter((row) => row.measurements.length > 0).length;
    return (
      `raced ${formatCount(called)} of ${formatNumberOf(count, 'configuration')} with ` +
      `${formatNumberOf(result.spend.invocations, 'call')}${compared}, ${formatElapsed(took)}, run ${escapeTerminal(result.runId, 60)}`
    );
  }
  return (
    `${formatNumberOf(count, 'configuration')}, ${formatNumberOf(invocations, 'warm call')}${orMore} in ` +
    `${formatNumberOf(concurrency, 'environment')} each${compared}, ${formatElapsed(took)}, run ${escapeTerminal(result.runId, 60)}`
  );
}

/** What a machine cannot run is only projected, also where nothing was measured to project it from. */
function isPlanned({ status, architecture }: ConfigurationResult, { emulation }: TuningResult): boolean {
  return status !== 'projected' && (emulation === undefined || emulation.architectures.includes(architecture));
}

export function spendText(result: TuningResult): string {
  const { invocations, actualUsd, estimatedUsd, throttles } = result.spend;
  const throttled = throttles ? `, ${formatCount(throttles)} throttled and repeated` : '';
  const calls = `${formatNumberOf(invocations, 'invocation')}${throttled}`;
  if (result.backend === 'local') return `Spent nothing on AWS: ${calls} on this machine.`;
  return `Spent ${formatUsd(actualUsd)} on ${calls} (estimated ${formatUsd(estimatedUsd)}).`;
}

/** "Prices: us-east-1, 2026-11-23, on demand, without free tier or discounts." */
export function priceText(result: TuningResult): string {
  const discount = result.traffic?.discount;
  const off = discount
    ? `with ${formatShare(discount)} off compute at your traffic, without free tier`
    : 'without free tier or discounts';
  const { region, asOf, source, confidence } = result.costModel;
  if (source === 'option') return 'Prices: as given with --price.';
  const sure = confidence === 'published' ? '' : `, ${confidence === 'inferred' ? 'inferred in part' : confidence}`;
  return `Prices: ${escapeTerminal(region, 60)}, ${escapeTerminal(asOf, 40)}${sure}, on demand, ${off}.`;
}
