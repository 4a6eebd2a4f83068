/** A few lines at the end of a terminal that are drawn over again. */
export interface Screen {
  /** What to write so that `lines` stand in place of those drawn before, on a terminal of `columns` now. */
  draw(lines: readonly string[], columns: number): string;
}

const csi = '\u001b[';

/**
 * Keeps track of what stands on the terminal. When it gets narrower, terminals break the old lines anew, so the way up to
 * the first one is counted in the rows that they take now.
 */
export function createScreen(widthOf: (text: string) => number): Screen {
  let drawn: readonly string[] = [];
  return {
    draw(lines, columns) {
      const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / Math.max(1, columns))), 0);
      drawn = lines;
      const up = rows > 0 ? `${csi}${rows}A` : '';
      // Every line is overwritten and its rest erased, so nothing flickers; what is below the last one goes, too.
      return `\r${up}${lines.map((line) => `${line}${csi}K\n`).join('')}${csi}J`;
    },
  };
}
