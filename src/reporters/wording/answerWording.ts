import type { HeldBack } from '../../advice/chosenVariant.ts';
import type { AnswerFigures } from '../../advice/statements.ts';
import type { Answer } from '../../model/answer.ts';
import { afterCurrent } from '../../model/configuration.ts';
import { formatShare } from '../../text/format.ts';
import type { Namer } from './namer.ts';
import { figuresText, listOf, shareText } from './phrases.ts';
import { toldText } from './variantWording.ts';

type AnswerOf<Kind extends Answer['kind']> = Extract<Answer, { readonly kind: Kind }>;

/** The answer in one sentence, without its full stop: the first that is read in every format. */
export function answerSentence(answer: Answer, figures: AnswerFigures, name: Namer): string {
  switch (answer.kind) {
    case 'change':
      return withVariant(changeSentence(answer, figures, name), figures);
    case 'stay':
      return `Keep ${name(answer.configuration)}${inBrackets(figures)}: ${stayReasons[answer.because](figures)}`;
    case 'unanswered':
      return unansweredSentences[answer.because](figures, name);
  }
}

/** Variants are decided before sizes, and said before them. */
function withVariant(sentence: string, { variant }: AnswerFigures): string {
  const told = variant === undefined ? '' : toldText(variant);
  return told === '' ? sentence : `${told}; best: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}

function changeSentence(answer: AnswerOf<'change'>, figures: AnswerFigures, name: Namer): string {
  const { configuration, because } = answer;
  const current =
    figures.current === undefined ? 'the current setting' : `the current ${afterCurrent(name(figures.current))}`;
  const named = `${name(configuration)}${inBrackets(figures)}`;
  if (because === 'noCurrent') return `Use ${named}: ${amongAll(figures)}`;
  if (because === 'currentCannotRun')
    return `Change to ${named}: ${current} cannot run it, and this is ${amongAll(figures)}`;
  if (because === 'currentBreaksLimit') {
    return `Change to ${named}: ${current} breaks the limit on p95${gains(answer, ', and beside it this ')}`;
  }
  const asked = because === 'cheapestAsked' ? ' This is the cheapest as asked for, but not surely a saving' : '';
  const gained = gains(answer, '');
  return `Change to ${named}: ${gained === '' ? 'it' : `it ${gained}`} compared with ${current}${asked === '' ? '' : `.${asked}`}`;
}

/**
 * "saves 21 % (17 to 25 %) and takes 40 % (38 to 42 %) less time". What has no figure is equal or not told apart, and its means
 * may lie far apart: so it is not called the same.
 */
function gains({ saves, faster }: AnswerOf<'change'>, lead: string): string {
  if (saves === undefined && faster === undefined) return `${lead}shows no sure difference in cost or time`;
  const cost =
    saves === undefined
      ? 'shows no sure difference in cost'
      : saves.share > 0
        ? `saves ${shareText(saves)}`
        : `costs ${shareText(inverse(saves))} more`;
  const time =
    faster === undefined
      ? 'shows no sure difference in time'
      : faster.share > 0
        ? `takes ${shareText(faster)} less time`
        : `takes ${shareText(inverse(faster))} more time`;
  return `${lead}${cost} and ${time}`;
}

function inverse({ share, low, high }: { share: number; low: number; high: number }) {
  return { share: -share, low: -high, high: -low };
}

function inBrackets({ named, extraCostShare = 0, extraCostAtMost }: AnswerFigures): string {
  // Of means alone: whether they are told apart is said of the cheapest.
  const share = extraCostShare < 0.005 ? '' : `; ${formatShare(extraCostShare)} above the lowest mean cost`;
  const most =
    extraCostAtMost === undefined ? '' : `; it may cost up to ${formatShare(extraCostAtMost)} more than the cheapest`;
  const extra = `${share}${most}`;
  return named === undefined ? '' : ` (${figuresText(named)}${extra})`;
}

function amongAll({ isCheapest, isFastest }: AnswerFigures): string {
  if (isCheapest && isFastest) return 'the cheapest and the fastest';
  if (isCheapest) return 'the cheapest';
  return isFastest ? 'the fastest, and about as cheap as any' : 'about as cheap as any, and the fastest of those';
}

const stayReasons = {
  currentIsBest: (figures) =>
    figures.isCheapest && figures.isFastest ? 'it is the cheapest and the fastest' : nothingBetter(figures),
  nothingSurelyBetter: nothingBetter,
  cheaperIsSlower: () => 'a cheaper size is slower, and faster ones do not surely save',
} as const satisfies Record<AnswerOf<'stay'>['because'], (figures: AnswerFigures) => string>;

/** What is surely better and held back is said with it: its line says what it gains. */
function nothingBetter({ heldBack }: AnswerFigures): string {
  if (heldBack.length === 0) return 'nothing measured is surely better';
  const names = (why: HeldBack['why']) => heldBack.filter((one) => one.why === why).map(({ variant }) => variant);
  const [previews, others] = [names('preview'), names('answersDiffer')];
  const held = [
    ...(previews.length === 0 ? [] : [`${listOf(previews)} ${be(previews)}, and in public preview`]),
    ...(others.length === 0 ? [] : [`${listOf(others)} ${be(others)}, and ${otherwise(others)}`]),
  ];
  return `nothing else measured is surely better (${held.join('; ')})`;
}

function be({ length }: readonly string[]): string {
  return length === 1 ? 'is' : 'are';
}

function otherwise({ length }: readonly string[]): string {
  return length === 1 ? 'answers otherwise' : 'answer otherwise';
}

const unansweredSentences = {
  dryRun: () => 'Dry run: nothing was created and nothing measured',
  nothingMeasured: () => 'Nothing could be measured',
  onlyPreviews: () =>
    'None: only variants on a runtime in public preview could be measured, and what one costs will change',
  partOfMigration: () => 'The verdict of the migration is the answer',
  hostNeverCalm: ({ isOneSize }) =>
    `None: this machine was busy all the time, so ${isOneSize ? 'the figures are rough and decide nothing' : 'the sizes cannot be compared'}`,
  noCpuShare: ({ isOneSize }) =>
    `None: without CPU shares ${isOneSize ? 'durations here are not those of this size on AWS' : 'the sizes do not differ here as they do on AWS'}`,
  currentNotMeasured: (figures, name) => {
    const current =
      figures.current === undefined ? 'The current setting' : `The current ${afterCurrent(name(figures.current))}`;
    const best =
      figures.named === undefined
        ? ''
        : `; of what was, ${name(figures.named)}${inBrackets(figures)} is ${amongAll(figures)}`;
    return `${current} was not measured, so whether a change is worth it is not known${best}`;
  },
} as const satisfies Record<AnswerOf<'unanswered'>['because'], (figures: AnswerFigures, name: Namer) => string>;
