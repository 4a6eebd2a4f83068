/** Words of a Python text; comments and blanks are none. */
export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'sign';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const string =
  /(?:[rRbBuUfF]{0,2})(?:'''[\s\S]*?(?<!\\)'''|"""[\s\S]*?(?<!\\)"""|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*")/y;
const number = /\d[\w.]*/y;
const name = /[A-Za-z_][\w]*/y;
const blank = /(?:\s|\\\r?\n|#[^\n]*)+/y;

/** Undefined: it ends in the middle of a text. */
export function pythonTokens(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const skipped = matchAt(blank, text, at);
    if (skipped !== undefined) {
      at += skipped.length;
      continue;
    }
    const found = (
      [
        ['string', string],
        ['number', number],
        ['name', name],
      ] as const
    )
      .map(([kind, pattern]) => ({ kind, text: matchAt(pattern, text, at) }))
      .find((one) => one.text !== undefined);
    const sign = text[at] ?? '';
    if (found === undefined && (sign === '"' || sign === "'")) return undefined;
    const word = found?.text ?? sign;
    tokens.push({ kind: found?.kind ?? 'sign', text: word, start: at, end: at + word.length });
    at += word.length;
  }
  return tokens;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
