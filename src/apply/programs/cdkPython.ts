import type { Leaves } from '../../templates/tree/tree.ts';
import { type Definition, type Property, properties, type Setting } from '../definition/definition.ts';
import { indentAt, lineStart, oneLine } from '../definition/places.ts';
import { type Argument, argumentsOf, textOf } from './pythonCall.ts';
import { provisionedSetting } from './pythonProvisioned.ts';
import { pythonTokens, type Token } from './pythonTokens.ts';
import { settingOfArgument } from './pythonValue.ts';
import { cdkSpellings, cfnLine, cfnSpellings, snakeCase } from './spelling.ts';
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
  const id = idAt && textOf(tokens, idAt);
  if (id === undefined) return undefined;
  const at = tokens[index]?.start ?? 0;
  const written = (argument: Argument) => text.slice(tokens[argument.from]?.start, tokens[argument.to - 1]?.end);
  const named = (name: string) => given.find((argument) => argument.name === name);
  const literalText = (name: string) => {
    const argument = named(name);
    return argument && textOf(tokens, argument);
  };
  const isOfCloudFormation = tokens[index]?.text === 'CfnFunction';
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
    lineFor: isOfCloudFormation ? (property, value) => cfnLine(property, value, 'Python') : undefined,
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
