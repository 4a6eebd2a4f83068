import { stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { type CandidateDefinition, choose } from '../../../apply/choose.ts';
import { lineAt } from '../../../apply/definition/places.ts';
import { unifiedDiff } from '../../../apply/diff.ts';
import { editsFor, faultOf, spliced } from '../../../apply/edit.ts';
import { followUps } from '../../../apply/follow.ts';
import { provisioningNotes } from '../../../apply/provisioning.ts';
import { nextSteps } from '../../../apply/rollOut.ts';
import type { SoughtFunction, Wish } from '../../../apply/wish.ts';
import { ExitCode, TuneError } from '../../../base/errors.ts';
import type { Io } from '../../../base/io.ts';
import { toolVersion } from '../../../base/version.ts';
import { canColor } from '../../../host/terminal.ts';
import { type Application, applicationSchema, applicationSchemaVersion } from '../../../model/application.ts';
import type { Configuration } from '../../../model/configuration.ts';
import type { ToolOptions } from '../../../options/table.ts';
import { escapeTerminal } from '../../../text/escape.ts';
import { painter } from '../../../text/terminalStyle.ts';
import { applicationText } from './applicationText.ts';
import { isDirty, type Repository, textFile } from './repository.ts';
import { constructPathOf, type Searched, searchFor } from './search.ts';

type ApplyFlags = ToolOptions<'apply'>;

export function applicationExitCode({ outcome }: Application, { check }: Pick<ApplyFlags, 'check'>): ExitCode {
  switch (outcome) {
    case 'differs':
      return check ? ExitCode.regressed : ExitCode.ok;
    case 'written':
    case 'present':
    case 'stay':
      return ExitCode.ok;
    case 'refused':
    case 'several':
    case 'notFound':
      return ExitCode.usage;
  }
}

type EditOptions = Pick<ApplyFlags, 'file' | 'select' | 'globals'>;

export interface Planned {
  readonly application: Application;
  /** Absent: there is nothing to write, or it may not be. */
  readonly write?: { readonly file: string; now(): Promise<void> };
}

/** The edits of one answer, not written yet. @throws TuneError TEMPLATE */
export async function planned(wish: Wish, repository: Repository, options: EditOptions, io: Io): Promise<Planned> {
  const searched = await searchFor(options.file, repository, io);
  const constructPath = await constructPathOf(wish.subject.logicalId, repository, io);
  const choice = choose(searched.candidates, {
    subject: { ...placed(wish.subject, repository, io), constructPath },
    select: options.select,
    isFileGiven: options.file !== undefined,
  });
  const base = blank('notFound', wish.subject.functionName, wish.to);
  if (choice.kind !== 'one') {
    const outcome = choice.kind === 'several' ? 'several' : 'notFound';
    const notes = [...wish.notes, ...unreadNotes(searched)];
    return {
      application: {
        ...base,
        outcome,
        notes,
        candidates: listed(choice.candidates),
      },
    };
  }
  return editsIn(wish, choice.candidate, searched, repository, options, io);
}

async function editsIn(
  wish: Wish,
  candidate: CandidateDefinition,
  searched: Searched,
  repository: Repository,
  options: EditOptions,
  io: Io,
): Promise<Planned> {
  const { file, definition } = candidate;
  const source = searched.sources.get(file);
  if (source === undefined) throw new Error('a candidate of a file that was not read');
  const { bom, text } = source;
  const { edits, refusals, besides } = editsFor(text, definition, wish.changes, { globals: options.globals });
  const splices = edits.map(({ splice }) => splice);
  const edited = spliced(text, splices);
  const fault = edits.length === 0 ? undefined : await faultOf(source, text, edited, splices);
  if (fault !== undefined) {
    throw new TuneError('TEMPLATE', `${escapeTerminal(file)} was not edited. ${escapeTerminal(fault)}`, {
      hint: 'Nothing was written. Write the change by hand.',
    });
  }
  const byHand = wish.byHand.map((write) => ({
    file,
    line: lineAt(text, definition.at),
    expression: '',
    because: 'it is more than one literal',
    write,
  }));
  const refused = [...refusals.map((refusal) => ({ file, ...refusal })), ...byHand];
  const outcome = refused.length > 0 ? 'refused' : edits.length === 0 ? 'present' : 'differs';
  const dirty = edits.length > 0 && (await isDirty(repository, file, io));
  const application: Application = {
    ...blank(outcome, wish.subject.functionName, wish.to),
    definition: placeOf(candidate),
    edits: edits.map(({ property, before, after, line, notes: said }) => ({
      property,
      file,
      line,
      before,
      after,
      notes: [...said],
    })),
    diff: edits.length === 0 ? undefined : unifiedDiff(file, bom + text, bom + edited),
    refusals: refused,
    besides: besides.length === 0 ? undefined : besides.map((beside) => ({ file, ...beside })),
    mustFollow: outcome === 'present' ? [] : [...followUps(file, text, definition, wish)],
    notes: [
      ...wish.notes,
      ...(besides.length === 0 ? [] : wish.changes.flatMap((change) => change.notes ?? [])),
      ...provisioningNotes(wish.provisioning, definition, text),
      ...(dirty ? [`${file} has changes that are not committed.`] : []),
    ],
    next:
      outcome === 'differs'
        ? nextSteps(definition.format, wish.subject.functionName, wish.region, io.now())
        : undefined,
  };
  if (outcome !== 'differs') return { application };
  return { application, write: { file, now: () => writeOver(file, bom + text, bom + edited, repository) } };
}

/** Worth saying only where the definition may be in one of them. */
function unreadNotes({ unread }: Searched): readonly string[] {
  const shown = unread.slice(0, 5).map(({ file, reason }) => `${file} cannot be read: ${reason}.`);
  return unread.length > shown.length
    ? [...shown, `${unread.length - shown.length} more files cannot be read.`]
    : shown;
}

/** @throws TuneError CONSENT */
export async function askToWrite(options: Pick<ApplyFlags, 'yes'>, file: string, io: Io): Promise<void> {
  if (options.yes) return;
  if (!io.stdin.isTty || !io.stderr.isTty) {
    throw new TuneError('CONSENT', 'Nobody can be asked here, and --yes is not given.', {
      hint: 'Nothing was written. To write without a question: --write --yes',
    });
  }
  if (await io.ask(`Write this to ${escapeTerminal(file)}? [y/N] `)) return;
  throw new TuneError('CONSENT', 'Not confirmed; nothing was written.', {
    hint: 'To write without a question: --write --yes',
  });
}

/** Beside it, then in its place, with its mode: a reader meets the old file or the new one. */
async function writeOver(file: string, before: string, after: string, { root, isGit }: Repository): Promise<void> {
  if (!isGit) {
    throw new TuneError(
      'TEMPLATE',
      'This folder is in no git repository, so nothing is written: the change could not be undone.',
      {
        hint: 'Apply the diff by hand.',
      },
    );
  }
  const path = join(root, file);
  const now = await textFile(path, Number.POSITIVE_INFINITY);
  if (now === undefined || now.bom + now.text !== before) {
    throw new TuneError('TEMPLATE', `${escapeTerminal(file)} was changed while the diff was shown.`, {
      hint: 'Nothing was written. Call tune apply again.',
    });
  }
  const { mode } = await stat(path);
  await writeFileAtomic(path, after, { mode: mode & 0o7777 }).catch((error: NodeJS.ErrnoException) => {
    throw new TuneError('TEMPLATE', `${escapeTerminal(file)} cannot be written (${error.code ?? 'unknown error'}).`, {
      hint: 'It is as it was. The file and its folder must be writable.',
      cause: error,
    });
  });
}

/** Where the run was called is not known: here, or at the root. */
function placed(subject: SoughtFunction, { root }: Repository, { cwd }: Io): SoughtFunction {
  const seen = (given: readonly string[]) =>
    given.flatMap((one) => [relative(root, resolve(cwd, one)), one].map((place) => place.split(sep).join('/')));
  const { paths, template } = subject;
  return {
    ...subject,
    paths: paths && seen(paths),
    template: template && { ...template, files: seen(template.files) },
  };
}

function placeOf({ file, line, definition }: CandidateDefinition): NonNullable<Application['definition']> {
  return { file, line, format: definition.format, select: definition.select };
}

/** Each with what chooses it alone. */
function listed(candidates: readonly CandidateDefinition[]): NonNullable<Application['candidates']> {
  return candidates.map((candidate) => {
    const place = placeOf(candidate);
    const same = candidates.filter(({ definition }) => definition.select === place.select);
    if (same.length === 1) return place;
    const isAloneInFile = same.filter(({ file }) => file === place.file).length === 1;
    return { ...place, select: `${place.file}:${isAloneInFile ? place.select : place.line}` };
  });
}

export function blank(outcome: Application['outcome'], functionName: string, to: Configuration): Application {
  return {
    schemaVersion: applicationSchemaVersion,
    tool: { name: 'lambda-tune', version: toolVersion },
    outcome,
    functionName,
    to,
    edits: [],
    refusals: [],
    mustFollow: [],
    notes: [],
  };
}

export function show(application: Application, options: Pick<ApplyFlags, 'json' | 'color'>, io: Io): void {
  if (options.json) {
    io.stdout.write(`${JSON.stringify(applicationSchema.parse(application), null, 2)}\n`);
    return;
  }
  io.stdout.write(
    applicationText(application, {
      isTerminal: io.stdout.isTty,
      inGithub: io.env.GITHUB_ACTIONS === 'true',
      paint: painter(canColor(io.stdout, options, io)),
    }),
  );
}
