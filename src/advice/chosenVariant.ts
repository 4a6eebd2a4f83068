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

/** Why a variant is measured and compared, and not recommended. */
export interface HeldBack {
  readonly variant: string;
  readonly why: 'preview' | 'answersDiffer';
}

/**
 * Variants are decided before sizes: over all sizes far less is needed to tell them apart than at one. Undefined: none is surely
 * better in what is asked for (cost, else duration) without being surely worse in the other. What is held back is never it.
 */
export function betterVariant(
  run: Pick<Undecided, 'options' | 'responses'>,
  comparisons: readonly VariantComparison[],
): BetterVariant | undefined {
  const known = comparisons.flatMap((compared) => {
    const variant = (run.options.variants ?? []).find(({ name }) => name === compared.variant);
    return variant === undefined || whyHeldBack(run, variant) !== undefined ? [] : [{ variant, compared }];
  });
  const best = (figure: Figure, other: Figure) =>
    known
      .filter(({ compared }) => isBetter(compared, figure, other))
      .toSorted((one, two) => one.compared[figure].ratio - two.compared[figure].ratio)[0];
  const [byCost, byDuration] = [best('cost', 'duration'), best('duration', 'cost')];
  return run.options.goal === 'fastest' ? (byDuration ?? byCost) : (byCost ?? byDuration);
}

/** Those that would have been recommended for their figures, each with what speaks against it. */
export function heldBackVariants(
  run: Pick<Undecided, 'options' | 'responses'>,
  comparisons: readonly VariantComparison[],
): readonly HeldBack[] {
  return comparisons
    .filter((compared) => isBetter(compared, 'cost', 'duration') || isBetter(compared, 'duration', 'cost'))
    .flatMap((compared) => {
      const variant = (run.options.variants ?? []).find(({ name }) => name === compared.variant);
      const why = variant && whyHeldBack(run, variant);
      return why === undefined ? [] : [{ variant: compared.variant, why }];
    });
}

type Figure = 'cost' | 'duration';

function isBetter(compared: VariantComparison, figure: Figure, other: Figure): boolean {
  return compared[figure].kind === 'less' && compared[other].kind !== 'more';
}

/** The figures of a preview will change; and who answers otherwise does other work, until somebody says that it is meant. */
function whyHeldBack({ responses = [] }: Pick<Undecided, 'responses'>, { name, changes }: Variant) {
  if (isPreview(changes.runtime)) return 'preview';
  return responses.some(({ variant, different }) => variant === name && different > 0) ? 'answersDiffer' : undefined;
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
