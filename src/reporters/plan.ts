import { estimateCovers } from '../domain/estimate.ts';
import type { FunctionFacts, Warning } from '../domain/model.ts';
import type { Plan } from '../domain/plan.ts';
import { escapeTerminal } from './escape.ts';

/** What will happen and what it may cost, said before anything is created. */
export function renderPlan(job: {
  readonly runId: string;
  readonly facts: FunctionFacts;
  readonly plan: Plan;
  readonly maxSpendUsd?: number;
  readonly path?: string;
}): string {
  const { facts, plan, path } = job;
  const name = escapeTerminal(path ?? `${facts.functionName}:${facts.qualifier}`);
  const architectures = [...new Set(plan.configurations.map((configuration) => configuration.architecture))];
  const sizes = [...new Set(plan.configurations.map((configuration) => configuration.memoryMb))].sort((a, b) => a - b);
  const local = facts.emulation !== undefined;
  const lines = [
    `${name} (${facts.runtime ?? 'container image'}, ${facts.codeSha256.slice(0, 8)}) ${local ? 'on this machine' : `in ${facts.region}`}, run ${job.runId}`,
    `Plan      ${plan.configurations.length} configurations: ${sizes.join(', ')} MB on ${architectures.join(' and ')}; ` +
      callsText(plan),
    ...(local ? localLines(plan) : accountLines(job)),
    ...[...facts.notices, ...plan.warnings].map((warning: Warning) => `Note      ${escapeTerminal(warning.text, 600)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function callsText({ sampling, estimate, maxInFlight, warmInvocations, environmentsPerConfiguration }: Plan): string {
  if (sampling.kind === 'race') {
    return `raced for the ${sampling.search.goal === 'all' ? 'cheapest, fastest and balanced' : sampling.search.goal}: sizes that promise nothing are not called, close ones often; at most ${maxInFlight} at once`;
  }
  return (
    `each ${warmInvocations} warm invocations in ${counted(environmentsPerConfiguration, 'environment')}; ` +
    `${estimate.invocations} invocations in all, at most ${maxInFlight} at once`
  );
}

function localLines(plan: Plan): readonly string[] {
  return [
    `Takes     about ${duration(plan.estimate.expectedSeconds)} (${plan.estimate.assumption}); no account and no money is used. The dollars shown are what AWS would charge.`,
  ];
}

function accountLines({
  plan,
  maxSpendUsd,
  facts,
}: {
  plan: Plan;
  maxSpendUsd?: number;
  facts: FunctionFacts;
}): readonly string[] {
  const { estimate } = plan;
  const cap = maxSpendUsd === undefined ? '' : `; the run stops before it can exceed US$ ${maxSpendUsd}`;
  return [
    `Creates   up to ${plan.configurations.length} throwaway functions named tune-…, one log group; all are deleted at the end. ${escapeTerminal(facts.functionName)} itself is only read.`,
    `Cost      about US$ ${dollars(estimate.expectedUsd)}, at worst US$ ${dollars(estimate.worstCaseUsd)} if every call runs into its timeout of ${facts.timeoutS} s${cap}. ${estimate.assumption}`,
    `          ${[estimateCovers, ...estimate.notIncluded].join(' ')}`,
    `Takes     about ${duration(estimate.expectedSeconds)}`,
    'Careful   The function really runs, with its real side effects: it writes to the databases, queues and APIs that it is',
    '          configured for. Code that calls itself by its own name calls the copy; a hard-coded name calls production.',
  ];
}

function dollars(usd: number): string {
  return usd >= 1 ? usd.toFixed(2) : usd.toPrecision(2);
}

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
