import type { AnswersStatement } from '../../advice/answersStatement.ts';
import type { VariantDifference, VariantResponses } from '../../model/variantResponses.ts';
import { formatNumberOf } from '../../text/format.ts';
import { listOf } from './phrases.ts';

/** Own words, and words of functions apart. */
type Part = string | { readonly quoted: string };

const mostShown = 3;

/** "nodejs24.x answers otherwise than the function as it is: /version is "v22" and becomes "v24" …" */
export function answersSentence(statement: AnswersStatement): readonly Part[] {
  switch (statement.is) {
    case 'different':
      return [
        ...differentAnswers(statement.responses, 'the function as it is'),
        ' So it is not recommended: look whether it matters, and give --ignore for what may differ.',
      ];
    case 'alike':
      return [
        `${listOf(statement.variants)} ${statement.variants.length === 1 ? 'answers' : 'answer'} as the function as it is does (${formatNumberOf(statement.compared, 'pair')} of answers compared).`,
      ];
    case 'notCompared':
      return [`Those of ${listOf(statement.variants)} were not compared: no answers of both sides were kept.`];
  }
}

/** What differs, without what follows from it. */
export function differentAnswers(
  { variant, compared, different, differences, differencesLeftOut }: VariantResponses,
  asItIs: string,
): readonly Part[] {
  const telling = differences.filter(({ looksVolatile }) => !looksVolatile);
  const shown = telling.slice(0, mostShown);
  const more = telling.length - shown.length + differencesLeftOut;
  return [
    `${variant} answers otherwise than ${asItIs} in ${different} of ${formatNumberOf(compared, 'pair')} of answers: `,
    ...shown.flatMap((one, index) => [index === 0 ? '' : '; ', ...differenceParts(one)]),
    more > 0 ? `; ${formatNumberOf(more, 'more place')} in the JSON` : '',
    '.',
  ];
}

function differenceParts({ pointer, payload, current, variant }: VariantDifference): readonly Part[] {
  return [
    pointer === '' ? 'the answer as a whole' : { quoted: pointer },
    ...(payload === undefined ? [] : [' (payload ', { quoted: payload }, ')']),
    ' is ',
    current === undefined ? 'absent' : { quoted: current },
    ' and becomes ',
    variant === undefined ? 'absent' : { quoted: variant },
  ];
}
