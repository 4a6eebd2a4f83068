import type { CleanupItem, DeleteReason, KeepReason } from '../../aws/cleanup/cleanupModel.ts';
import type { JournalFile } from '../../state/journalFiles.ts';
import type { JournalProblem, Resource } from '../../state/journalFormat.ts';
import { escapeTerminal } from '../../text/escape.ts';

/** What a clean-up says, line by line. Everything that an account or a file said is escaped here. */

const becauseDeleted = {
  processEnded: () => 'its process has ended',
  leasePassed: (item) => `its lease ended ${when(item.leaseEndsAt)}`,
  runNamed: () => 'its run was named',
  allAsked: (item) => `--all was given, although its lease ${runsUntil(item.leaseEndsAt)}`,
  nothingLeftOfRun: () => 'no function of its run is left',
} as const satisfies Record<DeleteReason, (item: CleanupItem) => string>;

const becauseKept = {
  processAlive: () => 'its run is under way on this machine',
  leaseRuns: (item) => `its lease ${runsUntil(item.leaseEndsAt)}: its run may be under way elsewhere`,
  leaseUnknown: () => 'when its lease ends is not known',
  tooYoung: () => 'it is younger than was asked for',
  notTagged: () => 'it is named like a copy that tune makes, but not tagged as one',
  tagsUnreadable: () => 'its tags may not be read, so whose it is is not known',
  othersLogs: () => 'it is named like the log group of a run, but holds or awaits the logs of others',
  emptyUntagged: () =>
    'it is named like the log group of a run, but it is empty and not tagged as one: anyone may have made it',
  functionsRemain: () => 'functions that may write to it are kept',
} as const satisfies Record<KeepReason, (item: CleanupItem) => string>;

/** `remove`, `would remove` or `keep`, what, and why. */
export function itemLine(item: CleanupItem, dryRun: boolean): string {
  const action = item.action === 'keep' ? 'keep' : dryRun ? 'would remove' : 'remove';
  const why = item.action === 'keep' ? becauseKept[item.why](item) : becauseDeleted[item.why](item);
  return `${action} ${resourceText(item.resource)}: ${why}`;
}

const kinds = { function: 'function', logGroup: 'log group', stagedObject: 'staged package' } as const;

export function resourceText(resource: Resource): string {
  const name = resource.kind === 'stagedObject' ? `s3://${resource.bucket}/${resource.key}` : resource.name;
  return `${kinds[resource.kind]} ${escapeTerminal(name)}`;
}

const problems = {
  torn: 'its last line was not finished',
  damaged: 'lines of it are damaged',
  otherVersion: 'lines of it were written by another version of tune',
  otherRun: 'lines of it are of another run',
} as const satisfies Record<JournalProblem['problem'], string>;

/** What could not be read of a journal; nothing for one that was only cut short. */
export function journalNote({ file, contents }: JournalFile): string | undefined {
  const kindsOfProblem = new Set(
    contents.problems.map(({ problem }) => problem).filter((problem) => problem !== 'torn'),
  );
  if (kindsOfProblem.size === 0) return undefined;
  const what = [...kindsOfProblem].map((problem) => problems[problem]).join(', ');
  return `The journal ${escapeTerminal(file)} was used as far as it can be read: ${what}.`;
}

/** A command on the user's own terminal that reaches what a journal names. */
export function elsewhereNote({ runId, file, contents }: JournalFile): string {
  const { accountId, region, endpoint, role } = contents.header ?? {};
  const through = endpoint === undefined ? '' : ` through ${escapeTerminal(endpoint)}`;
  const where = `account ${escapeTerminal(accountId ?? '?')}, ${escapeTerminal(region ?? '?')}${through}`;
  const option = [
    endpoint === undefined ? '' : ` --endpoint-url ${escapeTerminal(endpoint)}`,
    role === undefined ? '' : ` --assume-role ${escapeTerminal(role)}`,
  ].join('');
  return `Not looked at: run ${runId} in ${where} (${escapeTerminal(file)}). Its clean-up: tune cleanup --region ${escapeTerminal(region ?? '<region>')}${option}`;
}

function when(date: Date | undefined): string {
  return date === undefined ? 'at a time that is not known' : date.toISOString().replace('.000', '');
}

function runsUntil(date: Date | undefined): string {
  return date === undefined ? 'may still run' : `runs until ${when(date)}`;
}
