import type { Command } from 'commander';
import { readableArguments } from '../../src/cli/arguments.ts';
import { buildProgram } from '../../src/cli/cli.ts';
import { givenFlags } from '../../src/cli/flags.ts';
import { namedCommands } from '../../src/commands/shared/program/commandTree.ts';
import { resolveOptions } from '../../src/options/options.ts';
import { configKeys } from '../../src/options/schema.ts';
import { fakeIo } from '../support/fakeIo.ts';

export function programOf(): Command {
  return buildProgram(fakeIo().io, () => undefined);
}

/** Reads a command line as `tune` does, values included, and runs nothing. Throws where `tune` would refuse it. */
export async function readCommand(args: readonly string[]): Promise<string> {
  const program = programOf();
  let read: string | undefined;
  for (const { name, command } of namedCommands(program)) {
    command.action((...given: readonly unknown[]) => {
      const flags = givenFlags(command.opts(), command);
      if (command === program && given[0] !== undefined) throw new Error(`"${String(given[0])}" is no command`);
      // Those that have a config file validate their flags with the same schema.
      if (command.options.some(({ long }) => long === '--config')) resolveOptions(undefined, ofConfig(flags));
      read = name === 'tune' ? command.name() : name;
    });
  }
  try {
    await program.parseAsync(readableArguments(args, program, '/nowhere'), { from: 'user' });
  } catch (error) {
    // Help was asked for, and shown.
    if (error instanceof Error && 'exitCode' in error && error.exitCode === 0) return 'help';
    throw new Error(`tune ${args.join(' ')}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return read ?? 'nothing';
}

function ofConfig(flags: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(flags).filter(([key]) => configKeys.includes(key)));
}
