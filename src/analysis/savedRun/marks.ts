import type { Choice, Tied } from '../../model/answer.ts';
import { type Configuration, findConfiguration, keyOf } from '../../model/configuration.ts';
import type { ConfigurationResult, TuningResult } from '../../model/run.ts';

/** What is special about a row, in the order in which it is said. `…Equal`, `…NotToldApart`: how it ties with the choice. */
export type Mark =
  | 'cheapest'
  | 'cheapestEqual'
  | 'cheapestNotToldApart'
  | 'fastest'
  | 'fastestEqual'
  | 'fastestNotToldApart'
  | 'balanced'
  | 'current';

const tieMarks = {
  cheapest: { equal: 'cheapestEqual', notToldApart: 'cheapestNotToldApart' },
  fastest: { equal: 'fastestEqual', notToldApart: 'fastestNotToldApart' },
} as const satisfies Record<string, Record<Tied['tie'], Mark>>;

/** Answers for each configuration of one result which marks it carries. */
export function marksOf(result: TuningResult): (configuration: Configuration) => readonly Mark[] {
  const marks = new Map<string, Mark[]>();
  const add = (configuration: Configuration | null | undefined, mark: Mark): void => {
    if (!configuration) return;
    const key = keyOf(configuration);
    marks.set(key, [...(marks.get(key) ?? []), mark]);
  };
  add(result.cheapest, 'cheapest');
  for (const tied of result.cheapest?.tiedWith ?? []) add(tied, tieMarks.cheapest[tied.tie]);
  add(result.fastest, 'fastest');
  for (const tied of result.fastest?.tiedWith ?? []) add(tied, tieMarks.fastest[tied.tie]);
  add(result.balanced, 'balanced');
  add(currentConfiguration(result), 'current');
  return (configuration) => marks.get(keyOf(configuration)) ?? [];
}

/**
 * The setting that the target has now. A path has none: nothing is deployed. A template has, but one for the other architecture
 * is not measured here.
 */
export function currentConfiguration({ target }: Pick<TuningResult, 'target'>): Configuration | undefined {
  const { path, template, memoryMb, architecture } = target;
  if (path !== undefined && template?.architecture !== architecture) return undefined;
  return { memoryMb, architecture };
}

/** The row of a configuration or choice. */
export function rowOf(
  result: Pick<TuningResult, 'configurations'>,
  configuration: Configuration | Choice | undefined,
): ConfigurationResult | undefined {
  if (!configuration) return undefined;
  return findConfiguration(result.configurations, configuration);
}

/** Then there is no answer to give; a dry run was not to have one. */
export function isNothingMeasured({ answer }: TuningResult): boolean {
  return answer.kind === 'unanswered' && answer.because === 'nothingMeasured';
}

/** What the answer recommends, the current setting where that is to be kept. */
export function recommended({ answer }: TuningResult): Configuration | undefined {
  return answer.kind === 'unanswered' ? undefined : answer.configuration;
}
