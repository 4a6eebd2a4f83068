import type { Token } from './pythonTokens.ts';

/** Arguments of a call of Python, by the numbers of their words. */

export interface Argument {
  readonly name: string | undefined;
  /** Numbers of its words. */
  readonly from: number;
  readonly to: number;
}

/** Of the bracket at `open`. */
export function argumentsOf(tokens: readonly Token[], open: number): readonly Argument[] {
  const found: Argument[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < tokens.length; at += 1) {
    const sign = tokens[at]?.kind === 'sign' ? tokens[at]?.text : '';
    const isEnd = depth === 1 && (sign === ',' || sign === ')');
    if (isEnd && at > from) found.push(argumentAt(tokens, from, at));
    if (isEnd) from = at + 1;
    if (sign === '(' || sign === '[' || sign === '{') depth += 1;
    if (sign === ')' || sign === ']' || sign === '}') depth -= 1;
    if (depth === 0) break;
  }
  return found;
}

function argumentAt(tokens: readonly Token[], from: number, to: number): Argument {
  const isNamed = tokens[from]?.kind === 'name' && tokens[from + 1]?.text === '=' && tokens[from + 2]?.text !== '=';
  return isNamed ? { name: tokens[from]?.text, from: from + 2, to } : { name: undefined, from, to };
}

/** Of a text that is written out. */
export function textOf(tokens: readonly Token[], { from, to }: Argument): string | undefined {
  const [only] = to - from === 1 ? tokens.slice(from, to) : [];
  return only?.kind === 'string' ? /^(["'])([^"'\\]*)\1$/.exec(only.text)?.[2] : undefined;
}
