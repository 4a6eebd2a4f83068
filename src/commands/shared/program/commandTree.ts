import type { Command } from 'commander';
import { type CommandName, commandNames } from '../../../options/rows/commands.ts';

/** `fleet rank` is `rank` of the group `fleet`; a command of its own has no group. */
export function nameParts(name: CommandName): { readonly group: string | undefined; readonly word: string } {
  const [first = '', second] = name.split(' ');
  return second === undefined ? { group: undefined, word: first } : { group: first, word: second };
}

export interface NamedCommand {
  readonly name: CommandName;
  readonly command: Command;
}

/** Every command of the program with its name in the table, `tune` first, each group before its own. */
export function namedCommands(program: Command): readonly NamedCommand[] {
  return commandNames.flatMap((name) => {
    const command = commandNamed(program, name);
    return command === undefined ? [] : [{ name, command }];
  });
}

export function commandNamed(program: Command, name: CommandName): Command | undefined {
  if (name === 'tune') return program;
  const { group, word } = nameParts(name);
  const parent = group === undefined ? program : program.commands.find((one) => one.name() === group);
  return parent?.commands.find((one) => one.name() === word);
}
