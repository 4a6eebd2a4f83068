import { type Definition, type Property, properties, type Setting } from '../definition/definition.ts';
import { indentAt, lineStart, oneLine } from '../definition/places.ts';
import { type Leaves, pathText } from '../tree/tree.ts';
import { declarationOf } from './cdkTypescript.ts';
import { pythonTokens, type Token } from './pythonTokens.ts';
import { cdkSpellings, snakeCase } from './spelling.ts';

/** Functions of a CDK application in Python: calls whose arguments are written out. */

export function leavesOfPython(text: string): Leaves | undefined {
  const tokens = pythonTokens(text);
  return tokens && new Map(tokens.map((token, index) => [pathText([index]), token.text]));
}

export function functionsOfCdkPython(text: string): readonly Definition[] | undefined {
  const tokens = pythonTokens(text);
  if (tokens === undefined) return undefined;
  return tokens.flatMap((token, index) => {
    const isCall =
      token.kind === 'name' &&
      /Function$/.test(token.text) &&
      tokens[index + 1]?.text === '(' &&
      !['class', 'def'].includes(tokens[index - 1]?.text ?? '');
    const found = isCall ? definitionOf(text, tokens, index) : undefined;
    return found === undefined ? [] : [found];
  });
}

interface Argument {
  readonly name: string | undefined;
  /** Numbers of its words. */
  readonly from: number;
  readonly to: number;
}

function definitionOf(text: string, tokens: readonly Token[], index: number): Definition | undefined {
  const given = argumentsOf(tokens, index + 1);
  const positional = given.filter(({ name }) => name === undefined);
  const idAt = positional[1] ?? given.find(({ name }) => name === 'id');
  const id = idAt && stringOf(tokens, idAt);
  if (id === undefined) return undefined;
  const at = tokens[index]?.start ?? 0;
  const written = (argument: Argument) => text.slice(tokens[argument.from]?.start, tokens[argument.to - 1]?.end);
  const named = (name: string) => given.find((argument) => argument.name === name);
  const literalText = (name: string) => {
    const argument = named(name);
    return argument && stringOf(tokens, argument);
  };
  const loop = loopAround(text, at);
  const spread = positional.find(({ from }) => tokens[from]?.text === '*');
  const settingOf = (property: Property): Setting => {
    if (loop !== undefined)
      return {
        kind: 'fixed',
        at: loop.at,
        expression: oneLine(loop.text),
        because: 'a loop makes several functions of it',
      };
    const spelling = cdkSpellings[property];
    const argument = named(snakeCase(spelling.argument));
    if (argument === undefined) {
      if (spread === undefined) return { kind: 'absent', at, splice: () => undefined };
      return {
        kind: 'fixed',
        at: tokens[spread.from]?.start ?? at,
        expression: oneLine(written(spread)),
        because: 'its arguments are taken over from another object',
      };
    }
    const last = tokens[argument.to - 1];
    const words = tokens.slice(argument.from, argument.to).map((token) => token.text);
    const isConstant =
      spelling.constants !== undefined &&
      words.at(-2) === '.' &&
      words.at(-3) === spelling.constants &&
      words.every((word) => /^[\w.]+$/.test(word));
    const isNumber = spelling.constants === undefined && words.length === 1 && last?.kind === 'number';
    const read = last && (isConstant || isNumber) ? spelling.read(last.text) : undefined;
    if (last === undefined || read === undefined) {
      const expression = written(argument);
      return {
        kind: 'fixed',
        at: tokens[argument.from]?.start ?? at,
        expression: oneLine(expression),
        because: 'it is an expression',
        comesFrom: declarationOf(text, expression),
      };
    }
    return {
      kind: 'literal',
      value: read,
      at: last.start,
      splice(wanted) {
        const word = spelling.write(wanted);
        return word === undefined
          ? undefined
          : {
              start: last.start,
              end: last.end,
              text: word,
              expects: [{ path: pathText([argument.to - 1]), leaf: word }],
            };
      },
    };
  };
  return {
    format: 'CDK (Python)',
    select: id,
    at,
    functionName: literalText('function_name'),
    logicalId: { text: id.replace(/[^A-Za-z0-9]/g, ''), isExact: false },
    handler: literalText('handler'),
    settings: Object.fromEntries(
      properties.map((property) => [property, settingOf(property)]),
    ) as Definition['settings'],
    builds: (['layers', 'bundling', 'code'] as const).flatMap((name) => {
      const argument = named(name);
      return argument === undefined
        ? []
        : [
            {
              at: tokens[argument.from]?.start ?? at,
              kind: name === 'code' ? ('package' as const) : name,
              text: oneLine(`${name}=${written(argument)}`),
            },
          ];
    }),
  };
}

/** Of the bracket at `open`. */
function argumentsOf(tokens: readonly Token[], open: number): readonly Argument[] {
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

function stringOf(tokens: readonly Token[], { from, to }: Argument): string | undefined {
  const [only] = to - from === 1 ? tokens.slice(from, to) : [];
  return only?.kind === 'string' ? /^(["'])([^"'\\]*)\1$/.exec(only.text)?.[2] : undefined;
}

/** The `for` or `while` that its line stands below, up to the function it is in. */
function loopAround(text: string, at: number): { readonly at: number; readonly text: string } | undefined {
  let indent = indentAt(text, at).length;
  for (let start = lineStart(text, at); start > 0 && indent > 0; ) {
    const before = lineStart(text, start - 1);
    const line = text.slice(before, start).trimEnd();
    const own = /^\s*/.exec(line)?.[0].length ?? 0;
    if (line !== '' && own < indent && !line.trimStart().startsWith('#')) {
      indent = own;
      if (/^\s*(?:async\s+)?(?:for|while)\b/.test(line)) return { at: before + own, text: line.trim() };
      if (/^\s*(?:async\s+)?def\b/.test(line)) return undefined;
    }
    start = before;
  }
  return undefined;
}
