import { type Leaves, pathText } from '../../templates/tree/tree.ts';
import type { Splice } from '../definition/definition.ts';

/** Words of a program: what an edit of one changed is told by their places among each other. */

export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Numbered inside of what stands between two commas of its brackets, so that a longer or shorter expression moves no other word. */
export function leavesOfWords(words: readonly Word[]): Leaves {
  const paths = pathsOf(words);
  return new Map(words.map(({ text }, index) => [paths[index] ?? '', text]));
}

/** The words from `from` up to `to` become one; `inner`: of a text in quotes, which stay. */
export function exchanged(words: readonly Word[], from: number, to: number, written: string, inner = 0): Splice {
  const paths = pathsOf(words);
  const first = words[from];
  const last = words[to - 1];
  if (first === undefined || last === undefined) throw new Error('an edit of words that are not there');
  const quote = first.text.slice(0, inner);
  return {
    start: first.start + inner,
    end: last.end - inner,
    text: written,
    expects: paths
      .slice(from, to)
      .map((path, index) => ({ path, leaf: index === 0 ? `${quote}${written}${quote}` : undefined })),
  };
}

interface Bracket {
  readonly path: readonly number[];
  element: number;
  word: number;
}

function pathsOf(words: readonly Word[]): readonly string[] {
  const open: [Bracket, ...Bracket[]] = [{ path: [], element: 0, word: 0 }];
  return words.map(({ text }) => {
    if ([')', ']', '}'].includes(text) && open.length > 1) open.shift();
    const [bracket] = open;
    if (text === ',') {
      bracket.element += 1;
      bracket.word = 0;
    }
    const path = [...bracket.path, bracket.element, bracket.word];
    bracket.word += 1;
    if (['(', '[', '{'].includes(text)) open.unshift({ path, element: 0, word: 0 });
    return pathText(path);
  });
}
