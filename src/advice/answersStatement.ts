import { sameVariant, variantOf } from '../model/configuration.ts';
import type { TuningResult } from '../model/run.ts';
import type { VariantResponses } from '../model/variantResponses.ts';

/** What variants answered beside the function as it is. */
export type AnswersStatement =
  | { readonly is: 'alike'; readonly variants: readonly string[]; readonly compared: number }
  | { readonly is: 'different'; readonly responses: VariantResponses }
  /** Measured beside it, and no pair of answers was kept: of a run that was continued, or answers were too large. */
  | { readonly is: 'notCompared'; readonly variants: readonly string[] };

/** Those that differ come first, each by itself. */
export function answersStatements({
  responses,
  variants,
  configurations,
}: Pick<TuningResult, 'responses' | 'variants' | 'configurations'>): readonly AnswersStatement[] {
  // Of a run from before answers were compared nothing is said.
  if (responses === undefined) return [];
  const alike = responses.filter(({ different }) => different === 0);
  const measured = new Set(
    configurations.filter((row) => row.status === 'measured' && !sameVariant(row, {})).map(variantOf),
  );
  const unknown = (variants ?? [])
    .map(({ variant }) => variant)
    .filter((name) => measured.has(name) && responses.every(({ variant }) => variant !== name));
  const compared = alike.reduce((sum, one) => sum + one.compared, 0);
  return [
    ...responses
      .filter(({ different }) => different > 0)
      .map((one): AnswersStatement => ({ is: 'different', responses: one })),
    ...(alike.length === 0 ? [] : [{ is: 'alike' as const, variants: alike.map(({ variant }) => variant), compared }]),
    ...(unknown.length === 0 ? [] : [{ is: 'notCompared' as const, variants: unknown }]),
  ];
}
