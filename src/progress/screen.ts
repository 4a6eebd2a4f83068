/**
 * A few lines at the end of a terminal that are drawn over again. What a terminal does with lines that no longer fit when it
 * is made narrower differs (some break them anew, some cut them), and some tell of it only when it is long done: then nobody
 * knows where the lines stand, and moving up could hit what is not ours. So nothing is drawn over any more: what stands is
 * pushed up and out, and the text above and the lines are written on the empty screen.
 */
export interface Screen {
  /** What to write so that `lines` stand in place of those drawn before. Every line fits the terminal. */
  draw(lines: readonly string[]): string;
  /** Whether a terminal of so many columns has broken or cut something that was drawn. */
  breaksAt(columns: number): boolean;
  /** What to write so that only `above` (lines with their ends) and `lines` are on the screen of so many rows. */
  repaint(above: string, lines: readonly string[], rows: number): string;
}

const csi = '\u001b[';

export function createScreen(widthOf: (text: string) => number): Screen {
  let drawn = 0;
  /** Of all that was drawn since the last repaint: what was drawn late on a narrower terminal may still stand broken. */
  let widest = 0;
  const written = (lines: readonly string[]) => {
    drawn = lines.length;
    widest = Math.max(widest, ...lines.map(widthOf));
    // Every line is overwritten and its rest erased, so nothing flickers; what is below the last one goes, too.
    return `${lines.map((line) => `${line}${csi}K\n`).join('')}${csi}J`;
  };
  /** Never further than the lines themselves: wherever they were broken, this stays among them. */
  const toFirst = () => `\r${drawn > 0 ? `${csi}${drawn}A` : ''}`;
  return {
    draw: (lines) => `${toFirst()}${written(lines)}`,
    breaksAt: (columns) => widest > columns,
    repaint(above, lines, rows) {
      // So many line ends push out what stands above, and as many rows up is below it, however tall the terminal really is.
      const all = Math.max(1, rows - 1);
      const pushedOut = `${toFirst()}${csi}J${'\n'.repeat(all)}${csi}${all}A`;
      widest = 0;
      return `${pushedOut}${above}${written(lines)}`;
    },
  };
}
