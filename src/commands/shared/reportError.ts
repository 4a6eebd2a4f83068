import { ExitCode, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { escapeTerminal } from '../../text/escape.ts';

/** One voice for every failure: what happened, and what to do next. */
export function reportError(error: unknown, io: Io): ExitCode {
  if (error instanceof TuneError) {
    io.stderr.write(`tune: ${escapeTerminal(error.message, 1000)}\n`);
    for (const item of error.items) io.stderr.write(`      - ${escapeTerminal(item, 1000)}\n`);
    io.stderr.write(`      ${escapeTerminal(error.hint, 1000)}\n`);
    reportLastLog(error, io);
    return error.exitCode;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const lines = text.split('\n').map((line) => escapeTerminal(line));
  io.stderr.write(`tune: this is a bug, please report it.\n${lines.join('\n')}\n`);
  return ExitCode.bug;
}

/** What the function wrote last, one line each, however long and strange they are. */
function reportLastLog({ lastLog }: TuneError, io: Io): void {
  if (lastLog.length > 0) io.stderr.write('      The last lines of its log:\n');
  for (const line of lastLog) io.stderr.write(`      | ${escapeTerminal(line)}\n`);
}
