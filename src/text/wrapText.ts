import stringWidth from 'string-width';

/** Lines of at most `columns`, broken at blanks; a word that is longer than a line is cut. Units stay with their number. */
export function wrapText(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(breakable)) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (textWidth(joined) <= columns) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = cutToWidth(word, columns);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

/** "$1.26 ± 0.10", "512 MB", "3 %" are read as one word. */
const breakable = /(?<!±) (?!(?:MB|ms|s|min|%|±)(?![\w%]))/;

/** One column each: asked first, because what knows all other characters takes 20 ms to be made ready. */
const plain = /^[\x20-\x7e]*$/;

/** Columns that the text takes in a terminal. */
export function textWidth(text: string): number {
  return plain.test(text) ? text.length : stringWidth(text);
}

const graphemes = new Intl.Segmenter();

/** Pieces of at most `columns`, none of which begins inside a character with its marks. */
export function cutToWidth(word: string, columns: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let width = 0;
  for (const { segment } of graphemes.segment(word)) {
    const added = textWidth(segment);
    if (piece !== '' && width + added > columns) {
      pieces.push(piece);
      piece = '';
      width = 0;
    }
    piece += segment;
    width += added;
  }
  return [...pieces, piece];
}
