import type { Configuration } from './model.ts';
import type { Choice, ConfigurationResult, TuningResult } from './result.ts';

/** What is special about a row, in the order in which it is said. `…Tied`: cannot be told apart from the choice. */
export type Mark = 'cheapest' | 'cheapestTied' | 'fastest' | 'fastestTied' | 'balanced' | 'current';

/** Answers for each configuration of one result which marks it carries. */
export function marksOf(result: TuningResult): (configuration: Configuration) => readonly Mark[] {
  const marks = new Map<string, Mark[]>();
  const add = (configuration: Configuration | null | undefined, mark: Mark): void => {
    if (!configuration) return;
    const key = configurationKey(configuration);
    marks.set(key, [...(marks.get(key) ?? []), mark]);
  };
  add(result.cheapest, 'cheapest');
  for (const tied of result.cheapest?.tiedWith ?? []) add(tied, 'cheapestTied');
  add(result.fastest, 'fastest');
  for (const tied of result.fastest?.tiedWith ?? []) add(tied, 'fastestTied');
  add(result.balanced, 'balanced');
  add(currentConfiguration(result), 'current');
  return (configuration) => marks.get(configurationKey(configuration)) ?? [];
}

/** The setting that the target has now. A path has none: nothing is deployed. */
export function currentConfiguration(result: TuningResult): Configuration | undefined {
  if (result.target.path !== undefined) return undefined;
  return { memoryMb: result.target.memoryMb, architecture: result.target.architecture };
}

export function sameConfiguration(one: Configuration, other: Configuration): boolean {
  return one.memoryMb === other.memoryMb && one.architecture === other.architecture;
}

/** The row of a configuration or choice. */
export function rowOf(
  result: TuningResult,
  configuration: Configuration | Choice | undefined,
): ConfigurationResult | undefined {
  if (!configuration) return undefined;
  return result.configurations.find((row) => sameConfiguration(row, configuration));
}

function configurationKey({ memoryMb, architecture }: Configuration): string {
  return `${architecture} ${memoryMb}`;
}
