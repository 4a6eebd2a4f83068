import type { Setting } from '../definition/definition.ts';
import { oneLine } from '../definition/places.ts';
import { declarationOf } from './declaration.ts';
import type { Argument } from './pythonCall.ts';
import type { Token } from './pythonTokens.ts';
import type { ProgramSpelling } from './spelling.ts';
import { exchanged } from './words.ts';

/** A value of an argument that is written out, or why it is none. */
export function settingOfArgument(
  text: string,
  tokens: readonly Token[],
  argument: Argument,
  spelling: ProgramSpelling,
): Setting {
  const { from, to } = argument;
  const at = tokens[from]?.start ?? 0;
  if (spelling.nothing !== undefined && to - from === 1 && tokens[from]?.text === 'None') {
    // The name that the file gives to the module of its constants is not known.
    return { kind: 'literal', value: spelling.nothing, at, splice: () => undefined };
  }
  const index = literalAt(tokens, argument, spelling);
  const literal = index === undefined ? undefined : tokens[index];
  const inner = literal?.kind === 'string' ? 1 : 0;
  const read = literal && spelling.read(literal.text.slice(inner, literal.text.length - inner));
  if (index === undefined || literal === undefined || read === undefined) {
    const expression = text.slice(at, tokens[to - 1]?.end);
    return {
      kind: 'fixed',
      at,
      expression: oneLine(expression),
      because: 'it is an expression',
      comesFrom: declarationOf(text, expression),
    };
  }
  return {
    kind: 'literal',
    value: read,
    at: literal.start,
    splice(wanted) {
      if (wanted === spelling.nothing) return exchanged(tokens, from, to, 'None');
      const written = spelling.write(wanted);
      return written === undefined ? undefined : exchanged(tokens, index, index + 1, written, inner);
    },
  };
}

/** The number of the word that is the value. */
function literalAt(
  tokens: readonly Token[],
  { from, to }: Argument,
  { form, constants }: ProgramSpelling,
): number | undefined {
  const words = tokens.slice(from, to);
  const isPlainText = (token: Token | undefined) => token?.kind === 'string' && /^(["'])[^"'\\]*\1$/.test(token.text);
  switch (form) {
    case 'number':
      return words.length === 1 && words[0]?.kind === 'number' ? from : undefined;
    case 'text':
      return words.length === 1 && isPlainText(words[0]) ? from : undefined;
    case 'listOfOneText': {
      const [open, only, ...end] = words;
      const closes = [']', ',]'].includes(end.map((token) => token.text).join(''));
      return open?.text === '[' && isPlainText(only) && closes ? from + 1 : undefined;
    }
    case 'constant': {
      const isConstant =
        words.at(-2)?.text === '.' &&
        words.at(-3)?.text === constants &&
        words.every((token) => /^[\w.]+$/.test(token.text));
      return isConstant ? to - 1 : undefined;
    }
  }
}
