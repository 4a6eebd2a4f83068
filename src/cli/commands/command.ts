import type { Command } from 'commander';
import type { ExitCode } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import type { CommandName } from '../../options/rows/commands.ts';

/** A command as the command line knows it; its options are the rows of the table that are on it. */
export interface CliCommand {
  readonly name: CommandName;
  readonly description: string;
  /** A word that it takes besides options; `several`: none, one or more. */
  readonly argument?: { readonly name: string; readonly description: string; readonly several?: true };
  /** Real ones, three or more: what to type, and what comes of it. */
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  /** Below the options in its help. */
  readonly notes?: string;
  /** It loads the SDK, which takes the better part of a second. */
  readonly isSlowToLoad?: true;
  /** Loaded when it is called, so that `--help` stays quick. */
  load(): Promise<RunCommand>;
}

type RunCommand = (call: Call) => ExitCode | Promise<ExitCode>;

interface Call {
  /** What was typed, and only that. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly argument: string;
  /** Of a command that takes several. */
  readonly words: readonly string[];
  readonly io: Io;
  readonly program: Command;
}
