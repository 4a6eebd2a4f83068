import type { Command } from 'commander';
import type { Io } from '../../src/base/io.ts';
import { readableArguments } from '../../src/cli/arguments.ts';
import { buildProgram } from '../../src/cli/cli.ts';
import { givenFlags } from '../../src/cli/flags.ts';
import { resolveOptions } from '../../src/options/options.ts';
import { configKeys } from '../../src/options/schema.ts';

/** A process of which only what is written is kept. */
function silent(written: string[]): Io {
  const output = { write: (text: string) => void written.push(text), isTty: false, columns: 120 };
  return { stdout: output, stderr: output, env: {}, cwd: '/nowhere' } as unknown as Io;
}

export function programOf(written: string[] = []): Command {
  return buildProgram(silent(written), () => undefined);
}

/** Reads a command line as `tune` does, values included, and runs nothing. Throws where `tune` would refuse it. */
export async function readCommand(args: readonly string[]): Promise<string> {
  const written: string[] = [];
  const program = programOf(written);
  let read: string | undefined;
  for (const command of [program, ...program.commands]) {
    command.action((...given: readonly unknown[]) => {
      const flags = givenFlags(command.opts(), command);
      if (command === program && given[0] !== undefined) throw new Error(`"${String(given[0])}" is no command`);
      // Those that have a config file validate their flags with the same schema.
      if (command.options.some(({ long }) => long === '--config')) resolveOptions(undefined, ofConfig(flags));
      read = command.name();
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
