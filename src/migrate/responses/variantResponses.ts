import { type Configuration, findMadeOf, ofVariant, sameVariant, variantOf } from '../../model/configuration.ts';
import type { Measurement } from '../../model/measurement.ts';
import type { VariantDifference, VariantResponses } from '../../model/variantResponses.ts';
import { describeDifference, differencesOf, type JsonDifference } from './jsonDifferences.ts';
import { formatPointer, type PointerPath } from './jsonPointer.ts';

/** What was called as one configuration. */
interface AnsweredLane {
  readonly configuration: Configuration;
  readonly measurements: readonly Measurement[];
}

/** What the function answered, as far as it was kept: untrusted. */
export interface KeptAnswers {
  answerOf(requestId: string): { readonly body: string; readonly sent: string } | undefined;
  /** Without the values of variables, and of what was sent. */
  redacted(text: string, sent: string): string;
}

/** Answers of one side to one payload that are looked at: further ones tell what differs by itself. */
const mostOfOneSide = 3;
/** Places that are told apart; beyond, an answer differs as a whole. */
const mostPlaces = 1000;
const mostShown = 10;

/**
 * Each variant's answers beside those of the function as it is, as `tune migrate` compares two architectures: payload by payload,
 * at every size and architecture where both were called. A variant without a pair of answers is not among them.
 */
export function variantResponses(
  lanes: readonly AnsweredLane[],
  kept: KeptAnswers,
  ignore: readonly PointerPath[],
): readonly VariantResponses[] {
  const names = new Set(lanes.map(({ configuration }) => variantOf(configuration)));
  return [...names].flatMap((name) => {
    const pairs = lanes
      .filter(({ configuration }) => variantOf(configuration) === name && !sameVariant(configuration, {}))
      .flatMap((lane) => {
        const asItIs = findMadeOf(lanes, ofVariant(lane.configuration));
        return asItIs === undefined ? [] : pairsOf(asItIs, lane, kept);
      });
    return pairs.length === 0 ? [] : [responsesOf(name, pairs, kept, ignore)];
  });
}

type GivenAnswer = NonNullable<ReturnType<KeptAnswers['answerOf']>>;

/** What both sides answered to one payload, the first one first; none is empty. */
interface Pair {
  readonly where: Pick<VariantDifference, 'memoryMb' | 'architecture' | 'payload'>;
  readonly current: readonly [GivenAnswer, ...GivenAnswer[]];
  readonly variant: readonly [GivenAnswer, ...GivenAnswer[]];
}

function pairsOf(asItIs: AnsweredLane, lane: AnsweredLane, { answerOf }: KeptAnswers): readonly Pair[] {
  const { memoryMb, architecture } = lane.configuration;
  const answersTo = ({ measurements }: AnsweredLane, payload: string | undefined) =>
    measurements
      .filter((one) => one.payload === payload && one.outcome === 'succeeded')
      .flatMap(({ requestId }) => answerOf(requestId) ?? [])
      .slice(0, mostOfOneSide);
  return [...new Set(lane.measurements.map(({ payload }) => payload))].flatMap((payload) => {
    const [current, ...currentOnes] = answersTo(asItIs, payload);
    const [variant, ...variantOnes] = answersTo(lane, payload);
    if (current === undefined || variant === undefined) return [];
    return [
      {
        where: { memoryMb, architecture, payload },
        current: [current, ...currentOnes],
        variant: [variant, ...variantOnes],
      },
    ];
  });
}

function responsesOf(
  variant: string,
  pairs: readonly Pair[],
  kept: KeptAnswers,
  ignore: readonly PointerPath[],
): VariantResponses {
  const found = new Map<string, VariantDifference>();
  const ignored = new Set<PointerPath>();
  let different = 0;
  for (const pair of pairs) {
    const compared = differencesOf(pair.current[0].body, pair.variant[0].body, ignore, mostPlaces);
    for (const path of compared.ignored) ignored.add(path);
    if (compared.count === 0) continue;
    const own = [...ownDifferences(pair.current), ...ownDifferences(pair.variant)];
    let isTelling = compared.count > compared.differences.length;
    for (const difference of compared.differences) {
      const one = differenceOf(difference, pair, own, kept);
      isTelling ||= !one.looksVolatile;
      const known = found.get(one.pointer);
      if (known === undefined || (known.looksVolatile && !one.looksVolatile)) found.set(one.pointer, one);
    }
    if (isTelling) different += 1;
  }
  const differences = [...found.values()].toSorted(
    (one, other) => Number(one.looksVolatile) - Number(other.looksVolatile),
  );
  return {
    variant,
    compared: pairs.length,
    different,
    differences: differences.slice(0, mostShown),
    differencesLeftOut: Math.max(0, differences.length - mostShown),
    ignored: [...ignored].map(formatPointer),
  };
}

function differenceOf(
  difference: JsonDifference,
  { where, current, variant }: Pair,
  own: readonly PointerPath[],
  { redacted }: KeptAnswers,
): VariantDifference {
  const shown = (text: string) => redacted(redacted(text, current[0].sent), variant[0].sent);
  const { one, other, pointer, looksVolatile } = describeDifference(difference, shown);
  return {
    ...where,
    pointer: shown(pointer),
    current: one,
    variant: other,
    looksVolatile: looksVolatile || own.some((path) => isWithin(difference.path, path)),
  };
}

/** Where the answers of one side to one payload differ among themselves. */
function ownDifferences([first, ...others]: Pair['current']): readonly PointerPath[] {
  return others.flatMap(({ body }) =>
    differencesOf(first.body, body, [], mostPlaces).differences.map(({ path }) => path),
  );
}

function isWithin(path: PointerPath, place: PointerPath): boolean {
  return place.length <= path.length && place.every((token, index) => token === path[index]);
}
