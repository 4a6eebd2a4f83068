import { existsSync } from 'node:fs';
import type { Command, Option } from 'commander';
import { distance } from 'fastest-levenshtein';
import { TuneError } from '../base/errors.ts';

/** Letters: "chekc", "clenup", "migrat". */
const mostWrong = 2;

/**
 * What people type besides options, put right or refused before commander reads it: it would speak of the options of a command
 * that was misspelt.
 */
export function readableArguments(args: readonly string[], program: Command, cwd: string): readonly string[] {
  const [first, second, third] = args;
  if (first === 'help') {
    if (second !== undefined && commandOf(program, second) === undefined) throw unknownCommand(second, program, cwd);
    return second === undefined ? ['--help'] : [second, ...(third === undefined ? [] : [third]), '--help'];
  }
  const command = first === undefined ? undefined : commandOf(program, first);
  if (first !== undefined && command === undefined && !first.startsWith('-')) throw unknownCommand(first, program, cwd);
  if (command !== undefined && second === 'help' && command.registeredArguments.length === 0) {
    return [command.name(), '--help'];
  }
  if (command !== undefined && command.commands.length > 0) return ofGroup(args, command);
  requireValues(args, command ?? program);
  return args;
}

/** `tune fleet rank …`: the command of a group. */
function ofGroup(args: readonly string[], group: Command): readonly string[] {
  const [, second] = args;
  if (second === undefined || second.startsWith('-')) return args;
  const command = commandOf(group, second);
  if (command === undefined) {
    const known = group.commands.map((one) => one.name());
    const similar = known.find((one) => distance(second, one) <= mostWrong);
    throw new TuneError('USAGE', `"${second}" is not a command of tune ${group.name()}.`, {
      hint:
        similar === undefined
          ? `Commands: ${known.map((one) => `tune ${group.name()} ${one}`).join(', ')}.`
          : `Did you mean: tune ${group.name()} ${similar}`,
    });
  }
  requireValues(args, command);
  return args;
}

export function unknownCommand(word: string, program: Command, cwd: string): TuneError {
  const commands = program.commands.map((command) => command.name());
  const what = `"${word}" is not a command of tune.`;
  if (/[/\\.]/.test(word))
    return new TuneError('USAGE', what, { hint: `To measure what is there: tune --function ${word}` });
  const similar = commands.find((command) => distance(word, command) <= mostWrong);
  const isFolder = existsSync(`${cwd}/${word}`);
  const hints = [
    ...(isFolder ? [`There is ./${word} here: to measure it, tune --function ./${word} .`] : []),
    ...(similar === undefined ? [] : [`Did you mean: tune ${similar}`]),
  ];
  return new TuneError('USAGE', what, {
    hint: hints[0] ?? `Commands: ${commands.join(', ')}. To measure a function in AWS: tune --function ${word}`,
  });
}

function commandOf(program: Command, word: string): Command | undefined {
  return program.commands.find((command) => command.name() === word || command.aliases().includes(word));
}

/** commander takes whatever follows for the value, the next option too. */
function requireValues(args: readonly string[], command: Command): void {
  const known = new Map<string, Option>();
  for (const option of command.options) {
    for (const flag of [option.long, option.short]) if (flag) known.set(flag, option);
  }
  args.forEach((argument, index) => {
    const option = known.get(argument);
    if (option === undefined || !option.required) return;
    const before = known.get(args[index - 1] ?? '');
    // It is the value of the option before it, which is refused for that.
    if (before?.required) return;
    const next = args[index + 1];
    if (next !== undefined && !known.has(next)) return;
    throw new TuneError('USAGE', `${argument} needs a value.`, {
      hint: `${option.flags}: ${option.description || 'see tune --help-all'}`,
    });
  });
}
