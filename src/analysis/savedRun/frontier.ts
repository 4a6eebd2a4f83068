interface Option {
  readonly costUsd: number;
  readonly meanMs: number;
}

/** Those that nothing beats in cost and duration at once (Pareto), the fastest first. By the means as they are: what cannot be told apart is on it by chance. */
export function frontierOf<Item extends Option>(options: readonly Item[]): readonly Item[] {
  const frontier: Item[] = [];
  for (const option of options.toSorted((one, other) => one.meanMs - other.meanMs || one.costUsd - other.costUsd)) {
    const last = frontier.at(-1);
    if (last === undefined || option.costUsd < last.costUsd) frontier.push(option);
  }
  return frontier;
}
