import { type Configuration, nameOf } from '../../model/configuration.ts';
import type { Warning } from '../../model/warning.ts';
import { estimateCovers } from '../../plan/estimate.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { formatNumberOf } from '../../text/format.ts';
import { painter } from '../../text/terminalStyle.ts';
import { costsNothing, expectedDollars, planLine } from '../wording/planLines.ts';
import { widthsOf } from '../wording/terminalPage.ts';
import { type LabelledText, labelledLines } from '../wording/verdictText.ts';

export interface CheckPlan {
  readonly runId: string;
  /** What is made. */
  readonly noun: 'Check' | 'Baseline';
  readonly sides: readonly CheckPlanSide[];
  readonly expectedCalls: number;
  readonly expectedUsd: number;
  readonly worstCaseUsd: number;
  readonly cap?:
    | {
        /** All functions together. */
        readonly totalUsd: number;
        readonly functions: number;
        /** Functions with a lower cap of their own. */
        readonly own: readonly { readonly name: string; readonly usd: number }[];
      }
    | undefined;
}

interface CheckPlanSide {
  readonly name: string;
  readonly configuration: Configuration;
  readonly isLocal: boolean;
  readonly region: string;
  readonly notices: readonly Warning[];
}

/** What a check will do and may cost, said before anything is created. */
export function renderCheckPlan(plan: CheckPlan, view: { readonly columns: number; readonly color: boolean }): string {
  const { sides, runId, noun } = plan;
  const inAccount = sides.filter(({ isLocal }) => !isLocal);
  const cap = capText(plan);
  const notices = [...new Set(sides.flatMap((side) => side.notices.map(({ text }) => text)))];
  const items: LabelledText[] = [
    ...sides.map(({ name, configuration }) =>
      planLine('Measures', `${escapeTerminal(name, 100)} at ${nameOf(configuration)}`),
    ),
    ...(inAccount.length === 0
      ? [costsNothing]
      : [
          planLine(
            'Creates',
            `Up to ${formatNumberOf(inAccount.length, 'copy', 'copies')} named tune-… with their versions and log groups; all are deleted at the end. The functions themselves are only read.`,
          ),
          planLine(
            'Cost',
            `About US$ ${expectedDollars(plan.expectedUsd)} for some ${formatNumberOf(plan.expectedCalls, 'call')} of one second, at worst US$ ${expectedDollars(plan.worstCaseUsd)} if every call of the plan runs into its timeout.${cap} ${estimateCovers}`,
          ),
          planLine('Careful', 'The functions really run, with their real side effects.'),
        ]),
    ...notices.map((text) => planLine('Note', escapeTerminal(text, 600))),
  ];
  const lines = labelledLines(items, widthsOf({ columns: view.columns - 1 }).text, painter(view.color));
  return `${[`${noun}, run ${runId}`, ...lines].join('\n')}\n`;
}

/** One cap for all; what a function of several may spend of it at most is said where that is less. */
function capText({ noun, cap }: CheckPlan): string {
  if (cap === undefined) return '';
  const all = cap.functions > 1 ? ', all functions together' : '';
  const total = ` The ${noun === 'Check' ? 'check' : 'run'} stops before it can exceed US$ ${exactly(cap.totalUsd)}${all}.`;
  if (cap.functions < 2 || cap.own.length === 0) return total;
  const own = cap.own.map(({ name, usd }) => `${escapeTerminal(name, 60)} US$ ${exactly(usd)}`);
  return `${total} Within it, at most: ${own.join(', ')}.`;
}

/** Rounded down: a cap is never said higher than it is. */
function exactly(usd: number): string {
  const digits = Math.max(2, 2 - Math.floor(Math.log10(usd)));
  return (Math.floor(usd * 10 ** digits + 1e-6) / 10 ** digits).toFixed(digits);
}
