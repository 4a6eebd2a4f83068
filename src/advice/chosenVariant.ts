import type { Compared } from '../analysis/compared.ts';
import { surenessAmong } from '../analysis/difference.ts';
import { sameVariant } from '../model/configuration.ts';
import { isPreview } from '../model/lambda/runtimes.ts';
import type { Undecided } from '../model/run.ts';
import type { Variant } from '../model/variant.ts';
import type { VariantComparison } from '../model/variantComparison.ts';

/** A variant that is surely better than the function as it is, over all sizes; `compared`: by how much. */
export interface BetterVariant {
  readonly variant: Variant;
  readonly compared: VariantComparison;
}

/**
 * Variants are decided before sizes: over all sizes far less is needed to tell them apart than at one. Undefined: none is surely
 * better in what is asked for (cost, else duration) without being surely worse in the other. A preview runtime is never it:
 * its figures are provisional.
 */
export function betterVariant(
  { options }: Pick<Undecided, 'options'>,
  comparisons: readonly VariantComparison[],
): BetterVariant | undefined {
  const known = comparisons.flatMap((compared) => {
    const variant = (options.variants ?? []).find(({ name }) => name === compared.variant);
    return variant === undefined || isPreview(variant.changes.runtime) ? [] : [{ variant, compared }];
  });
  const best = (figure: 'cost' | 'duration', other: 'cost' | 'duration') =>
    known
      .filter(({ compared }) => compared[figure].kind === 'less' && compared[other].kind !== 'more')
      .toSorted((one, two) => one.compared[figure].ratio - two.compared[figure].ratio)[0];
  const [byCost, byDuration] = [best('cost', 'duration'), best('duration', 'cost')];
  return options.goal === 'fastest' ? (byDuration ?? byCost) : (byCost ?? byDuration);
}

/** What is compared of one variant alone: fewer statements, so that each needs less. */
export function comparedOf({ measured, candidates, judgement, ...rest }: Compared, variant: Variant): Compared {
  const own = candidates.filter(({ configuration }) => sameVariant(configuration, { variant }));
  return {
    ...rest,
    measured: measured.filter(({ configuration }) => sameVariant(configuration, { variant })),
    candidates: own,
    judgement: { ...judgement, confidence: surenessAmong(own.length) },
  };
}

/** Whatever can be recommended at all: the figures of a preview runtime are provisional, also where nothing else runs. */
export function withoutPreviews(compared: Compared): Compared {
  const isFinal = ({ configuration }: Compared['candidates'][number]) =>
    !isPreview(configuration.variant?.changes.runtime);
  return { ...compared, candidates: compared.candidates.filter(isFinal) };
}
