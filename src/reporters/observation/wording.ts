import type { Observation, ObservedSource, SourceName } from '../../model/production/observation.ts';
import type { Interval } from '../../model/production/observedFigures.ts';
import { formatCount, formatDuration, formatFixed, formatMemory, formatShare, formatUsd } from '../../text/format.ts';
import { numberOf } from '../../text/numberOf.ts';
import { triggersText } from '../wording/triggersWording.ts';
import { sinceChangeTexts } from './changeWording.ts';
import { chargesText, provisionedText, usdText } from './chargesWording.ts';

/** What an observation says, in sentences: every format has the same ones. Names are untrusted: escape where shown. */

function headline({ function: name, total }: Observation): string {
  const calls = `${total.invocationsAre === 'exact' ? '' : 'about '}${formatCount(total.invocations)} calls in the period`;
  if (total.costPerMonthUsd !== null && total.invocations === 0) {
    return `${name} was not called in the period; its provisioned concurrency costs ${usdText(total.costPerMonthUsd)} a month.`;
  }
  if (total.costPerMonthUsd === null || total.costPerMillionUsd === null) {
    return total.invocations === 0
      ? `${name} was not called in the period.`
      : `What ${name} costs could not be read; ${calls}.`;
  }
  const logs =
    total.logsUsdPerMonth === null ? '' : `; its logs cost ${formatUsd(total.logsUsdPerMonth)} a month besides`;
  const kept =
    total.chargesUsdPerMonth?.provisioned === null
      ? ', without its provisioned concurrency, whose cost is not known'
      : '';
  return `${name} costs ${usdText(total.costPerMonthUsd)} a month${kept}, ${usdText(total.costPerMillionUsd)} per million calls; ${calls}${logs}.`;
}

/** "0.99 % (0.94 to 1.04)": shares of calls are small, and their intervals smaller. */
function shareText({ estimate, low, high }: Interval): string {
  const digits = high < 0.001 ? 3 : high < 0.1 ? 2 : 1;
  const percent = (share: number) => formatFixed(100 * share, digits);
  return low === high ? `${percent(estimate)} %` : `${percent(estimate)} % (${percent(low)} to ${percent(high)})`;
}

/** What its calls are like, one sentence a subject. */
export function factTexts(observation: Observation): readonly string[] {
  const { total, environments, current, since, until } = observation;
  const { durationMs, coldShare, initMs, maxMemoryUsedMb, timedOutShare, outOfMemoryShare } = total;
  const endings = [
    ...(total.errors === null ? [] : [`${numberOf(total.errors, 'error')}`]),
    ...(total.throttles === null ? [] : [`${numberOf(total.throttles, 'throttle')}`]),
    ...(timedOutShare !== null && timedOutShare.estimate > 0 ? [`${shareText(timedOutShare)} timed out`] : []),
    ...(outOfMemoryShare !== null && outOfMemoryShare.estimate > 0
      ? [`${shareText(outOfMemoryShare)} ran out of memory`]
      : []),
  ];
  const { idleLifeS } = environments;
  const called = triggersText(observation.triggers ?? []);
  return [
    `Read: ${since.slice(0, 10)} to ${until.slice(0, 16).replace('T', ' ')} UTC; ${sampleText(observation)}.`,
    ...(called === undefined ? [] : [`${called}.`]),
    ...[chargesText(total)].filter((text) => text !== undefined),
    ...(total.provisioned ?? []).map(provisionedText),
    ...(durationMs === null
      ? []
      : [
          `Duration: p50 ${formatDuration(durationMs.p50)}, p95 ${formatDuration(durationMs.p95)}, p99 ${formatDuration(durationMs.p99)}.`,
        ]),
    ...(coldShare === null
      ? []
      : [
          `Cold starts: ${shareText(coldShare)} of the calls${initMs === null ? '' : `, init p50 ${formatDuration(initMs.p50)}, p95 ${formatDuration(initMs.p95)}`}.`,
        ]),
    ...(maxMemoryUsedMb === null
      ? []
      : [
          `Memory: at most ${formatMemory(Math.round(maxMemoryUsedMb))} were used in any of ${numberOf(environments.seen, 'environment')} that were seen${environments.headroomShare === null ? '' : `; of ${formatMemory(current.memoryMb)} today ${formatShare(environments.headroomShare)} stay free`}. Memory is processor, too: that alone makes no size too large.`,
        ]),
    ...(endings.length === 0 ? [] : [`Endings: ${endings.join(', ')}.`]),
    ...(total.peakConcurrency === null
      ? []
      : [`Concurrency: at most ${formatCount(total.peakConcurrency)} at a time.`]),
    ...(idleLifeS === null
      ? []
      : [`Idle environments live about ${idleText(idleLifeS.estimate)}${idleRange(idleLifeS)}.`]),
  ];
}

function idleRange({ low, high }: { readonly low: number; readonly high: number | null }): string {
  if (high === null) return ' (at least that: none was seen to end)';
  return high > low ? ` (${idleText(low)} to ${idleText(high)})` : ': the longest pause that one survived';
}

function idleText(seconds: number): string {
  return seconds < 90 ? `${formatFixed(seconds, 0)} s` : `${formatFixed(seconds / 60, 1)} min`;
}

function sampleText({ sample }: Observation): string {
  if (sample.records === 0) return 'no records';
  const records = numberOf(sample.records, 'record');
  return sample.isWhole
    ? `all ${records}`
    : `${records} in ${numberOf(sample.windows, 'stretch', 'stretches')} of ${stretchText(sample.secondsPerWindow)}, drawn from all hours`;
}

export function stretchText(seconds: number): string {
  return seconds % 60 === 0 ? numberOf(seconds / 60, 'minute') : numberOf(seconds, 'second');
}

export function readingSpendText({ spend }: Observation): string {
  return `Reading cost ${formatUsd(spend.spentUsd)} of at most ${formatUsd(spend.capUsd)}. List prices, no free tier, a month of 30.4 days.`;
}

/** The answer in one line. */
export function answerText(observation: Observation): string {
  const [first, ...others] = sinceChangeTexts(observation);
  return first === undefined ? headline(observation) : [first, ...others].join(' ');
}

const sourceNames = {
  metrics: 'CloudWatch metrics',
  insights: 'Logs Insights',
  events: 'log events',
  lambdaInsights: 'Lambda Insights',
  computeOptimizer: 'Compute Optimizer',
  xray: 'X-Ray',
} as const satisfies Record<SourceName, string>;

const statusText = {
  read: 'read',
  partly: 'read in part',
  denied: 'denied',
  unusable: 'not usable',
  notNeeded: 'not needed',
} as const satisfies Record<ObservedSource['status'], string>;

export function sourceText({ source, status, costUsd, note }: ObservedSource): string {
  const cost = costUsd === 0 ? '' : `, ${formatUsd(costUsd)}`;
  return `${sourceNames[source]}: ${statusText[status]}${cost}${note === undefined ? '' : ` (${note})`}`;
}
