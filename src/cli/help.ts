import { type Command, CommanderError, Help, type Option } from 'commander';
import { commandNamed } from '../commands/shared/program/commandTree.ts';
import { flagOf, rowsOn } from '../options/shown.ts';
import type { CliCommand } from './commands/command.ts';

const exitCodes = `
Exit codes: 0 ok · 1 regressed · 2 usage, configuration or function cannot be
            tuned · 3 not measured · 4 inconclusive · 5 something was left
            behind · 70 a bug · 129, 130, 143 interrupted (after cleaning up)`;

/**
 * Call it when all options and commands are there. `tune --help` shows what most runs need, some of it in fewer words, on one
 * screen; `tune --help-all` has the rest.
 */
export function addHelp(program: Command, commands: readonly CliCommand[]): void {
  let isShort = true;
  program.on('option:help-all', () => {
    isShort = false;
    program.outputHelp();
    throw new CommanderError(0, 'commander.help', '(outputHelp)');
  });
  let found: ReadonlyMap<string, string | true> | undefined;
  const common = () => {
    found ??= commonOptions();
    return found;
  };
  const isCommon = ({ long }: Option) => long === '--help' || common().has(long ?? '');
  program.configureHelp({
    // Their options are not there yet.
    subcommandTerm(command) {
      const words = command.registeredArguments.map((argument) =>
        argument.required ? ` <${argument.name()}>` : ` [${argument.name()}...]`,
      );
      if (command.commands.length > 0) return `${command.name()} <command>`;
      return `${command.name()} [options]${words.join('')}`;
    },
    visibleOptions(command) {
      const options = Help.prototype.visibleOptions.call(this, command);
      return isShort ? options.filter(isCommon) : options;
    },
    optionDescription(option) {
      const fewer = isShort ? common().get(option.long ?? '') : undefined;
      return typeof fewer === 'string' ? fewer : Help.prototype.optionDescription.call(this, option);
    },
    groupItems(unsorted, visible, groupOf) {
      const isOfOptions = visible.some((item) => 'long' in (item as object));
      return isShort && isOfOptions
        ? new Map([['Common options:', visible]])
        : (Help.prototype.groupItems.call(this, unsorted, visible, groupOf as never) as never);
    },
  });
  for (const { name, notes, examples } of commands) {
    const command = commandNamed(program, name);
    if (notes !== undefined) command?.addHelpText('after', notes);
    command?.addHelpText(
      'after',
      () => `${examplesText(examples)}${name === 'tune' && !isShort ? `\n${exitCodes}` : ''}`,
    );
  }
}

/** Those of the short help by their flags: in fewer words, or as everywhere. */
function commonOptions(): ReadonlyMap<string, string | true> {
  return new Map(
    rowsOn('tune').flatMap(({ key, row }) => (row.common === undefined ? [] : [[flagOf(key, row), row.common]])),
  );
}

function examplesText(lines: CliCommand['examples']): string {
  const widest = Math.max(...lines.map(([line]) => line.length));
  const rows = lines.map(([line, meaning]) => `  ${line.padEnd(widest)}   ${meaning}`);
  return ['', 'Examples:', ...rows].join('\n');
}
