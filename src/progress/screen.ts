/**
 * A few lines at the end of a terminal that are drawn over again, below others of ours that stay. What a terminal does with
 * lines that no longer fit when it is made narrower differs (some break them anew, some cut them), and some tell of it only
 * when it is long done: then nobody knows where the lines stand. So nothing is drawn over any more: what stands is pushed
 * up and out, and everything of ours is written anew on the empty screen.
 */
export interface Screen {
  /** What to write so that `lines` stand in place of those drawn before. Every line fits the terminal. */
  draw(lines: readonly string[]): string;
  /** What to write so that one more line stays above the drawn ones, which are gone until the next drawing. */
  keep(line: string): string;
  /** Whether a terminal of so many columns has broken or cut something that was drawn. */
  breaksAt(columns: number): boolean;
  /** What to write so that only `kept` (every line with its end) and `lines` are on the screen of so many rows. */
  repaint(kept: string, lines: readonly string[], rows: number): string;
}

const csi = '\u001b[';

/** `kept`: what stands above already. */
export function createScreen(kept: string, widthOf: (text: string) => number): Screen {
  let standing = linesIn(kept);
  let drawn = 0;
  /** Of all that was drawn since the last repaint: what was drawn late on a narrower terminal may still stand broken. */
  let widest = 0;
  const written = (lines: readonly string[]) => {
    drawn = lines.length;
    widest = Math.max(widest, ...lines.map(widthOf));
    // Every line is overwritten and its rest erased, so nothing flickers; what is below the last one goes, too.
    return `${lines.map((line) => `${line}${csi}K\n`).join('')}${csi}J`;
  };
  const up = (rows: number) => `\r${rows > 0 ? `${csi}${rows}A` : ''}`;
  return {
    draw: (lines) => `${up(drawn)}${written(lines)}`,
    keep(line) {
      standing += 1;
      return `${up(drawn)}${written([])}${line}\n`;
    },
    breaksAt: (columns) => widest > columns,
    repaint(text, lines, rows) {
      // A line takes a row at least, however it was broken: so far up everything is ours.
      const erased = `${up(standing + drawn)}${csi}J`;
      // So many line ends push out what stands above, and as many rows up is below it, however tall the terminal really is.
      const all = Math.max(1, rows - 1);
      standing = linesIn(text);
      widest = 0;
      return `${erased}${'\n'.repeat(all)}${csi}${all}A${text}${written(lines)}`;
    },
  };
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}
