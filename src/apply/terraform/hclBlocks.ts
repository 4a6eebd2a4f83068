/** Blocks and attributes of an HCL text by their places. It reads no expression: where one ends is all it knows. */

export interface HclAttribute {
  readonly name: string;
  readonly at: number;
  /** Of the sign between name and expression. */
  readonly equalsAt: number;
  readonly start: number;
  readonly end: number;
}

export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly at: number;
  /** Behind its opening brace. */
  readonly bodyStart: number;
  /** Of its closing brace. */
  readonly bodyEnd: number;
  readonly attributes: readonly HclAttribute[];
  readonly blocks: readonly HclBlock[];
}

type Body = Pick<HclBlock, 'attributes' | 'blocks'> & { readonly end: number };

/** Undefined: it is not HCL as far as that can be told here. */
export function hclBlocks(text: string): readonly HclBlock[] | undefined {
  const body = bodyAt(text, 0, true);
  return body?.blocks;
}

/** Attributes of the file itself, as a file of values for variables has them. */
export function hclAttributes(text: string): readonly HclAttribute[] {
  return bodyAt(text, 0, true)?.attributes ?? [];
}

const identifier = /[A-Za-z_][\w-]*/y;

function bodyAt(text: string, from: number, isFile: boolean): Body | undefined {
  const attributes: HclAttribute[] = [];
  const blocks: HclBlock[] = [];
  let at = from;
  for (;;) {
    at = afterBlanks(text, at, true);
    if (at >= text.length) return isFile ? { attributes, blocks, end: at } : undefined;
    if (text[at] === '}') return isFile ? undefined : { attributes, blocks, end: at };
    const name = matchAt(identifier, text, at);
    if (name === undefined) return undefined;
    const next = afterBlanks(text, at + name.length, false);
    if (text[next] === '=' && text[next + 1] !== '=') {
      const start = afterBlanks(text, next + 1, false);
      const end = endOfExpression(text, start);
      if (end === undefined) return undefined;
      attributes.push({ name, at, equalsAt: next, start, end });
      at = end;
      continue;
    }
    const block = blockAt(text, at, name, next);
    if (block === undefined) return undefined;
    blocks.push(block);
    at = block.bodyEnd + 1;
  }
}

function blockAt(text: string, at: number, type: string, from: number): HclBlock | undefined {
  const labels: string[] = [];
  let next = from;
  while (text[next] !== '{') {
    const word = matchAt(identifier, text, next) ?? matchAt(/"[^"\n]*"/y, text, next);
    if (word === undefined) return undefined;
    labels.push(word.replaceAll('"', ''));
    next = afterBlanks(text, next + word.length, false);
  }
  const body = bodyAt(text, next + 1, false);
  if (body === undefined) return undefined;
  const { attributes, blocks, end } = body;
  return { type, labels, at, bodyStart: next + 1, bodyEnd: end, attributes, blocks };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Behind blanks and comments. */
function afterBlanks(text: string, from: number, overLines: boolean): number {
  const blanks = overLines ? /(?:\s|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y : /(?:[ \t]|\/\*[\s\S]*?\*\/)*/y;
  return from + (matchAt(blanks, text, from) ?? '').length;
}

/** The end of its line, or of the block, outside of brackets; blanks and comments before it are not the expression's. */
function endOfExpression(text: string, from: number): number | undefined {
  let depth = 0;
  let end = from;
  let at = from;
  while (at < text.length) {
    const sign = text[at] ?? '';
    if (depth === 0 && (sign === '\n' || sign === '}')) return end;
    if (depth === 0 && (sign === ',' || sign === ')' || sign === ']')) return undefined;
    const next = afterToken(text, at);
    if (next === undefined) return undefined;
    if ('([{'.includes(sign)) depth += 1;
    if (')]}'.includes(sign)) depth -= 1;
    const isBlank = /\s/.test(sign) || sign === '#' || text.startsWith('//', at) || text.startsWith('/*', at);
    if (!isBlank) end = next;
    at = next;
  }
  return depth === 0 ? end : undefined;
}

function afterToken(text: string, at: number): number | undefined {
  const sign = text[at];
  if (sign === '"') return afterString(text, at);
  if (sign === '#' || text.startsWith('//', at)) return at + (matchAt(/[^\n]*/y, text, at) ?? '').length;
  if (text.startsWith('/*', at)) {
    const close = text.indexOf('*/', at + 2);
    return close < 0 ? undefined : close + 2;
  }
  if (text.startsWith('<<', at)) return afterHeredoc(text, at);
  return at + 1;
}

/** Templates in a string hold expressions, which may hold strings. */
function afterString(text: string, from: number): number | undefined {
  let at = from + 1;
  while (at < text.length) {
    const sign = text[at];
    if (sign === '"') return at + 1;
    if (sign === '\n') return undefined;
    if (sign === '\\') at += 2;
    else if (/^(?:\$\$|%%)\{/.test(text.slice(at, at + 3))) at += 3;
    else if (/^[$%]\{/.test(text.slice(at, at + 2))) {
      const close = afterTemplate(text, at + 2);
      if (close === undefined) return undefined;
      at = close;
    } else at += 1;
  }
  return undefined;
}

function afterTemplate(text: string, from: number): number | undefined {
  let depth = 1;
  let at = from;
  while (at < text.length) {
    const sign = text[at];
    const next = afterToken(text, at);
    if (next === undefined) return undefined;
    if (sign === '{') depth += 1;
    if (sign === '}') depth -= 1;
    if (depth === 0) return next;
    at = next;
  }
  return undefined;
}

function afterHeredoc(text: string, at: number): number | undefined {
  const opening = matchAt(/<<-?[A-Za-z_][\w-]*\r?\n/y, text, at);
  if (opening === undefined) return at + 2;
  const word = opening.replace(/^<<-?/, '').trim();
  const closing = new RegExp(`^[ \\t]*${word}(?=[ \\t]*\\r?$)`, 'm');
  const body = text.slice(at + opening.length);
  const found = closing.exec(body);
  return found === null ? undefined : at + opening.length + found.index + found[0].length;
}
