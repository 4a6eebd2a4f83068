import { preflightStatements } from '../../advice/advice.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { FunctionFacts } from '../../model/functionFacts.ts';
import type { Payload } from '../../model/payload.ts';
import type { VariantPreflight } from '../../model/preflight.ts';
import type { Prior } from '../../model/production/prior.ts';
import type { TuningResult } from '../../model/run.ts';
import { estimateCovers } from '../../plan/estimate.ts';
import type { Plan } from '../../plan/plan.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { formatBytes, formatMemorySizes, formatNumberOf } from '../../text/format.ts';
import { painter } from '../../text/terminalStyle.ts';
import { hookText } from '../wording/hookText.ts';
import { costsNothing, expectedDollars, planLine } from '../wording/planLines.ts';
import { preflightSentence } from '../wording/preflightWording.ts';
import { widthsOf } from '../wording/terminalPage.ts';
import { type LabelledText, labelledLines } from '../wording/verdictText.ts';

export interface PlannedRun {
  readonly runId: string;
  readonly facts: FunctionFacts;
  readonly plan: Plan;
  readonly maxSpendUsd?: number | undefined;
  readonly path?: string | undefined;
  readonly payloads?: readonly Payload[];
  readonly preflights?: readonly VariantPreflight[] | undefined;
  readonly recorded?: Pick<TuningResult['options'], 'hooks'>;
}

/** What will happen and what it may cost, said before anything is created. */
export function renderPlan(job: PlannedRun, view: { readonly columns: number; readonly color: boolean }): string {
  const { facts, plan, path, runId } = job;
  const target = escapeTerminal(path ?? `${facts.functionName}:${facts.qualifier}`);
  const where = facts.emulation === undefined ? `in ${escapeTerminal(facts.region)}` : 'on this machine';
  const code = escapeTerminal(facts.runtime ?? 'container image');
  const items: LabelledText[] = [
    planLine('Plan', planText(plan)),
    ...preflightTexts(job),
    ...sentTexts(job),
    ...(facts.emulation === undefined ? accountTexts(job) : localTexts(plan)),
    ...[...facts.notices, ...plan.warnings].map(({ text }) => planLine('Note', escapeTerminal(text, 600))),
  ];
  const lines = labelledLines(items, widthsOf({ columns: view.columns - 1 }).text, painter(view.color));
  return `${[`${target}, ${code}, ${where}, run ${runId}`, ...lines].join('\n')}\n`;
}

function planText(plan: Plan): string {
  const { sampling, configurations, estimate, maxInFlight } = plan;
  const sizes = `${formatNumberOf(configurations.length, 'configuration')}: ${formatMemorySizes(configurations.map(({ memoryMb }) => memoryMb))} on ${architecturesOf(configurations).join(' and ')}`;
  const together = `at most ${maxInFlight} at once${paceText(plan)}`;
  if (sampling.kind === 'race') {
    const goal = sampling.search.goal === 'all' ? 'cheapest, fastest and balanced' : sampling.search.goal;
    return `Up to ${sizes}; raced for the ${goal}: sizes that promise nothing are not called, close ones often, ${together}.${priorText(sampling.search.prior)}`;
  }
  const environments = formatNumberOf(plan.environmentsPerConfiguration, 'environment');
  return `${sizes}; each ${formatNumberOf(plan.warmInvocations, 'warm invocation')} in ${environments}; ${formatNumberOf(estimate.invocations, 'invocation')} in all, ${together}.`;
}

/** What production told, and what it is used for; nothing where the climb is as without it. */
function priorText(prior: Prior | undefined): string {
  if (prior === undefined) return '';
  const known = [
    ...(prior.cpuMs === undefined
      ? []
      : [`${Math.round(prior.cpuMs.estimate)} ms of the processor in ${Math.round(prior.durationMs)} ms`]),
    ...(prior.usedMb === undefined ? [] : [`up to ${Math.round(prior.usedMb)} MB used`]),
    ...(prior.cv === undefined ? [] : [`a scatter of ${Math.round(100 * prior.cv)} %`]),
    ...(prior.coldRatio === undefined ? [] : [`a cold start as long as ${prior.coldRatio.toFixed(1)} calls`]),
  ];
  if (known.length === 0) return '';
  return ` It begins by what production told at ${prior.memoryMb} MB (${known.join(', ')}), and believes it only until a measurement says otherwise.`;
}

/** What was read of variants, before anything of them is paid. */
function preflightTexts({ preflights = [] }: PlannedRun): readonly LabelledText[] {
  return preflightStatements({ preflights }).map((statement) => {
    const parts = preflightSentence(statement.preflights, statement.isEverywhere);
    const text = parts.map((part) => (typeof part === 'string' ? part : part.quoted)).join('');
    return planLine('Preflight', escapeTerminal(text, 1200));
  });
}

function paceText({ maxRatePerS, pauseMs }: Plan): string {
  return [
    maxRatePerS === undefined ? '' : ` and ${rateText(maxRatePerS)}`,
    pauseMs === undefined ? '' : `, ${pauseText(pauseMs)} apart in an environment`,
  ].join('');
}

/** In the largest unit of time in which it is at least one. */
function rateText(perSecond: number): string {
  const [rate, unit] =
    perSecond >= 1
      ? [perSecond, 'a second']
      : perSecond >= 1 / 60
        ? [60 * perSecond, 'a minute']
        : [3600 * perSecond, 'an hour'];
  return `${Number(rate.toPrecision(3))} ${unit}`;
}

function pauseText(pauseMs: number): string {
  return pauseMs < 1000 ? `${pauseMs} ms` : `${pauseMs / 1000} s`;
}

/** What is sent, and what is called before and after it; nothing where that is an empty event alone. */
function sentTexts({ facts, payloads = [], recorded }: PlannedRun): readonly LabelledText[] {
  const [first, ...others] = payloads;
  const bodies = payloads.flatMap(({ body, lines }) => lines ?? [body]);
  const bytes = bodies.map((body) => Buffer.byteLength(body));
  const [least, most] = [bytes.reduce((a, b) => Math.min(a, b), Infinity), bytes.reduce((a, b) => Math.max(a, b), 0)];
  const sizes = `${most > least ? `${formatBytes(least)} to ` : ''}${formatBytes(most)}`;
  const what =
    first === undefined || (others.length === 0 && first.lines === undefined && first.body === '{}')
      ? undefined
      : first.lines === undefined
        ? `${formatNumberOf(payloads.length, 'payload')} of ${sizes}.`
        : `${formatNumberOf(first.lines.length, 'line')} of ${sizes}, in turn.`;
  const hooks = hookText(recorded?.hooks);
  return [
    ...(what === undefined ? [] : [planLine('Sends', what)]),
    ...(hooks === undefined ? [] : [planLine('Hooks', hooks)]),
    ...(facts.streams === undefined ? [] : [planLine('Answers', streamText[facts.streams])]),
  ];
}

const streamText = {
  url: 'Read while they are written (InvokeWithResponseStream), since the URL of the function streams.',
  asked: 'Read while they are written (InvokeWithResponseStream), as --stream asks.',
} as const satisfies Record<NonNullable<FunctionFacts['streams']>, string>;

function localTexts({ estimate }: Plan): readonly LabelledText[] {
  return [planLine('Takes', `About ${duration(estimate.expectedSeconds)}. ${estimate.assumption}`), costsNothing];
}

function accountTexts({ plan, maxSpendUsd, facts }: PlannedRun): readonly LabelledText[] {
  const { estimate } = plan;
  const cap = maxSpendUsd === undefined ? '' : ` The run stops before it can exceed US$ ${maxSpendUsd}.`;
  return [
    planLine(
      'Creates',
      `Up to ${formatNumberOf(plan.configurations.length, 'copy', 'copies')} named tune-… and one log group; all are deleted at the end. ` +
        `${escapeTerminal(facts.functionName)} itself is only read.`,
    ),
    planLine(
      'Cost',
      `About US$ ${expectedDollars(estimate.expectedUsd)}, at worst US$ ${expectedDollars(estimate.worstCaseUsd)} if every call runs into its ` +
        `timeout of ${facts.timeoutS} s.${cap} ${estimate.assumption} ${[estimateCovers, ...estimate.notIncluded].join(' ')}`,
    ),
    planLine('Takes', `About ${duration(estimate.expectedSeconds)}.`),
    planLine(
      'Careful',
      'The function really runs, with its real side effects: it writes to the databases, queues and APIs that it is ' +
        'configured for. Code that calls itself by its own name calls the copy; a hard-coded name calls production.',
    ),
  ];
}

function architecturesOf(configurations: readonly Configuration[]): readonly string[] {
  return [...new Set(configurations.map(({ architecture }) => architecture))];
}

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}
