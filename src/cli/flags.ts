import { type Command, Option } from 'commander';
import type { CommandName } from '../options/rows/commands.ts';
import { optionsOn } from '../options/shown.ts';

/** The only place where commander is told of options: all rows of the table that are on the command, or those of the short help. */
export function addOptions(command: Command, name: CommandName, which: 'all' | 'common' = 'all'): void {
  const own = optionsOn(name, which === 'all' ? undefined : ({ common }) => common !== undefined);
  for (const { flags, help, heading, isRepeatable } of own) {
    const option = new Option(flags, help);
    if (heading !== undefined) option.helpGroup(heading);
    if (isRepeatable) option.argParser(collected);
    command.addOption(option);
  }
  const help = new Option('-h, --help', 'what you are reading');
  const last = own.at(-1)?.heading;
  command.addHelpOption(last === undefined ? help : help.helpGroup(last));
}

function collected(item: string, list: readonly string[] | undefined): readonly string[] {
  return [...(list ?? []), item];
}

/** Only what the user wrote: commander's defaults for `--no-…` options must not override the config file. */
export function givenFlags(flags: Readonly<Record<string, unknown>>, command: Command): Record<string, unknown> {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => command.getOptionValueSource(name) === 'cli'));
}
