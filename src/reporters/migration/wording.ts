import { type Architecture, architectures, nameByArchitecture } from '../../model/configuration.ts';
import type { MigrationResult } from '../../model/migration.ts';
import { formatChange, formatFixed, formatMemory, formatNumberOf, formatUsd } from '../../text/format.ts';

/** The words of a migration, the same in every format. Names, paths and messages are untrusted: whoever shows them escapes. */

type Comparison = NonNullable<MigrationResult['comparison']>;
interface Bounded {
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
}

export function movesTo({ preflight }: MigrationResult): Architecture {
  return preflight.wanted;
}

/** arm64 ÷ x86_64 as it is saved, turned to "the wanted architecture ÷ the current one". */
function turned(ratio: Bounded, to: Architecture): Bounded {
  if (to === 'arm64') return ratio;
  return {
    estimate: 1 / ratio.estimate,
    low: ratio.high === null ? null : 1 / ratio.high,
    high: ratio.low === null ? null : 1 / ratio.low,
  };
}

/** "24 % less (22 to 26)", "3.1 % more (0.2 less to 6.0 more)", "the same within noise". */
function ratioText(ratio: Bounded, words: { readonly less: string; readonly more: string }): string {
  const { estimate, low, high } = ratio;
  const word = estimate < 1 ? words.less : words.more;
  const main = Math.abs(estimate - 1) < 0.0005 ? 'the same' : `${formatChange(estimate - 1)} % ${word}`;
  if (low === null && high === null) return `${main} (interval not known)`;
  if (low === null)
    return `${main} (at most ${formatChange((high ?? 1) - 1)} % ${(high ?? 1) < 1 ? words.less : words.more})`;
  if (high === null) return `${main} (at least ${formatChange(low - 1)} % ${low < 1 ? words.less : words.more})`;
  const isOneSided = low < 1 === high < 1;
  // The smaller change first; where the sign is open, from less to more.
  const [near, far] = isOneSided && estimate < 1 ? [high, low] : [low, high];
  const side = (bound: number) => (isOneSided ? '' : ` ${bound < 1 ? words.less : words.more}`);
  return `${main} (${formatChange(near - 1)}${side(near)} to ${formatChange(far - 1)}${side(far)})`;
}

const costWords = { less: 'less', more: 'more' } as const;
const timeWords = { less: 'lower', more: 'higher' } as const;

/** A reason quotes up to 200 characters of what a function said, in a sentence of ours: none of that is cut. */
export const longestReason = 600;

/** "Move orders to arm64 at 1,024 MB: it costs less, and p95 is at most 5 % higher." The first words of every format. */
function verdictSentence(result: MigrationResult, shown: (name: string) => string): string {
  return `${verdictLead(result, shown)}: ${shown(result.verdict.reason)}.`;
}

function verdictLead(result: MigrationResult, shown: (name: string) => string): string {
  const { verdict, current } = result;
  const name = shown(result.function);
  const to = movesTo(result);
  switch (verdict.kind) {
    case 'move':
      return `Move ${name} to ${nameByArchitecture(verdict.configuration)}`;
    case 'stay':
      return `Stay on ${current.architecture} with ${name}`;
    case 'cannot':
      return `Cannot move ${name} to ${to}`;
    case 'undecided':
      return `Undecided whether ${name} should move to ${to}`;
  }
}

/** The verdict and, where there is one, the comparison that it rests on. */
export function migrationAnswerSentence(result: MigrationResult, shown: (name: string) => string): string {
  const figures = figuresSentence(result);
  return `${verdictSentence(result, shown)}${figures === undefined ? '' : ` ${figures}`}`;
}

/** "On arm64 at 1,024 MB it costs 24 % less (22 to 26) and its p95 is 3 % higher (0 to 6) than on x86_64 at 1,024 MB." */
function figuresSentence(result: MigrationResult): string | undefined {
  const to = movesTo(result);
  const { comparison, projection, current } = result;
  if (comparison !== undefined) {
    const { costRatio, p95Ratio, memoryMb } = comparison;
    const cost = ratioText(turned(costRatio, to), costWords);
    const p95 = p95Ratio === null ? '' : ` and its p95 is ${ratioText(turned(p95Ratio, to), timeWords)}`;
    const today = nameByArchitecture({ ...current, memoryMb: memoryMb[current.architecture] });
    return `On ${nameByArchitecture({ architecture: to, memoryMb: memoryMb[to] })} it costs ${cost}${p95}; compared with ${today}.`;
  }
  if (projection === undefined) return undefined;
  return `On ${to} it would cost the same if it took ${formatFixed(projection.breakEvenSlowdown, 2)} times as long at ${formatMemory(projection.memoryMb)}.`;
}

export function migrationPreflightSentence({ preflight }: MigrationResult): string {
  const { verdict, wanted, files, note, findings, findingsLeftOut } = preflight;
  const found = findings.length + findingsLeftOut;
  return `Preflight for ${wanted}: ${verdict}; ${formatNumberOf(files, 'file')} looked at, ${formatNumberOf(found, 'finding')}. ${note}`;
}

export function findingText(
  { where, path, kind, architecture, reason, cure, blocking }: MigrationResult['preflight']['findings'][number],
  shown: (name: string) => string,
): string {
  const place = path === '' ? shown(where) : `${shown(path)} in ${shown(where)}`;
  return `${blocking ? '' : '(not certain) '}${place}: ${kind} ${reason ?? `for ${architecture}`}. ${shown(cure)}`;
}

/** Price and duration apart: "of that −20 % by price and −5.0 % by duration". */
export function causesText({ causes }: Comparison, to: Architecture): string {
  const part = (ratio: number) => {
    const share = (to === 'arm64' ? ratio : 1 / ratio) - 1;
    return `${share > 0 ? '+' : '−'}${formatChange(share)} %`;
  };
  const memory = causes.memory === 1 ? '' : `, ${part(causes.memory)} by memory size`;
  return `of that ${part(causes.price)} by price${memory}, ${part(causes.duration.estimate)} by billed duration`;
}

/** Nothing where the verdict does not rest on the cost. */
export function savingsText({ comparison, verdict }: MigrationResult): string | undefined {
  const savings = comparison?.savings;
  if (savings === undefined) {
    const asks = verdict.kind === 'move' && verdict.because !== 'notSlower';
    return asks ? 'Savings per month: give --requests-per-month to have them worked out.' : undefined;
  }
  const { usd, low, high, requestsPerMonth } = savings;
  const at = `at ${formatNumberOf(requestsPerMonth, 'request')}`;
  if (low > 0) return `It saves ${formatUsd(usd)} a month (${formatUsd(low)} to ${formatUsd(high)}) ${at}.`;
  if (high < 0) {
    return `It would cost ${formatUsd(-usd)} more a month (${formatUsd(-high)} to ${formatUsd(-low)}) ${at}.`;
  }
  return `What it changes a month is not told apart from nothing: from ${formatUsd(-low)} more to ${formatUsd(high)} less, ${at}.`;
}

const requirementWords = { cheaper: 'cheaper', 'not-slower': 'not slower', both: 'cheaper and not slower' } as const;
const decidedWords = { holds: 'met', fails: 'not met', inconclusive: 'could not be decided' } as const;

export function requiredText({ required }: MigrationResult): string | undefined {
  if (required === undefined) return undefined;
  const { require, maxSlowdown, decided } = required;
  const limit = require === 'cheaper' ? '' : ` (p95 at most ${formatFixed(maxSlowdown * 100, 0)} % higher)`;
  return `Required: ${requirementWords[require]}${limit}: ${decidedWords[decided]}.`;
}

/** One line a payload on which the two answered differently, or only one of them. */
export function smokeTexts({ smoke = [] }: MigrationResult, shown: (name: string) => string): readonly string[] {
  return smoke.flatMap(({ payload, response, errors }) => {
    const name = payload === undefined ? 'The payload' : `Payload ${shown(payload)}`;
    const failed = architectures.flatMap((architecture) => {
      const error = errors[architecture];
      return error === undefined
        ? []
        : [
            `${architecture}: ${shown([error.errorType ?? error.outcome, error.errorMessage].filter(Boolean).join(': '))}`,
          ];
    });
    if (failed.length > 0) {
      return [`${name} fails on ${failed.length === 2 ? 'both' : 'one'} of the two. ${failed.join('; ')}`];
    }
    if (response?.kind !== 'different') return [];
    const { differences, differencesLeftOut } = response;
    const shownOnes = differences
      .slice(0, 5)
      .map(
        ({ pointer, x86_64, arm64, looksVolatile }) =>
          `${pointer === '' ? 'the answer' : shown(pointer)}: ${shown(x86_64 ?? 'absent')} on x86_64, ${shown(arm64 ?? 'absent')} on arm64${looksVolatile ? ' (looks volatile: --ignore it?)' : ''}`,
      );
    const more = differences.length - shownOnes.length + differencesLeftOut;
    return [`${name} is answered differently. ${shownOnes.join('; ')}${more > 0 ? `; and ${more} more` : ''}`];
  });
}

export function smokeSummary({ smoke }: MigrationResult): string | undefined {
  if (smoke === undefined || smoke.length === 0) return undefined;
  const same = smoke.filter(({ response }) => response !== undefined && response.kind !== 'different').length;
  return `Answers: ${same} of ${formatNumberOf(smoke.length, 'payload')} answered alike on both architectures.`;
}
