import { belongsToRun } from '../../model/runId.ts';
import type { Resource } from '../../state/journalFormat.ts';
import { isTaggedFor, parseRunLogGroup, parseShadowName, parseStagedKey, tagKeys } from '../client/names.ts';
import type {
  CleanupFacts,
  CleanupItem,
  CleanupJournal,
  CleanupOptions,
  CleanupPlan,
  CleanupVerdict,
  FoundFunction,
  FoundLogGroup,
  Tags,
} from './cleanupModel.ts';

/** Decides what a clean-up may delete. Pure: what was found, the time and the options make the plan. */

/** A journal without a readable word is no news of a run that is just starting. */
const emptyJournalMs = 60_000;

export function planCleanup(facts: CleanupFacts, now: Date, options: CleanupOptions): CleanupPlan {
  const runIds = new Set<string>();
  for (const { runId } of facts.journals) runIds.add(runId);
  for (const { name } of facts.functions) add(runIds, parseShadowName(name)?.runId);
  for (const { name } of facts.logGroups) add(runIds, parseRunLogGroup(name));
  const chosen = [...runIds]
    .filter((runId) => options.runId === undefined || belongsToRun(options.runId, runId))
    .sort();
  const plans = chosen.map((runId) => planRun(runOf(runId, facts), now, options));
  return {
    items: plans.flatMap((plan) => plan.items),
    finishedJournals: plans.flatMap((plan) => plan.finishedJournals),
  };
}

export function leaseOf(tags: Tags | undefined): Date | undefined {
  return dateOf(tags?.[tagKeys.expires]);
}

interface FoundRun {
  readonly runId: string;
  readonly region: string;
  readonly journal?: CleanupJournal | undefined;
  readonly functions: readonly FoundFunction[];
  readonly logGroups: readonly FoundLogGroup[];
  readonly functionsListed: boolean;
}

function runOf(runId: string, facts: CleanupFacts): FoundRun {
  const journal = facts.journals.find((each) => each.runId === runId);
  return {
    runId,
    region: facts.region,
    functions: facts.functions.filter(({ name }) => parseShadowName(name)?.runId === runId),
    logGroups: facts.logGroups.filter(({ name }) => parseRunLogGroup(name) === runId),
    functionsListed: facts.functionsListed,
    journal,
  };
}

function planRun(run: FoundRun, now: Date, options: CleanupOptions): CleanupPlan {
  const leaseEndsAt = latest([
    ...run.functions.map((each) => leaseOf(taggedFor(each.tags, run.runId))),
    ...run.logGroups.map((each) => leaseOf(taggedFor(each.tags, run.runId))),
    dateOf(run.journal?.contents.expiresAt),
  ]);
  const decide = (created: Date | undefined) => decideByRun(run, created, leaseEndsAt, now, options);

  const { runId, region } = run;
  const functions = run.functions.map((each) => ({ ...each, verdict: decideFunction(runId, each, decide) }));
  const verdicts = functions.map(({ verdict }) => verdict);
  const functionItems = functions.map(({ name, arn, verdict }): CleanupItem => {
    return { runId, resource: { kind: 'function', name, region }, arn, ...verdict };
  });
  const logGroups = run.logGroups.map((group): CleanupItem => {
    const resource = { kind: 'logGroup', name: group.name, region } as const;
    return { runId, resource, ...decideLogGroup(run, group, verdicts, decide) };
  });
  const staged = stagedObjects(run).map((resource): CleanupItem => ({ runId, resource, ...decide(startOf(run)) }));
  const items = [...functionItems, ...logGroups, ...staged];
  return {
    items,
    finishedJournals: run.journal && isFinished(run.journal, run, items, now, decide) ? [run.journal] : [],
  };
}

/** By when it was made, where that is known. */
type Decide = (created: Date | undefined) => CleanupVerdict;

/** What holds for everything that a run made. A process that is proven alive protects its run from every option. */
function decideByRun(
  run: FoundRun,
  created: Date | undefined,
  leaseEndsAt: Date | undefined,
  now: Date,
  options: CleanupOptions,
): CleanupVerdict {
  const lease = leaseEndsAt === undefined ? {} : { leaseEndsAt };
  const liveness = run.journal && isOfJournal(run.journal, created) ? run.journal.liveness : 'unknown';
  if (liveness === 'alive') return { action: 'keep', why: 'processAlive', ...lease };
  const age = created ?? startOf(run);
  if (options.olderThanMs !== undefined && !(age && now.getTime() - age.getTime() >= options.olderThanMs)) {
    return { action: 'keep', why: 'tooYoung', ...lease };
  }
  if (options.runId !== undefined) return { action: 'delete', why: 'runNamed', ...lease };
  if (liveness === 'dead') return { action: 'delete', why: 'processEnded', ...lease };
  if (leaseEndsAt !== undefined && leaseEndsAt <= now) return { action: 'delete', why: 'leasePassed', ...lease };
  if (options.all) return { action: 'delete', why: 'allAsked', ...lease };
  return { action: 'keep', why: leaseEndsAt === undefined ? 'leaseUnknown' : 'leaseRuns', ...lease };
}

/**
 * A name alone proves nothing: anyone may call a function `tune-…`. Where tags may not be read, one that also logs to the log
 * group of the run that its name tells is a copy.
 */
function decideFunction(runId: string, { tags, logGroup }: FoundFunction, decide: Decide): CleanupVerdict {
  if (tags === undefined) {
    return logGroup !== undefined && parseRunLogGroup(logGroup) === runId
      ? decide(undefined)
      : { action: 'keep', why: 'tagsUnreadable' };
  }
  if (!isTaggedFor(tags, runId)) return { action: 'keep', why: 'notTagged' };
  return decide(createdOf(tags));
}

/**
 * Lambda makes a log group anew, without tags, when a late flush finds it deleted. So an untagged one goes too, but only
 * when no function of that run is left and its streams, all of them, are of copies, or the journal says that the run made it:
 * `tune-orders` could be someone's function, and `/aws/lambda/tune-orders` all that remains of it, or empty and waiting for it.
 */
function decideLogGroup(
  run: FoundRun,
  { tags, writers, createdAt }: FoundLogGroup,
  functions: readonly CleanupVerdict[],
  decide: Decide,
): CleanupVerdict {
  const kept = functions.find((each) => each.action === 'keep');
  if (kept?.why === 'notTagged' || kept?.why === 'tagsUnreadable') return { action: 'keep', why: 'functionsRemain' };
  if (kept !== undefined) return kept;
  if (tags !== undefined && isTaggedFor(tags, run.runId)) return decide(createdOf(tags));
  if (writers === 'others') return { action: 'keep', why: 'othersLogs' };
  if (writers !== 'shadows' && !isJournaled(run)) {
    return { action: 'keep', why: writers === 'nobody' && tags !== undefined ? 'emptyUntagged' : 'tagsUnreadable' };
  }
  const verdict = decide(startOf(run) ?? createdAt);
  // A run that starts just now has its group before its first function, but that group has tags.
  const isOrphan = run.functionsListed && functions.length === 0 && tags !== undefined && run.journal === undefined;
  const isJustALease = verdict.why === 'leaseUnknown' || verdict.why === 'allAsked';
  return isOrphan && isJustALease ? { action: 'delete', why: 'nothingLeftOfRun' } : verdict;
}

function isJournaled(run: FoundRun): boolean {
  const entries = run.journal?.contents.resources ?? [];
  return entries.some(
    ({ resource, made }) => made && resource.kind === 'logGroup' && parseRunLogGroup(resource.name) === run.runId,
  );
}

function isFinished(
  journal: CleanupJournal,
  run: FoundRun,
  items: readonly CleanupItem[],
  now: Date,
  decide: Decide,
): boolean {
  const { contents } = journal;
  // A line that cannot be read may name something: only a listing of the account shows that nothing is there.
  const unread = contents.problems.some(({ problem }) => problem !== 'torn');
  if (contents.problems.some(({ problem }) => problem === 'otherVersion') || (unread && !run.functionsListed))
    return false;
  if (items.some((each) => each.action === 'keep')) return false;
  if (contents.header === undefined && contents.resources.length === 0) {
    return now.getTime() - journal.modifiedAt.getTime() > emptyJournalMs;
  }
  return decide(startOf(run)).action === 'delete';
}

/** Only keys that tune makes for this very run: a journal is a file that could be edited. */
function stagedObjects(run: FoundRun): readonly Resource[] {
  return (run.journal?.contents.resources ?? [])
    .map(({ resource }) => resource)
    .filter((resource) => resource.kind === 'stagedObject' && isStagedBy(run.runId, resource));
}

function isStagedBy(
  runId: string,
  { bucket, key, versionId = 'none' }: Extract<Resource, { kind: 'stagedObject' }>,
): boolean {
  return parseStagedKey(key) === runId && /^[a-z0-9.-]{3,63}$/.test(bucket) && /^[\w.+=/-]+$/.test(versionId);
}

/**
 * Run ids can be used twice (`--run-id "$CI_JOB_ID"` on two machines): what was made by a run that started at another moment
 * is not this journal's, and of it only the lease is known.
 */
function isOfJournal(journal: CleanupJournal, created: Date | undefined): boolean {
  const startedAt = dateOf(journal.contents.header?.startedAt);
  return created === undefined || startedAt === undefined || created.getTime() === startedAt.getTime();
}

function startOf(run: FoundRun): Date | undefined {
  return dateOf(run.journal?.contents.header?.startedAt);
}

function createdOf(tags: Tags): Date | undefined {
  return dateOf(tags[tagKeys.created]);
}

function taggedFor(tags: Tags | undefined, runId: string): Tags | undefined {
  return tags !== undefined && isTaggedFor(tags, runId) ? tags : undefined;
}

function latest(dates: readonly (Date | undefined)[]): Date | undefined {
  return dates.reduce<Date | undefined>((best, date) => (date && (!best || date > best) ? date : best), undefined);
}

/** Strict ISO 8601: `Date` alone would read "1" as a year. */
function dateOf(text: string | undefined): Date | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(text)) return undefined;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function add<T>(set: Set<T>, element: T | undefined): void {
  if (element !== undefined) set.add(element);
}
