import type { JournalFile } from '../../state/journalFiles.ts';
import type { Resource } from '../../state/journalFormat.ts';
import type { Liveness } from '../../state/liveness.ts';

/** What a clean-up finds, may be asked, and decides. */

export interface CleanupFacts {
  readonly region: string;
  /** Journals of runs in this account, in this region, through this endpoint. */
  readonly journals: readonly CleanupJournal[];
  /** Functions whose whole name is that of a shadow. */
  readonly functions: readonly FoundFunction[];
  readonly logGroups: readonly FoundLogGroup[];
  /** False when only what journals name was looked up: then "no function of that run is left" is not known. */
  readonly functionsListed: boolean;
}

export interface CleanupJournal extends JournalFile {
  readonly liveness: Liveness;
}

export type Tags = Readonly<Record<string, string>>;

export interface FoundFunction {
  readonly name: string;
  readonly arn: string;
  /** Undefined: they may not be read. */
  readonly tags: Tags | undefined;
  /** Where it logs. Asked only of functions whose tags may not be read. */
  readonly logGroup?: string | undefined;
}

export interface FoundLogGroup {
  readonly name: string;
  readonly createdAt?: Date | undefined;
  readonly tags: Tags | undefined;
  /** Who has written to it, by the names of its log streams. Asked only of groups without our tags. */
  readonly writers?: 'shadows' | 'nobody' | 'others' | 'unreadable';
}

export interface CleanupOptions {
  /** Only this run, whatever its lease. */
  readonly runId?: string | undefined;
  /** Also runs whose lease has not passed. */
  readonly all?: boolean | undefined;
  /** Only what was made at least that long ago. */
  readonly olderThanMs?: number | undefined;
}

/** `why` of what is deleted. `allAsked` is what has to be asked for: its run may be alive on another machine. */
export type DeleteReason = 'processEnded' | 'leasePassed' | 'runNamed' | 'allAsked' | 'nothingLeftOfRun';

export type KeepReason =
  | 'processAlive'
  | 'leaseRuns'
  | 'leaseUnknown'
  | 'tooYoung'
  | 'notTagged'
  | 'tagsUnreadable'
  | 'othersLogs'
  | 'emptyUntagged'
  | 'functionsRemain';

export type CleanupVerdict =
  | { readonly action: 'delete'; readonly why: DeleteReason; readonly leaseEndsAt?: Date }
  | { readonly action: 'keep'; readonly why: KeepReason; readonly leaseEndsAt?: Date };

export type CleanupItem = CleanupVerdict & {
  readonly runId: string;
  readonly resource: Resource;
  /** Of a function: names its account, too. */
  readonly arn?: string;
};

export interface CleanupPlan {
  /** By run; in each its functions, then its log group, then staged objects. */
  readonly items: readonly CleanupItem[];
  /** Journals that name nothing any more once every item to delete of their run is gone. */
  readonly finishedJournals: readonly JournalFile[];
}
