import type {
  Change,
  Charges,
  Interval,
  Observation,
  ObservedProvisioned,
  ObservedSource,
  SourceName,
} from '../../model/observation.ts';
import {
  formatCount,
  formatDuration,
  formatFixed,
  formatMemory,
  formatShare,
  formatSignedChange,
  formatUsd,
} from '../../text/format.ts';
import { numberOf } from '../../text/numberOf.ts';
import { shellQuote } from '../../text/shellQuote.ts';
import { triggersText } from '../wording/triggersWording.ts';

/** What an observation says, in sentences: every format has the same ones. Names are untrusted: escape where shown. */

/** "$1,140 ($1,120 to $1,160)" */
function usdText({ estimate, low, high }: Interval): string {
  return low === high ? formatUsd(estimate) : `${formatUsd(estimate)} (${formatUsd(low)} to ${formatUsd(high)})`;
}

/** "+12 % (8 to 16)"; undefined: cannot be told. */
function ratioText(ratio: Interval | null): string {
  if (ratio === null) return 'cannot be told';
  const percent = (value: number) => formatSignedChange(value - 1);
  const sign = ratio.estimate > 1 ? '+' : '';
  return `${sign}${percent(ratio.estimate)} % (${percent(ratio.low)} to ${percent(ratio.high)})`;
}

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

/** What a month is billed for, line by line: they add up to its cost. Undefined where that is not known. */
function chargesText({ chargesUsdPerMonth: charges }: Observation['total']): string | undefined {
  if (charges == null) return undefined;
  const { total, provisioned, ...others } = charges;
  const lines = (Object.keys(chargeNames) as (keyof typeof chargeNames)[]).flatMap((name) => {
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
function provisionedText(one: ObservedProvisioned): string {
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

export function changeText({ at, kind, what, costRatio, durationRatio }: Change): string {
  const day = `${at.slice(0, 10)} ${at.slice(11, 16)}`;
  const subject =
    kind === 'date'
      ? `${what.charAt(0).toUpperCase()}${what.slice(1)}`
      : kind === 'unknown'
        ? `Since ${day} (${what})`
        : `Since ${what}, ${day}`;
  return `${subject}: cost per million ${ratioText(costRatio)}, duration ${ratioText(durationRatio)}.`;
}

const decidedText = {
  holds: 'it came true',
  fails: 'it did not come true',
  inconclusive: 'it cannot be told',
} as const;
const requiredText = { cheaper: 'Cheaper', 'not-slower': 'Not slower', both: 'Cheaper and not slower' } as const;

/** The verdict of `--since-change`. */
export function sinceChangeTexts({ sinceChange }: Observation): readonly string[] {
  if (sinceChange === undefined) return [];
  const { change, required } = sinceChange;
  return [
    changeText(change),
    ...(required === undefined
      ? []
      : [
          `${requiredText[required.require]}: ${decidedText[required.decided]}${required.notSlower === undefined ? '' : ` (${formatShare(required.maxSlowdown)} longer would still not be slower)`}.`,
        ]),
  ];
}

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

export function spendText({ spend }: Observation): string {
  return `Reading cost ${formatUsd(spend.spentUsd)} of at most ${formatUsd(spend.capUsd)}. List prices, no free tier, a month of 30.4 days.`;
}

/** The answer in one line. */
export function answerText(observation: Observation): string {
  const [first, ...others] = sinceChangeTexts(observation);
  return first === undefined ? headline(observation) : [first, ...others].join(' ');
}

export const versionColumns = {
  version: 'version',
  setting: 'setting',
  calls: 'calls',
  month: '$/month',
  million: '$/million',
  p95: 'p95',
  cold: 'cold',
  used: 'used',
} as const;

export type VersionRow = Readonly<Record<keyof typeof versionColumns, string>>;

export function versionRows({ versions }: Observation): readonly VersionRow[] {
  return versions.map((row) => ({
    version: row.version,
    setting: `${formatMemory(row.memoryMb)}, ${row.architecture ?? 'version gone'}`,
    calls: `${row.invocationsAre === 'exact' ? '' : '~'}${formatCount(row.invocations)}`,
    month: row.costPerMonthUsd === null ? '' : usdText(row.costPerMonthUsd),
    million: row.costPerMillionUsd === null ? '' : formatUsd(row.costPerMillionUsd.estimate),
    p95: row.durationMs === null ? '' : formatDuration(row.durationMs.p95),
    cold: row.coldShare === null ? '' : formatShare(row.coldShare.estimate),
    used: row.maxMemoryUsedMb === null ? '' : formatMemory(Math.round(row.maxMemoryUsedMb)),
  }));
}
