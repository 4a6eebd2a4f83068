import { type WishOrNot, wishOfMigration, wishOfRun } from '../../apply/wish.ts';
import { ExitCode, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import type { Application } from '../../model/application.ts';
import { parseFlags } from '../../options/options.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { readAnswer } from '../shared/documents.ts';
import { askToWrite, blank, exitCodeOf, planned, show } from '../shared/editing/editing.ts';
import { openRepository } from '../shared/editing/repository.ts';

/** `tune apply`: the answer of a saved document as a diff of the file that defines the function. AWS is not called. */
export async function runApply(saved: string, flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const options = parseFlags('apply', flags);
  if (options.write && options.check)
    throw new TuneError('USAGE', '--check writes nothing, so it does not go with --write.');
  const wanted = wishOf(await readAnswer(saved, io), options.variant);
  if (wanted.kind === 'none') throw new TuneError('SAVED_RUN', wanted.why, { hint: wanted.hint });
  if (wanted.kind === 'stay') {
    show({ ...blank('stay', wanted.functionName, wanted.configuration) }, options, io);
    return ExitCode.ok;
  }
  const repository = await openRepository(io);
  const { application, write } = await planned(wanted.wish, repository, options, io);
  if (!options.write || write === undefined) {
    show(application, options, io);
    return exitCodeOf(application, options);
  }
  // The diff comes before the question; a program gets one document, at the end.
  if (!options.json) show(application, options, io);
  await askToWrite(options, write.file, io);
  await write.now();
  const written: Application = { ...application, outcome: 'written' };
  if (options.json) show(written, options, io);
  else io.stdout.write(`\nWritten: ${escapeTerminal(write.file)}\n`);
  return ExitCode.ok;
}

function wishOf(answer: Awaited<ReturnType<typeof readAnswer>>, variant: string | undefined): WishOrNot {
  return answer.kind === 'run' ? wishOfRun(answer.saved, variant) : wishOfMigration(answer.saved);
}
