import { type Wish, type WishOrNot, wishOfMigration, wishOfRun } from '../../apply/wish.ts';
import { ExitCode, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import type { Application } from '../../model/application.ts';
import { parseFlags } from '../../options/options.ts';
import type { ToolOptions } from '../../options/table.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { readAnswer } from '../shared/documents.ts';
import { applicationExitCode, askToWrite, blank, type Planned, planned, show } from '../shared/editing/editing.ts';
import { openRepository } from '../shared/editing/repository.ts';

type ApplyOptions = ToolOptions<'apply'>;

/** `tune apply`: the answer of a saved document as a diff of the file that defines the function. AWS is not called. */
export async function runApply(saved: string, flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const options = parseFlags('apply', flags);
  if (options.write && options.check)
    throw new TuneError('USAGE', '--check writes nothing, so it does not go with --write.');
  const wanted = wishOf(await readAnswer(saved, io), options.variant);
  if (wanted.kind === 'none') throw new TuneError('SAVED_RUN', wanted.why, { hint: wanted.hint });
  const { application, write } =
    wanted.kind === 'stay' ? await stayed(wanted, options, io) : await plannedHere(wanted.wish, options, io);
  if (!options.write || write === undefined) {
    show(application, options, io);
    return applicationExitCode(application, options);
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

async function plannedHere(wish: Wish, options: ApplyOptions, io: Io): Promise<Planned> {
  return planned(wish, await openRepository(io), options, io);
}

/** To stay is an answer without any file: what the traffic says besides is an edit where a file has a literal for it, else lines. */
async function stayed(
  { functionName, configuration, besides }: Extract<WishOrNot, { kind: 'stay' }>,
  options: ApplyOptions,
  io: Io,
): Promise<Planned> {
  const stay = blank('stay', functionName, configuration);
  if (besides === undefined) return { application: stay };
  const found = await plannedHere(besides, options, io).catch((error: unknown) => {
    if (error instanceof TuneError && error.code === 'TEMPLATE') return undefined;
    throw error;
  });
  const { outcome, edits, refusals = [], besides: lines = [], notes = [] } = found?.application ?? {};
  if (found !== undefined && outcome === 'differs' && edits?.every(({ before }) => before !== undefined)) return found;
  const own = besides.changes.flatMap((change) => change.notes ?? []);
  const isRead = outcome === 'present' || outcome === 'refused';
  const said = isRead && (outcome === 'present' || lines.length > 0) ? notes : [...own, ...(isRead ? notes : [])];
  return { application: { ...stay, besides: [...refusals, ...lines], notes: said } };
}

function wishOf(answer: Awaited<ReturnType<typeof readAnswer>>, variant: string | undefined): WishOrNot {
  return answer.kind === 'run' ? wishOfRun(answer.saved, variant) : wishOfMigration(answer.saved);
}
