import { QueryProblem } from './syntax.ts';

/** The words of a query, one at a time: whether `/` divides or begins a pattern, only who reads it knows. */

type Token =
  | { readonly kind: 'name'; readonly text: string; readonly isQuoted: boolean }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'period'; readonly ms: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'sign'; readonly text: string }
  | { readonly kind: 'end' };

export interface Lexer {
  peek(): Token;
  next(): Token;
  /** Takes the word or sign if it is the next one. */
  accept(word: string): boolean;
  expect(word: string): void;
  /** A pattern between slashes, if one is next. */
  pattern(): RegExp | undefined;
  /** Where the next token begins, and what was written from there to the last token that was taken. */
  position(): number;
  since(position: number): string;
  problem(wanted: string): QueryProblem;
}

const periodMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

export function createLexer(query: string): Lexer {
  let position = 0;
  let taken = 0;

  function skip(): void {
    const blank = /(?:\s|#[^\n]*)*/y;
    blank.lastIndex = position;
    position += blank.exec(query)?.[0].length ?? 0;
  }

  function read(): { readonly token: Token; readonly end: number } {
    skip();
    const at = (pattern: RegExp): RegExpExecArray | undefined => {
      pattern.lastIndex = position;
      return pattern.exec(query) ?? undefined;
    };
    const found = (match: RegExpExecArray, token: Token) => ({ token, end: position + match[0].length });
    if (position >= query.length) return { token: { kind: 'end' }, end: position };
    const number = at(/(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(ms|[smhdw])?(?![\w.])/y);
    if (number !== undefined) {
      const value = Number(number[1]);
      const unit = number[2];
      if (unit === undefined) return found(number, { kind: 'number', value });
      return found(number, { kind: 'period', ms: value * (periodMs[unit] ?? 1) });
    }
    const text = at(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/y);
    if (text !== undefined) {
      const value = (text[1] ?? text[2] ?? '').replace(/\\(["'\\])/g, '$1');
      return found(text, { kind: 'text', value });
    }
    const quoted = at(/`([^`]+)`/y);
    if (quoted !== undefined) return found(quoted, { kind: 'name', text: quoted[1] ?? '', isQuoted: true });
    const name = at(/[@A-Za-z_][\w@]*(?:\.[\w@]+)*/y);
    if (name !== undefined) return found(name, { kind: 'name', text: name[0], isQuoted: false });
    const sign = at(/!=|<=|>=|=~|[=<>+\-*/%^(),|[\]]/y);
    if (sign !== undefined) return found(sign, { kind: 'sign', text: sign[0] });
    throw lexer.problem('a word');
  }

  const isNext = (word: string): boolean => {
    const { token } = read();
    if (token.kind === 'sign') return token.text === word;
    return token.kind === 'name' && !token.isQuoted && token.text.toLowerCase() === word;
  };
  const lexer: Lexer = {
    peek: () => read().token,
    next() {
      const { token, end } = read();
      position = end;
      taken = end;
      return token;
    },
    accept(word) {
      if (!isNext(word)) return false;
      lexer.next();
      return true;
    },
    expect(word) {
      if (!lexer.accept(word)) throw lexer.problem(`"${word}"`);
    },
    pattern() {
      skip();
      const slashed = /\/((?:[^/\\\n]|\\.)+)\//y;
      slashed.lastIndex = position;
      const match = slashed.exec(query);
      if (match === null) return undefined;
      const [, flag, source = ''] = /^(\(\?i\))?([\s\S]*)$/.exec(match[1] ?? '') ?? [];
      let pattern: RegExp;
      try {
        pattern = new RegExp(source, flag === undefined ? 's' : 'is');
      } catch {
        throw new QueryProblem(`The pattern ${match[0]} is no regular expression.`);
      }
      position += match[0].length;
      taken = position;
      return pattern;
    },
    position() {
      skip();
      return position;
    },
    since: (start) => query.slice(start, taken),
    problem(wanted) {
      const rest = query.slice(position, position + 20);
      const place = rest === '' ? 'at the end of the query' : `at "${rest}" (character ${position + 1})`;
      return new QueryProblem(`Expected ${wanted} ${place}.`);
    },
  };
  return lexer;
}
