/** One row of `npm run bench`. */
export interface Figure {
  readonly name: string;
  /** As text, with its unit. */
  readonly figure: string;
  /** The number that is held against the target; absent where nothing could be measured. */
  readonly value?: number;
  /** `≤ 1.10`; absent for figures that are only stated. */
  readonly target?: string;
  /** Absent without a target, and where nothing could be measured. */
  readonly met?: boolean;
  /** What the figure rests on, or why there is none. */
  readonly note?: string;
}

/** A row held against an upper bound, in the given unit. */
export function atMost(bound: number, value: number, unit: string, rest: Pick<Figure, 'name' | 'note'>): Figure {
  const { name, note } = rest;
  const met = value <= bound;
  const target = `≤ ${bound.toFixed(2)}${unit}`;
  return { name, figure: `${value.toFixed(2)}${unit}`, value, target, met, ...(note === undefined ? {} : { note }) };
}

export function asTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, figure, target = '', met }) => [
    name,
    figure,
    target,
    met === undefined ? '' : met ? 'met' : 'NOT MET',
  ]);
  const head = ['', 'figure', 'target', ''];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  const notes = figures.flatMap(({ name, note }) => (note === undefined ? [] : [`${name}: ${note}`]));
  return `${[line(head), ...rows.map(line)].map((text) => text.trimEnd()).join('\n')}\n\n${notes.join('\n')}\n`;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
