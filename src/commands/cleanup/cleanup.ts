import type { CleanupItem, CleanupJournal, CleanupOptions, KeepReason } from '../../aws/cleanup/cleanupModel.ts';
import { configuredEndpoint } from '../../aws/cleanup/journalReach.ts';
import { createClients } from '../../aws/client/client.ts';
import { ExitCode, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { belongsToRun } from '../../model/runId.ts';
import { parseFlags } from '../../options/options.ts';
import type { ToolOptions } from '../../options/table.ts';
import { commercialRegions } from '../../pricing/pricing.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { cleanupCommand } from '../shared/cleanupCommand.ts';
import { interruptExitCode } from '../shared/exitCode.ts';
import { readOwnJournals } from '../shared/leftovers.ts';
import { cleanRegion, type RegionOutcome, removeEmbeddedJournals } from './cleanupRegion.ts';
import { elsewhereNote, journalNote } from './cleanupText.ts';

type CleanupFlags = ToolOptions<'cleanup'>;

/**
 * `tune cleanup`: shows what it removes and what it keeps and why, removes, and ends with "clean", or with a list and exit
 * code 5. Without `--region`: the configured region and those that journals on this machine name.
 */
export async function runCleanup(flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const parsed = parseFlags('cleanup', flags);
  const { dryRun, yes } = parsed;
  const options: CleanupOptions = { runId: parsed.run, all: parsed.all, olderThanMs: parsed.olderThan };
  const journals = journalsFor(options, io);
  io.onHardExit(`Stopped in the middle. To finish: ${cleanupCommand(undefined, parsed)}`);
  try {
    if (!dryRun) removeEmbeddedJournals(journals, options, io.now());
    const outcomes: RegionOutcome[] = [];
    const failures: unknown[] = [];
    const closed: string[] = [];
    for (const region of await regionsOf(parsed, journals, io)) {
      if (io.interrupted.aborted) break;
      const request = { region, reach: parsed, options, dryRun, yes };
      try {
        outcomes.push(await cleanRegion(request, journals, io));
      } catch (error) {
        if (parsed.allRegions && isClosedRegion(error)) closed.push(region);
        failures.push(error);
      }
    }
    if (closed.length > 0 && outcomes.length > 0) {
      // Elsewhere the credentials were taken, so it is the region that does not know the account.
      failures.splice(0, failures.length, ...failures.filter((error) => !isClosedRegion(error)));
      io.stderr.write(`Not enabled for this account, so nothing can be there: ${closed.join(', ')}\n`);
    }
    return conclude(outcomes, failures, parsed, io);
  } finally {
    io.onHardExit(undefined);
  }
}

/** Regions that an account has not opted in to know none of its credentials. */
function isClosedRegion(error: unknown): boolean {
  return error instanceof TuneError && error.code === 'CREDENTIALS';
}

function journalsFor({ runId }: CleanupOptions, io: Io): readonly CleanupJournal[] {
  const { journals, unreadable } = readOwnJournals(io);
  for (const { file, reason } of unreadable) {
    io.stderr.write(`The journal ${escapeTerminal(file)} cannot be read (${escapeTerminal(reason)}).\n`);
  }
  const chosen = journals.filter((journal) => runId === undefined || belongsToRun(runId, journal.runId));
  for (const note of chosen.map(journalNote)) if (note !== undefined) io.stderr.write(`${note}\n`);
  return chosen;
}

/** Says what is out of reach. @throws TuneError USAGE when no region is known at all */
async function regionsOf(
  parsed: CleanupFlags,
  journals: readonly CleanupJournal[],
  io: Io,
): Promise<readonly string[]> {
  const endpoint = configuredEndpoint(parsed.endpointUrl, io.env);
  const ended = journals.filter(
    ({ liveness, contents }) => liveness !== 'alive' && contents.header?.endpoint !== 'embedded',
  );
  const named = new Set<string>();
  for (const journal of ended) {
    const { header } = journal.contents;
    if (header === undefined) continue;
    const isChosen = parsed.region === undefined || parsed.allRegions || parsed.region.includes(header.region);
    if (header.endpoint === endpoint && isChosen) named.add(header.region);
    else io.stderr.write(`${elsewhereNote(journal)}\n`);
  }
  if (parsed.allRegions) {
    if (parsed.region !== undefined) {
      throw new TuneError('USAGE', '--all-regions and --region cannot be given together.', {
        hint: '--region may be given several times.',
      });
    }
    return [...new Set([...named, ...commercialRegions])];
  }
  if (parsed.region !== undefined) return [...new Set(parsed.region)];
  try {
    const clients = await createClients({ profile: parsed.profile }, io);
    named.add(clients.region);
    clients.destroy();
  } catch (error) {
    // Runs on this machine made nothing in any region.
    const isLocalAlone =
      parsed.run !== undefined &&
      journals.length > 0 &&
      journals.every(({ contents }) => contents.header?.endpoint === 'embedded');
    if ((named.size === 0 && !isLocalAlone) || !(error instanceof TuneError) || error.code !== 'USAGE') throw error;
  }
  return [...named];
}

/** Reasons for which something of a run that the user named may still be there. */
const stillThere: ReadonlySet<KeepReason> = new Set([
  'processAlive',
  'leaseRuns',
  'leaseUnknown',
  'tooYoung',
  'tagsUnreadable',
  'functionsRemain',
]);

function conclude(
  outcomes: readonly RegionOutcome[],
  failures: readonly unknown[],
  parsed: CleanupFlags,
  io: Io,
): ExitCode {
  const left = outcomes.flatMap((outcome) => outcome.left);
  const kept = outcomes.flatMap((outcome) => outcome.kept);
  const removed = outcomes.reduce((sum, outcome) => sum + outcome.removed, 0);
  const [failure] = [...failures, ...outcomes.flatMap((outcome) => outcome.refused)];
  const remains = parsed.run === undefined || parsed.dryRun ? [] : kept.filter(isStillThere);

  for (const { name, reason, command } of left) {
    io.stdout.write(`left: ${escapeTerminal(name)}: ${escapeTerminal(reason)}\n  ${escapeTerminal(command, 1000)}\n`);
  }
  if (failure === undefined && left.length === 0 && remains.length === 0 && !io.interrupted.aborted) {
    const keeps = kept.length === 0 ? '' : `, ${kept.length} kept`;
    io.stdout.write(parsed.dryRun ? `dry run: nothing was removed${keeps}\n` : `clean: ${removed} removed${keeps}\n`);
    return ExitCode.ok;
  }
  if (left.length > 0 || remains.length > 0) {
    io.stdout.write(`not clean: ${left.length + remains.length} left. Again: ${cleanupCommand(parsed.run, parsed)}\n`);
    // The cause of a failure elsewhere is still worth saying; what is left decides the code.
    if (failure instanceof Error) io.stderr.write(`${escapeTerminal(failure.message)}\n`);
    return ExitCode.leftBehind;
  }
  const interrupted = interruptExitCode(io.interrupted);
  if (interrupted !== undefined) return interrupted;
  throw failure;
}

function isStillThere(item: CleanupItem): boolean {
  return item.action === 'keep' && stillThere.has(item.why);
}
