import { recordOf } from '../../base/keys.ts';
import type { Leaves } from '../../templates/tree/tree.ts';
import { type Definition, type Property, properties, type Setting } from '../definition/definition.ts';
import { indentAt, lineStart, oneLine } from '../definition/places.ts';
import { declarationOf } from './declaration.ts';
import { type Argument, argumentsOf, textOf } from './pythonCall.ts';
import { provisionedSetting } from './pythonProvisioned.ts';
import { pythonTokens, type Token } from './pythonTokens.ts';
import { settingOfArgument } from './pythonValue.ts';
import { cdkSpellings, cfnLine, cfnSpellings, isImage, snakeCase } from './spelling.ts';
import { leavesOfWords } from './words.ts';

/** Functions of a CDK application in Python: calls whose arguments are written out. */

export function leavesOfPython(text: string): Leaves | undefined {
  const tokens = pythonTokens(text);
  return tokens && leavesOfWords(tokens);
}

export function functionsOfCdkPython(text: string): readonly Definition[] | undefined {
  const tokens = pythonTokens(text);
  if (tokens === undefined) return undefined;
  return tokens.flatMap((token, index) => {
    const isCall =
      token.kind === 'name' &&
      /Function$/.test(token.text) &&
      tokens[index + 1]?.text === '(' &&
      !['class', 'def'].includes(tokens[index - 1]?.text ?? '') &&
      // Other services have functions that are none of Lambda.
      !/cloudfront$/.test(tokens[index - 2]?.text ?? '');
    const found = isCall ? definitionOf(text, tokens, index) : undefined;
    return found === undefined ? [] : [found];
  });
}

function definitionOf(text: string, tokens: readonly Token[], index: number): Definition | undefined {
  const given = argumentsOf(tokens, index + 1);
  const positional = given.filter(({ name }) => name === undefined);
  const idAt = positional[1] ?? given.find(({ name }) => name === 'id');
  if (idAt === undefined || (tokens[idAt.from]?.text === '*' && idAt.name === undefined)) return undefined;
  const id = textOf(tokens, idAt);
  const at = tokens[index]?.start ?? 0;
  const written = (argument: Argument) => text.slice(tokens[argument.from]?.start, tokens[argument.to - 1]?.end);
  const named = (name: string) => given.find((argument) => argument.name === name);
  const writtenOf = (name: string) => {
    const argument = named(name);
    return argument && written(argument);
  };
  const literalText = (name: string) => {
    const argument = named(name);
    return argument && textOf(tokens, argument);
  };
  const isOfCloudFormation = tokens[index]?.text === 'CfnFunction';
  const name = nameOf(id, written(idAt));
  const loop = loopAround(text, at) ?? comprehensionAround(text, tokens, index);
  const spread = positional.find(({ from }) => tokens[from]?.text === '*');
  const settingOf = (property: Property): Setting => {
    if (loop !== undefined)
      return {
        kind: 'fixed',
        at: loop.at,
        expression: oneLine(loop.text),
        because: 'a loop makes several functions of it',
      };
    if (id === undefined) {
      const expression = written(idAt);
      const because = 'the id of the construct is an expression, so that it may make several functions';
      const comesFrom = declarationOf(text, expression);
      return { kind: 'fixed', at: tokens[idAt.from]?.start ?? at, expression: oneLine(expression), because, comesFrom };
    }
    if (property === 'provisionedConcurrency') return provisionedSetting(text, tokens, index, given);
    const spelling = (isOfCloudFormation ? cfnSpellings : cdkSpellings)[property];
    const argument = named(snakeCase(spelling.argument));
    if (argument !== undefined) return settingOfArgument(text, tokens, argument, spelling);
    if (spread === undefined) return { kind: 'absent', at, splice: () => undefined };
    return {
      kind: 'fixed',
      at: tokens[spread.from]?.start ?? at,
      expression: oneLine(written(spread)),
      because: 'its arguments are taken over from another object',
      comesFrom: declarationOf(text, written(spread)),
    };
  };
  return {
    format: 'CDK (Python)',
    select: name.select,
    at,
    functionName: literalText('function_name'),
    logicalId: name.pattern === undefined ? undefined : { text: name.pattern, isExact: false },
    handler: literalText('handler'),
    codePath: /(["'])([^"'\n{]+)\1/.exec(writtenOf('code') ?? writtenOf('entry') ?? '')?.[2],
    settings: recordOf(properties, settingOf),
    lineFor: isOfCloudFormation ? (property, value) => cfnLine(property, value, 'Python') : undefined,
    builds: (['layers', 'bundling', 'code'] as const).flatMap((part): Definition['builds'] => {
      const argument = named(part);
      return argument === undefined
        ? []
        : [
            {
              at: tokens[argument.from]?.start ?? at,
              kind: isImage(written(argument)) ? 'image' : part === 'code' ? 'package' : part,
              text: oneLine(`${part}=${written(argument)}`),
            },
          ];
    }),
  };
}

/** An id that is written out, or in part: `f"Orders{stage}"`. */
function nameOf(id: string | undefined, written: string) {
  const letters = (text: string) => text.replace(/[^A-Za-z0-9]/g, '');
  if (id !== undefined) return { select: id, pattern: letters(id) };
  const [, , inner] = /^[fF](["'])(.*)\1$/s.exec(written) ?? [];
  const parts = inner?.split(/\{[^{}]*\}/).map(letters) ?? [];
  return {
    select: oneLine(inner ?? written),
    pattern: parts.join('') === '' ? undefined : parts.join('[A-Za-z0-9]*'),
  };
}

/** In a bracket that makes several: `[Function(…) for name in names]`, `map(lambda name: Function(…), names)`. */
function comprehensionAround(text: string, tokens: readonly Token[], index: number) {
  const open = bracketFrom(tokens, index, -1);
  const close = bracketFrom(tokens, index, 1);
  if (open === undefined || close === undefined) return undefined;
  let depth = 0;
  for (let at = open + 1; at < close; at += 1) {
    const word = tokens[at]?.text ?? '';
    const isMaker = (word === 'for' && at > index) || (word === 'lambda' && at < index);
    if (depth === 0 && isMaker) {
      return { at: tokens[at]?.start ?? 0, text: text.slice(tokens[at]?.start, tokens[Math.min(at + 3, close)]?.end) };
    }
    depth += depthOf(word);
  }
  return undefined;
}

/** The bracket that encloses a word, looked for in one direction. */
function bracketFrom(tokens: readonly Token[], index: number, step: -1 | 1): number | undefined {
  let depth = 0;
  for (let at = index + step; at >= 0 && at < tokens.length; at += step) {
    depth += step * depthOf(tokens[at]?.text ?? '');
    if (depth < 0) return at;
  }
  return undefined;
}

function depthOf(word: string): number {
  if (word === '(' || word === '[' || word === '{') return 1;
  return word === ')' || word === ']' || word === '}' ? -1 : 0;
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
