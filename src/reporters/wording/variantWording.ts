import type { ComparedVariant } from '../../advice/statements.ts';
import type { InitEffect, VariantComparison, VariantEffect } from '../../model/variantComparison.ts';
import { formatNumberOf } from '../../text/format.ts';
import { listOf, shareText } from './phrases.ts';

/** "nodejs24.x costs 6 % (3 to 9 %) less and takes 4 % (2 to 6 %) less time than nodejs20.x, at every size measured"; empty: nothing is told apart. */
export function toldText({ compared, asItIs }: ComparedVariant): string {
  const { variant, places, cost, duration, init } = compared;
  const told = [
    phraseOf(cost, (text) => `costs ${text}`),
    phraseOf(duration, (text) => `takes ${text} time`),
    init && phraseOf(init, (text) => `inits in ${text} time`),
  ].filter((phrase) => phrase !== undefined);
  if (told.length === 0) return '';
  const where = `on average over ${formatNumberOf(places, 'size')} measured`;
  const everywhere = [cost, duration, ...(init === undefined ? [] : [init])]
    .filter(isTold)
    .every((effect) => effect.everywhere)
    ? ', at every size measured'
    : `, ${where}`;
  return `${variant} ${listOf(told)} than ${asItIs}${places === 1 ? '' : everywhere}`;
}

/** `isAnswered`: what is told apart is said in the answer. */
export function variantSentence({ compared, asItIs }: ComparedVariant, isAnswered: boolean): string {
  const { variant, cost, duration, init } = compared;
  const told = isAnswered ? '' : toldText({ compared, asItIs });
  const equal = namesOf({ cost, duration, init }, 'equal');
  const unknown = namesOf({ cost, duration, init }, 'notToldApart');
  return [
    told === '' ? '' : `${told}.`,
    equal.length === 0 ? '' : `${variant} is equal to ${asItIs} in ${listOf(equal)}.`,
    unknown.length === 0
      ? ''
      : `${variant} is not told apart from ${asItIs} in ${listOf(unknown)}${moreText([cost, duration])}${moreStartsText(init, unknown.length === 1)}.`,
    init === undefined
      ? `${isAnswered ? `The init of ${variant}` : 'Init'} is not compared: too few cold starts (--cold-starts 5).`
      : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function isTold({ kind }: VariantEffect): boolean {
  return kind === 'less' || kind === 'more';
}

function phraseOf(effect: VariantEffect, phrase: (text: string) => string): string | undefined {
  if (!isTold(effect)) return undefined;
  const { ratio, low, high, kind } = effect;
  const share =
    kind === 'less'
      ? { share: 1 - ratio, low: 1 - high, high: 1 - low }
      : { share: ratio - 1, low: low - 1, high: high - 1 };
  return phrase(`${shareText(share)} ${kind}`);
}

function namesOf(
  effects: Pick<VariantComparison, 'cost' | 'duration' | 'init'>,
  kind: VariantEffect['kind'],
): readonly string[] {
  return (['cost', 'duration', 'init'] as const).filter((figure) => effects[figure]?.kind === kind);
}

function moreText(effects: readonly VariantEffect[]): string {
  const unknown = effects.filter(({ kind }) => kind === 'notToldApart');
  const more = Math.max(...unknown.map(({ moreCalls }) => moreCalls ?? Number.POSITIVE_INFINITY));
  if (unknown.length === 0) return ' yet';
  return Number.isFinite(more)
    ? ` yet; about ${formatNumberOf(more, 'more call')} of each size would tell`
    : ' yet; it would take over 1,000 more calls, or more environments (--concurrency)';
}

/** How many more cold starts would tell; nothing where init is told. `alone`: of nothing else more is wanted. */
function moreStartsText(init: InitEffect | undefined, alone: boolean): string {
  if (init?.kind !== 'notToldApart') return '';
  const what = alone ? '' : ' of init';
  return init.moreColdStarts === undefined
    ? `; over 1,000 more cold starts would be needed${what}`
    : `; about ${formatNumberOf(init.moreColdStarts, 'more cold start')} of each size (--cold-starts) would tell${what}`;
}
