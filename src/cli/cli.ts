import { Command, CommanderError } from 'commander';
import { ExitCode } from '../base/errors.ts';
import type { Io } from '../base/io.ts';
import { toolVersion } from '../base/version.ts';
import { nameParts } from '../commands/shared/program/commandTree.ts';
import { reportError } from '../commands/shared/reportError.ts';
import { type CommandName, commandNames } from '../options/rows/commands.ts';
import { readableArguments, unknownCommand } from './arguments.ts';
import { commandList } from './commandList.ts';
import type { CliCommand } from './commands/command.ts';
import { debugging, hideDebug } from './debug.ts';
import { addOptions, givenFlags } from './flags.ts';
import { addHelp } from './help.ts';
import { starting } from './starting.ts';

/**
 * The command line: every command of the list with its options of the table. What a command does is loaded only when it is
 * called, so that `--help` stays quick. Answers with the exit code; never throws.
 */
export async function main(args: readonly string[], given: Io): Promise<ExitCode> {
  const io = args.includes('--debug') ? debugging(given) : given;
  let exitCode: ExitCode = ExitCode.ok;
  const setExit = (code: ExitCode) => {
    exitCode = code;
  };
  const isShortHelp = args.length === 1 && (args[0] === '--help' || args[0] === '-h');
  const program = buildProgram(io, setExit, askedFor(args), isShortHelp ? 'common' : 'all');
  try {
    await program.parseAsync(readableArguments(args, program, io.cwd), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    return reportError(error, io);
  }
}

/** The options of other commands are not needed to read a command line, and take their time. */
function askedFor(args: readonly string[]): readonly CommandName[] {
  const named = commandNames.filter((name) => args.includes(name));
  // A completion script is made of all.
  if (named.includes('completion')) return commandNames;
  const ofGroup = commandNames.filter((name) => name.includes(' ') && args.join(' ').includes(name));
  return named.some((name) => name === args[0]) ? [...named, ...ofGroup] : ['tune', ...named, ...ofGroup];
}

/** With the options of some commands, or of all. */
export function buildProgram(
  io: Io,
  setExit: (code: ExitCode) => void,
  asked: readonly CommandName[] = commandNames,
  which: 'all' | 'common' = 'all',
): Command {
  const [root, ...others] = commandList;
  const program = new Command(root.name)
    .usage('[options]   or   tune <command>')
    .version(toolVersion, '-V, --version', 'print the version')
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => Math.min(120, io.stdout.columns),
      getErrHelpWidth: () => Math.min(120, io.stderr.columns),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
    .showSuggestionAfterError()
    .argument('[unknown]');
  for (const entry of [root, ...others]) {
    const { group, word } = nameParts(entry.name);
    const parent = group === undefined ? program : (program.commands.find((one) => one.name() === group) ?? program);
    const command = entry === root ? program : parent.command(word);
    // An option after the word of a command of the group is that command's.
    if (group !== undefined) parent.enablePositionalOptions();
    describe(command, entry);
    if (asked.includes(entry.name)) addOptions(command, entry.name, which);
    command.action(async (...given: readonly unknown[]) => {
      const [first] = given;
      const argument = typeof first === 'string' ? first : undefined;
      const words = Array.isArray(first) ? first.map(String) : [];
      if (entry === root && argument !== undefined) throw unknownCommand(argument, program, io.cwd);
      const flags = givenFlags(command.opts(), command);
      const run = await (entry.isSlowToLoad ? starting(flags, io, entry.load) : entry.load());
      setExit(await run({ flags, argument: argument ?? '', words, io, program }));
    });
  }
  hideDebug(program);
  addHelp(program, commandList);
  return program;
}

function describe(command: Command, { description, argument }: CliCommand): void {
  command.description(description);
  if (argument === undefined) return;
  const { name, several } = argument;
  command.argument(several ? `[${name}...]` : `<${name}>`, argument.description);
}
