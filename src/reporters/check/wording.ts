import type { Suggestion } from '../../check/suggestion.ts';
import type { CheckedFunction, CheckResult } from '../../model/check.ts';
import {
  formatChange,
  formatDuration,
  formatMemory,
  formatNumberOf,
  formatShare,
  formatUsdPerMillion,
} from '../../text/format.ts';

/** The words of a check, the same in every format. Names and messages are untrusted: whoever shows them escapes them. */

export type CheckMetric = CheckedFunction['metrics'][number];
export type ShownVerdict = NonNullable<CheckedFunction['verdict']> | 'notMeasured';

export function verdictOf({ verdict }: CheckedFunction): ShownVerdict {
  return verdict ?? 'notMeasured';
}

export const verdictWord = {
  passed: 'passed',
  regressed: 'REGRESSED',
  inconclusive: 'inconclusive',
  notMeasured: 'not measured',
} as const satisfies Record<ShownVerdict, string>;

const metricWord = {
  cost: 'typical cost',
  meanCost: 'mean cost',
  duration: 'duration',
  p95: 'p95',
  init: 'init',
  memory: 'memory used',
  errors: 'failed calls',
} as const satisfies Record<CheckMetric['name'], string>;

export function metricName({ name, kind }: CheckMetric): string {
  return kind === 'budget' && name !== 'memory' ? `${metricWord[name]} budget` : metricWord[name];
}

/** A figure in the unit of its metric. */
export function figureText({ name }: Pick<CheckMetric, 'name'>, figure: number | null): string {
  if (figure === null) return '–';
  switch (name) {
    case 'cost':
    case 'meanCost':
      return formatUsdPerMillion(figure);
    case 'duration':
    case 'p95':
    case 'init':
      return formatDuration(figure);
    case 'memory':
      return formatMemory(Math.round(figure));
    case 'errors':
      return formatShare(figure);
  }
}

/** How the current figure stands to the baseline: "+12 %", "−3.1 %". */
export function signedChangeText(share: number | null): string {
  if (share === null) return '–';
  const text = formatChange(share);
  const sign = /^[0.]*$/.test(text) ? '±' : share > 0 ? '+' : '−';
  return `${sign}${text} %`;
}

/** "+12 % (+9.1 % to +15 %)": what is compared with the limit. */
export function measuredText(metric: CheckMetric): string {
  const { kind, ratio, interval } = metric;
  if (kind === 'increase') {
    if (ratio === null) return 'too few samples';
    return `${signedChangeText(ratio.estimate - 1)}${between(signedChangeText, shifted(ratio.low), shifted(ratio.high))}`;
  }
  if (interval === undefined) return 'too few samples';
  const text = (figure: number | null) =>
    kind === 'difference' ? signedChangeText(figure) : figureText(metric, figure);
  const isSeen = interval.low === interval.high;
  return `${text(interval.estimate)}${isSeen ? '' : between(text, interval.low, interval.high)}`;
}

/** A ratio of nothing is what so few calls leave open, and no bound that anybody would want to read. */
function shifted(bound: number | null): number | null {
  return bound === null || bound <= 0 ? null : bound - 1;
}

function between(text: (figure: number | null) => string, low: number | null, high: number | null): string {
  if (low === null && high === null) return '';
  if (high === null) return ` (at least ${text(low)})`;
  return low === null ? ` (at most ${text(high)})` : ` (${text(low)} to ${text(high)})`;
}

/** "+5 %", "250 ms", "460 MB": what was allowed. */
export function limitText(metric: CheckMetric): string {
  const { limit, kind } = metric;
  if (limit === null) return '–';
  if (kind === 'budget') return figureText(metric, limit);
  return signedChangeText(limit);
}

/** What became of one line, in a word; nothing for lines that are shown and not judged. */
export function metricVerdict({ verdict, warned }: CheckMetric): string {
  if (verdict === null) return '';
  const word = verdict === 'inconclusive' ? 'undecided' : verdictWord[verdict];
  return warned && verdict !== 'regressed' ? `${word}, WARNING` : word;
}

/** The line that a sentence about the function names: what regressed, else what is undecided, else cost. */
function leadingMetric({ metrics, verdict }: CheckedFunction): CheckMetric | undefined {
  const judged = metrics.filter((metric) => metric.verdict !== null);
  const wanted =
    verdict === 'passed'
      ? undefined
      : judged.find((metric) => metric.verdict === verdict && (metric.required || verdict === 'regressed'));
  return wanted ?? judged.find((metric) => metric.verdict === verdict) ?? judged[0];
}

const undecidedText = {
  fewEnvironments: 'too few execution environments: hosts differ, and a verdict needs at least four a side',
  fewSamples: 'too few samples',
  maxSamples: 'all planned samples were taken and the limit is still inside the interval',
  ended: 'it ended before the plan did',
  outOfReach: 'the samples that were left would not have decided it',
  contended: 'this machine was busy, and too many calls say more of it than of the function',
  sameCode: 'both sides are the same code with the same settings, so what lies between them is no change’s doing',
} as const satisfies Record<NonNullable<CheckedFunction['undecided']>, string>;

/** Without the function's name: "REGRESSED: typical cost +12 % (… to …), limit +5 %". */
export function functionSentence(checked: CheckedFunction): string {
  const word = verdictWord[verdictOf(checked)];
  if (checked.error !== undefined) return `${word}: ${checked.error.message}`;
  const metric = leadingMetric(checked);
  const figures =
    metric === undefined ? '' : `: ${metricName(metric)} ${measuredText(metric)}, limit ${limitText(metric)}`;
  const why = checked.undecided === undefined ? '' : `; ${undecidedText[checked.undecided]}`;
  return `${word}${figures}${why}`;
}

/** What to do about it; undefined where there is nothing to do. */
export function nextStep(checked: CheckedFunction): string | undefined {
  if (checked.error !== undefined) return checked.error.hint;
  if (checked.undecided === 'contended')
    return 'Close other programs, or measure on a machine that has nothing else to do';
  if (checked.undecided === 'sameCode') return 'Nothing of the function changed: there is nothing to do';
  switch (checked.verdict) {
    case 'regressed':
      return regressedStep(checked);
    case 'inconclusive':
      return inconclusiveStep(checked);
    default:
      return undefined;
  }
}

const cures = {
  cost: 'Make it cheaper again',
  meanCost: 'Make it cheaper again',
  duration: 'Make it faster again',
  p95: 'Make its slow calls faster',
  init: 'Make its start faster',
  memory: 'Make it use less memory, or give it more',
  errors: 'Find out why more calls fail',
} as const satisfies Record<CheckMetric['name'], string>;

/** Only what was tried with the same rule is suggested. */
function regressedStep(checked: CheckedFunction): string {
  const metric = leadingMetric(checked);
  const isBaseline = checked.comparison === 'baseline';
  const ways = [
    // A budget is broken or not, whatever changed.
    checked.identical && metric?.kind !== 'budget'
      ? 'Nothing of the function changed: measure again'
      : cures[metric?.name ?? 'cost'],
    ...(isBaseline ? ['accept it: tune check --update-baseline --accept-regression "<reason>"'] : []),
    ...limitWays(checked).map((way) => `allow it this once: ${way}`),
  ];
  return `${ways.join(', or ')}.`;
}

function inconclusiveStep(checked: CheckedFunction): string | undefined {
  // Documents of before have none; what would help is not known then.
  if (checked.suggestions === undefined) return undefined;
  const samples = optionsOf(checked, 'samples');
  const sideBySide = optionsOf(checked, 'sideBySide');
  const ways = [
    ...(samples === undefined ? [] : [`${samples} would decide it, if further calls go on as these did`]),
    ...(sideBySide === undefined
      ? []
      : [`both sides measured together would, without what two runs differ by: ${sideBySide} <function>:<version>`]),
    ...limitWays(checked),
  ];
  return ways.length === 0
    ? 'No option that was tried (more calls, wider limits) decides it with calls like these.'
    : sentence(ways.join('; '));
}

function limitWays(checked: CheckedFunction): readonly string[] {
  const now = optionsOf(checked, 'limits');
  const later = optionsOf(checked, 'limitsWithMore');
  return [
    ...(now === undefined ? [] : [`with ${now} these calls pass`]),
    ...(later === undefined ? [] : [`with ${later} it passes, if further calls go on as these did`]),
  ];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function optionsOf({ suggestions }: CheckedFunction, kind: Suggestion['kind']): string | undefined {
  return suggestions?.find((one) => one.kind === kind)?.options.join(' ');
}

/** "against orders:live", "against base.json (and 2 more)" */
export function comparedText({ comparison, comparedWith }: CheckedFunction, shown: (name: string) => string): string {
  const [first = '', ...more] = comparedWith;
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  switch (comparison) {
    case 'against':
      return `measured side by side with ${shown(first)}`;
    case 'baseline':
      return `compared with ${shown(first)}${others}`;
    case 'none':
      return 'no baseline yet: budgets alone are judged';
  }
}

export function samplesText({ samples, environments }: CheckedFunction): string {
  return (
    `${formatNumberOf(samples.current, 'warm sample')} in ${formatNumberOf(environments.current, 'environment')}, ` +
    `baseline ${samples.baseline} in ${environments.baseline}`
  );
}

export function costBasis({ coldShare }: CheckedFunction): string {
  return coldShare === undefined
    ? 'Costs are warm costs; init has a line of its own.'
    : `Costs are a mixture with ${formatShare(coldShare)} cold starts.`;
}

/** Of the whole: "2 functions: 1 passed, 1 REGRESSED". */
export function summarySentence(result: CheckResult): string {
  const { functions } = result;
  const counts = (['regressed', 'notMeasured', 'inconclusive', 'passed'] as const)
    .map((verdict) => [verdict, functions.filter((one) => verdictOf(one) === verdict).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdictWord[verdict]}`);
  return `${formatNumberOf(functions.length, 'function')}: ${counts.join(', ')}`;
}
