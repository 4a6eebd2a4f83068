import type { Command } from 'commander';
import { ExitCode, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { isShell, renderCompletion, shells } from './completionScript.ts';

/** `tune completion <shell>`: prints a script; nothing is installed. */
export function runCompletion(shell: string, program: Command, io: Io): ExitCode {
  if (!isShell(shell)) {
    throw new TuneError('USAGE', `There is no completion for the shell "${shell}".`, {
      hint: `Give one of: ${shells.map((one) => `tune completion ${one}`).join(', ')}`,
    });
  }
  io.stdout.write(renderCompletion(shell, program));
  return ExitCode.ok;
}
