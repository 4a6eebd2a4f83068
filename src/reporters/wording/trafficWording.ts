import type { SnapStartFigures, Statement, TrafficFigures } from '../../advice/statements.ts';
import type { Answer } from '../../model/answer.ts';
import { afterCurrent } from '../../model/configuration.ts';
import type { Monthly, ProvisionedPlan, TrafficRecord } from '../../model/traffic.ts';
import {
  formatCount,
  formatDuration,
  formatElapsed,
  formatNumberOf,
  formatShare,
  formatUsd,
} from '../../text/format.ts';
import type { Namer } from './namer.ts';

/** Sentences on a month at the user's traffic. */

/** As in wording.ts: words of others apart. */
type Part = string | { readonly quoted: string };

type Figures<Kind extends Statement['kind']> = Omit<Extract<Statement, { readonly kind: Kind }>, 'kind'>;

const fromText = {
  rate: '',
  minutes: 'counts of ',
  arrivals: 'times of ',
  observation: 'observed: ',
} as const satisfies Record<TrafficRecord['kind'], string>;

/** How the bills came about, for those who want to know what they rest on. */
export function replayText({ replay, idleLifeS, idleLifeFrom, discount }: TrafficRecord): string {
  const life = `idle environments live ${formatElapsed(idleLifeS * 1000)} (${idleLifeFrom === 'assumed' ? 'assumed' : 'observed in production'})`;
  const before =
    replay.warmUpSeconds > 0
      ? `after a warm-up of ${formatElapsed(replay.warmUpSeconds * 1000)}`
      : 'from an empty pool, once';
  const off = discount === undefined ? 'no discounts' : `${formatShare(discount)} off compute`;
  return `${formatNumberOf(replay.arrivals, 'arrival')} over ${formatElapsed(replay.seconds * 1000)} replayed ${before}; ${life}; list prices with volume tiers of this function alone, ${off}, no free tier, a month of 30.4 days.`;
}

export function trafficSentence(
  { traffic, named, monthly, at15Min, current, perCall }: TrafficFigures,
  name: Namer,
): readonly Part[] {
  const beside =
    current === undefined
      ? ''
      : `, ${formatUsd(current.monthly.usd.total)} with the current ${afterCurrent(name(current.configuration))}`;
  return [
    `${formatNumberOf(traffic.requestsPerMonth, 'request')} a month (${fromText[traffic.kind]}`,
    { quoted: traffic.given },
    `): ${formatUsd(monthly.usd.total)} a month with ${name(named)}${beside}.`,
    ` Callers wait ${formatDuration(monthly.latencyMs.p50)} (p50), ${formatDuration(monthly.latencyMs.p95)} (p95), ${formatDuration(monthly.latencyMs.p99)} (p99); ${coldShareText(monthly.coldShare.estimate)} of the calls are cold starts,`,
    ` in ${formatNumberOf(monthly.environments.p50, 'environment')} as a rule and ${formatCount(monthly.environments.max)} at most.`,
    at15Min === undefined ? '' : otherLife(monthly, at15Min),
    perCall === undefined ? '' : ` By single calls alone the answer would be another: ${perCallText(perCall, name)}.`,
    ...(traffic.payloadWeights === undefined ? [] : weightsText(traffic.payloadWeights)),
  ];
}

function otherLife(monthly: Monthly, at15Min: Monthly): string {
  const [five, fifteen] = [monthly, at15Min].map(({ coldShare }) => coldShareText(coldShare.estimate));
  if (five === fifteen && formatUsd(monthly.usd.total) === formatUsd(at15Min.usd.total)) {
    return ' The same if idle environments lived 15 minutes.';
  }
  return ` If idle environments lived 15 minutes: ${formatUsd(at15Min.usd.total)}, ${fifteen} cold.`;
}

function perCallText(answer: Answer, name: Namer): string {
  switch (answer.kind) {
    case 'change':
      return `change to ${name(answer.configuration)}`;
    case 'stay':
      return `keep ${name(answer.configuration)}`;
    case 'unanswered':
      return 'none';
  }
}

function weightsText({ weights, misfit }: NonNullable<TrafficRecord['payloadWeights']>): readonly Part[] {
  const shown = weights
    .slice(0, 8)
    .flatMap(({ name, share }, index): readonly Part[] => [
      index === 0 ? '' : ', ',
      { quoted: name },
      ` ${formatShare(share)}`,
    ]);
  const more = weights.length > 8 ? `, and ${weights.length - 8} more` : '';
  return [
    ' Payloads weighted by production’s durations: ',
    ...shown,
    `${more}; the fit is off by ${coldShareText(misfit)} of the calls at most.`,
  ];
}

/** Of cold starts: rare ones keep their digits. */
export function coldShareText(share: number): string {
  if (share === 0) return '0 %';
  const percent = 100 * share;
  return percent >= 0.095 ? formatShare(share) : percent < 0.001 ? 'under 0.001 %' : `${percent.toPrecision(1)} %`;
}

export function provisionedSentence({ advice, coldShare }: Figures<'provisioned'>, name: Namer): string {
  const { configuration, breakEvenUse, none, constant, scheduled, latency, cheapest } = advice;
  const even =
    breakEvenUse === null
      ? 'An environment never pays for itself at this volume’s price'
      : `An environment pays for itself above ${(100 * breakEvenUse).toFixed(1)} % use`;
  const best = cheapest === 'constant' ? constant : cheapest === 'scheduled' ? scheduled : undefined;
  const answer =
    best === undefined
      ? `None is cheapest for ${name(configuration)} (${formatUsd(none.usd.total)} a month)`
      : `${planText(best)} ${best.schedule === undefined ? 'is' : 'are'} cheapest for ${name(configuration)}: ${formatUsd(best.usd.total)} a month instead of ${formatUsd(none.usd.total)}, ${spillText(best)}`;
  const others = [
    best === constant || constant === undefined
      ? ''
      : `${planText(constant)} would cost ${formatUsd(constant.usd.total)}`,
    latency === undefined
      ? ''
      : `${planText(latency)} would serve 99 % of the calls for ${formatUsd(latency.usd.total)}: ${changed(coldShareText(latency.coldShare), coldShareText(coldShare))} cold, p99 ${changed(formatDuration(latency.latencyMs.p99), formatDuration(none.latencyMs.p99))}`,
  ].filter((part) => part !== '');
  return `${answer}. ${even}.${others.length === 0 ? '' : ` ${others.join('; ')}.`}`;
}

function changed(after: string, before: string): string {
  return after === before ? `still ${after}` : `${after} instead of ${before}`;
}

/** "2 at all times", "5 from 08:00, 1 from 20:00 (UTC)" */
function planText({ environments, schedule }: ProvisionedPlan): string {
  if (schedule === undefined) return `${formatCount(environments)} at all times`;
  return `${schedule.map((step) => `${formatCount(step.environments)} from ${step.from}`).join(', ')} (UTC)`;
}

function spillText({ spillShare, coldShare, latencyMs }: ProvisionedPlan): string {
  return `with ${coldShareText(spillShare)} of the calls beside them on demand, ${coldShareText(coldShare)} cold, p99 ${formatDuration(latencyMs.p99)}`;
}

export function snapStartSentence({ named, isOn, cacheUsd, restoresUsd }: SnapStartFigures, name: Namer): string {
  const free = cacheUsd === 0 && restoresUsd === 0;
  const amount = `${formatUsd(cacheUsd + restoresUsd)} a month (cache of one version ${formatUsd(cacheUsd)}, restores ${formatUsd(restoresUsd)})`;
  if (isOn)
    return free
      ? `On at ${name(named)}; it costs nothing for this runtime.`
      : `On at ${name(named)}: ${amount} of the bill.`;
  const price = free ? 'would cost nothing for this runtime' : `would add ${amount}`;
  return `Off at ${name(named)}; on, it ${price}. What it would do to cold starts was not measured: --vary snapstart=on.`;
}

export function logsSentence({ logs, monthly }: Figures<'logs'>): string {
  const { infrequentAccessUsd, jsonUsd, withoutSystemUsd } = logs;
  const what =
    logs.from === 'observation'
      ? `${formatUsd(monthly.logsUsd)} a month beside the bill, at ${formatCount(logs.bytes.warm)} bytes a call as in production`
      : `at least ${formatUsd(monthly.logsUsd)} a month beside the bill for Lambda’s own lines (START, END, REPORT: ${formatCount(logs.bytes.warm)} bytes a call as text); what the function prints comes on top and is not known`;
  const others = [
    `${formatUsd(infrequentAccessUsd)} in the Infrequent Access class (price not verified)`,
    ...(jsonUsd === undefined ? [] : [`${formatUsd(jsonUsd)} as JSON`]),
    ...(withoutSystemUsd === undefined
      ? []
      : [`${formatUsd(withoutSystemUsd)} as JSON at system log level WARN, which leaves these lines out`]),
  ];
  return `${what.charAt(0).toUpperCase()}${what.slice(1)}. ${others.join('; ')}. Prices of ${logs.priceRegion}.`;
}
