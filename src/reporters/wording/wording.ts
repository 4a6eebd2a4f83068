import type { CurrentStanding, Statement } from '../../advice/statements.ts';
import type { RejectionCause } from '../../analysis/savedRun/rejections.ts';
import { afterCurrent, nameByArchitecture, withVariant } from '../../model/configuration.ts';
import { formatDuration, formatNumberOf, formatShare, formatUsd, formatUsdPerMillion } from '../../text/format.ts';
import { answersSentence } from './answersWording.ts';
import { answerSentence } from './answerWording.ts';
import { coldStartSentence } from './coldStartWording.ts';
import { hintSentence } from './hintWording.ts';
import type { Namer } from './namer.ts';
import {
  againstCheapest,
  costInBrackets,
  figuresText,
  listOf,
  meanOf,
  moreThanCheapest,
  shareText,
  tiesText,
  unmeasuredText,
} from './phrases.ts';
import { preflightSentence } from './preflightWording.ts';
import { streamSentence } from './streamWording.ts';
import { logsSentence, provisionedSentence, snapStartSentence, trafficSentence } from './trafficWording.ts';
import { variantSentence } from './variantWording.ts';

/** Own words as they are; words of others (names, errors) apart, so that each reporter can show them inert. */
type Part = string | { readonly quoted: string };

export interface Worded {
  readonly label: string;
  readonly sentence: readonly Part[];
}

type StatementOf<Kind extends Statement['kind']> = Extract<Statement, { readonly kind: Kind }>;

/** All words of the verdict. A kind of statement without words does not compile. */
const wording = {
  answer: ({ answer, figures }, name) => ({ label: 'Answer', sentence: [`${answerSentence(answer, figures, name)}.`] }),
  variant: ({ isAnswered, ...compared }) => ({ label: 'Variant', sentence: [variantSentence(compared, isAnswered)] }),
  answers: ({ answers }) => ({ label: 'Answers', sentence: answersSentence(answers) }),
  preflight: ({ preflights, isEverywhere }) => ({
    label: 'Preflight',
    sentence: preflightSentence(preflights, isEverywhere),
  }),
  cheapest: ({ pick, ties }, name) => ({
    label: 'Cheapest',
    sentence: [
      `${name(pick)}: ${formatUsdPerMillion(pick.costUsd.mean)} per million invocations, ${meanOf(pick)}.`,
      tiesText(ties, (one) => `${name(one)}${costInBrackets(one)}`),
    ],
  }),
  fastest: ({ pick, ties, isCheapest, cost }, name) => ({
    label: 'Fastest',
    sentence: [
      isCheapest ? `The same, ${name(pick)}: ${meanOf(pick)}` : `${name(pick)}: ${meanOf(pick)}, `,
      isCheapest ? '' : `${formatUsdPerMillion(pick.costUsd.mean)} per million${besideCheapest(cost)}`,
      '.',
      tiesText(ties, (one) => `${name(one)} (${formatDuration(one.meanMs)}, ${formatUsdPerMillion(one.costUsd.mean)})`),
    ],
  }),
  balanced: ({ pick, ties }, name) => ({
    label: 'Balanced',
    sentence: [
      `${name(pick)}: ${formatUsdPerMillion(pick.costUsd.mean)} per million, ${meanOf(pick)}.`,
      tiesText(ties, (one) => `${name(one)} (${formatDuration(one.meanMs)}, ${formatUsdPerMillion(one.costUsd.mean)})`),
    ],
  }),
  pareto: ({ picks }, name) => ({
    label: 'Pareto',
    sentence: [
      `Nothing measured has both less cost and less time than ${listOf(
        picks.map((one) => `${name(one)} (${formatDuration(one.meanMs)}, ${formatUsdPerMillion(one.costUsd.mean)})`),
        6,
      )}, by the means.`,
    ],
  }),
  current: ({ current, standing }, name) => ({
    label: 'Current',
    sentence: [standingSentence(afterCurrent(name(current)), standing)],
  }),
  projected: ({ rows }) => ({
    label: 'Projected',
    sentence: [
      `Not measured: at the durations measured here ${nameByArchitecture(rows.configuration)} would cost `,
      `${formatUsdPerMillion(rows.costUsd.mean)} per million (projected)${againstCheapest(rows.extraCostShare)}. `,
      'Only its price is known, not its speed.',
    ],
  }),
  rejected: (rejection, name) => ({
    label: { infeasible: 'Cannot run', disqualified: 'Disqualified', unmeasured: 'Not measured' }[rejection.status],
    sentence: [
      rejection.isWholeCurve
        ? `${withVariant(rejection.curve.architecture, rejection.curve)}, at every size: `
        : `${listOf(
            rejection.memoryMb.map((memoryMb) => name({ ...rejection.curve, memoryMb })),
            6,
          )}: `,
      rejection.reason === undefined ? `${causeText[rejection.cause]}.` : { quoted: rejection.reason },
    ],
  }),
  coldStarts: (statement, name) => ({ label: 'Cold starts', sentence: [coldStartSentence(statement, name)] }),
  stream: (statement, name) => ({ label: 'Streaming', sentence: [streamSentence(statement, name)] }),
  hint: ({ hint }, name) => ({ label: 'Hint', sentence: [hintSentence(hint, name)] }),
  ended: ({ ended, maxSpendUsd, unmeasured, planned }) => ({
    label: endedLabel[ended],
    sentence: [
      ended === 'spendCap'
        ? `At the spend cap${maxSpendUsd === undefined ? '' : ` of ${formatUsd(maxSpendUsd)}`}. `
        : '',
      ended === 'dryRun' ? 'Nothing was created and nothing measured.' : unmeasuredText(unmeasured, planned),
    ],
  }),
  traffic: (statement, name) => ({ label: 'Traffic', sentence: trafficSentence(statement, name) }),
  provisioned: (statement, name) => ({ label: 'Provisioned', sentence: [provisionedSentence(statement, name)] }),
  snapStart: (statement, name) => ({ label: 'SnapStart', sentence: [snapStartSentence(statement, name)] }),
  logs: (statement) => ({ label: 'Logs', sentence: [logsSentence(statement)] }),
  local: ({ cpu, cores, priceRegion }) => ({
    label: 'Local',
    sentence: [
      `${cpu === 'modelled' ? 'Modelled' : 'Measured'} locally, not on AWS: the durations are this machine’s`,
      cores === undefined ? '' : ` (${formatNumberOf(cores, 'core')})`,
      `, the prices those of ${priceRegion}.`,
      localCpuText[cpu],
    ],
  }),
} satisfies { [Kind in Statement['kind']]: (statement: StatementOf<Kind>, name: Namer) => Worded };

export const causeText = {
  outOfMemory: 'out of memory',
  timedOut: 'timed out',
  functionError: 'the function fails',
  unreported: 'no report of what it took',
  notCalled: 'not called',
} satisfies Record<RejectionCause, string>;

const endedLabel = {
  dryRun: 'Dry run',
  spendCap: 'Stopped',
  interrupted: 'Interrupted',
  failed: 'Ended early',
} as const;

const localCpuText = {
  cgroup: ' CPU shares and memory limits were enforced.',
  modelled: ' Durations are modelled from measured CPU time, since no CPU quota could be enforced.',
  none: ' No CPU share was enforced: differences between sizes mean nothing.',
  unknown: '',
} as const;

export function wordStatement(statement: Statement, name: Namer): Worded {
  // TypeScript cannot pair a union's member with the table's entry of the same key; `satisfies` above has checked them.
  const write = wording[statement.kind] as (one: Statement, name: Namer) => Worded;
  const { label, sentence } = write(statement, name);
  return { label, sentence: sentence.filter((part) => part !== '') };
}

function besideCheapest(cost: StatementOf<'fastest'>['cost']): string {
  if (cost === undefined) return '';
  if (cost === 'equal') return ' (as cheap as the cheapest)';
  return cost === 'notToldApart' ? ' (not told apart from the cheapest yet)' : moreThanCheapest(cost.extraShare);
}

function standingSentence(named: string, standing: CurrentStanding): string {
  switch (standing.kind) {
    case 'cheapest':
      return `${named} is the cheapest already.`;
    case 'tied':
      return `${named} (${figuresText(standing.figures)}) ${
        standing.tie === 'equal'
          ? `costs the same as the cheapest within ${formatShare(standing.tolerance)}.`
          : 'is not told apart from the cheapest in cost yet.'
      }`;
    case 'dearer':
      return (
        `${named}: ${figuresText(standing.figures)}. The cheapest costs ${shareText(standing.saving)} less, ` +
        `${formatUsdPerMillion(standing.savingUsd)} per million.`
      );
    case 'breaksLimit':
      return `${named} (${figuresText(standing.figures)}) breaks the limit on p95, so it is not compared.`;
    case 'notMeasured':
      return {
        rejected: `${named} could not be measured (see below), so nothing is said about what a change saves.`,
        projected: `${named} is only projected here, so nothing is said about what a change saves.`,
        notPlanned: `${named} was not measured: add it to --memory and --architecture to compare with it.`,
      }[standing.status];
  }
}
