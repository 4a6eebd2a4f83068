import type { Setting } from '../definition/definition.ts';
import { type Argument, argumentsOf } from './pythonCall.ts';
import type { Token } from './pythonTokens.ts';
import { settingOfArgument } from './pythonValue.ts';
import { cdkSpellings, snakeCase } from './spelling.ts';

/**
 * Provisioned concurrency of a construct in Python: of its `current_version_options`, of an `Alias` of its version, or of `add_alias`,
 * wherever one of them names it by its variable. `index`: the word that makes the function.
 */
export function provisionedSetting(
  text: string,
  tokens: readonly Token[],
  index: number,
  given: readonly Argument[],
): Setting {
  const spelling = cdkSpellings.provisionedConcurrency;
  const named = (list: readonly Argument[], name: string) => list.find((argument) => argument.name === name);
  const options = named(given, 'current_version_options');
  const call = options && tokens.findIndex((token, at) => at >= options.from && at < options.to && token.text === '(');
  const lists = [
    ...(call === undefined || call < 0 ? [] : [argumentsOf(tokens, call)]),
    ...aliasArguments(tokens, variableBefore(tokens, index), named),
  ];
  const found = lists.flatMap((list) => named(list, snakeCase(spelling.argument)) ?? []);
  const [only, ...more] = found;
  const at = tokens[index]?.start ?? 0;
  if (only === undefined) return { kind: 'absent', at, splice: () => undefined };
  if (more.length === 0) return settingOfArgument(text, tokens, only, spelling);
  return {
    kind: 'fixed',
    at: tokens[only.from]?.start ?? at,
    expression: '',
    because: 'several aliases or versions are provisioned',
  };
}

/** `orders = _lambda.Function(`, `self.orders = …`: the name before the sign. */
function variableBefore(tokens: readonly Token[], index: number): string | undefined {
  const isOfName = (at: number) => tokens[at]?.kind === 'name' || tokens[at]?.text === '.';
  let at = index;
  while (isOfName(at)) at -= 1;
  if (tokens[at]?.text !== '=') return undefined;
  const end = at;
  at -= 1;
  // Two names beside each other are of two lines.
  while (isOfName(at) && !(tokens[at]?.kind === 'name' && tokens[at + 1]?.kind === 'name' && at + 1 < end)) at -= 1;
  return tokens
    .slice(at + 1, end)
    .map((token) => token.text)
    .join('');
}

function aliasArguments(
  tokens: readonly Token[],
  variable: string | undefined,
  named: (list: readonly Argument[], name: string) => Argument | undefined,
): readonly (readonly Argument[])[] {
  if (variable === undefined || variable === '') return [];
  const written = (from: number, to: number) =>
    tokens
      .slice(from, to)
      .map((token) => token.text)
      .join('');
  const parts = variable.split('.').length * 2 - 1;
  return tokens.flatMap((token, at) => {
    if (token.kind !== 'name' || tokens[at + 1]?.text !== '(') return [];
    if (token.text === 'add_alias' && written(at - 1 - parts, at - 1) === variable)
      return [argumentsOf(tokens, at + 1)];
    if (token.text !== 'Alias') return [];
    const list = argumentsOf(tokens, at + 1);
    const version = named(list, 'version');
    return version && written(version.from, version.to).startsWith(`${variable}.`) ? [list] : [];
  });
}
