import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import { checkedLine, entryOf } from './checkedLine.ts';
import { processIdentitySchema } from './liveness.ts';

const formatVersion = 1;

const text = z.string().min(1).max(1024);
/** ISO 8601, as are all times in a journal. */
const time = z.iso.datetime();

/** Something that tune makes in an account and has to remove again. */
const resourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('function'), name: text, region: text }),
  z.object({ kind: z.literal('logGroup'), name: text, region: text }),
  z.object({
    kind: z.literal('stagedObject'),
    bucket: text,
    key: text,
    /** Known once it is uploaded to a versioned bucket. */
    versionId: text.optional(),
    region: text,
  }),
]);

export type Resource = DeepReadonly<z.infer<typeof resourceSchema>>;

const headerSchema = z.object({
  runId: text,
  toolVersion: text,
  process: processIdentitySchema,
  accountId: text,
  region: text,
  /** Absent for AWS itself; `embedded` died with its process. A URL without user, password and query. */
  endpoint: text.optional(),
  /** The role through which the account was reached. */
  role: text.optional(),
  /** The same moment as in the `created` tag of everything the run makes. */
  startedAt: time,
  /** End of the lease. */
  expiresAt: time,
});

export type JournalHeader = DeepReadonly<z.infer<typeof headerSchema>>;

const entries = [
  z.object({ type: z.literal('header'), header: headerSchema }),
  z.object({ type: z.enum(['intend', 'made', 'removed']), resource: resourceSchema }),
  z.object({ type: z.literal('renewed'), expiresAt: time }),
] as const;

export type JournalEntry = DeepReadonly<z.infer<(typeof entries)[number]>>;

/** Unknown keys are dropped, so that a later version may add some without changing its number. */
const stamp = { v: z.literal(formatVersion), run: text, at: time };
const [header, resource, renewed] = entries;
const entrySchema = z.discriminatedUnion('type', [header.extend(stamp), resource.extend(stamp), renewed.extend(stamp)]);

type StampedEntry = z.infer<typeof entrySchema>;

/** A line that was not used. `torn`: the unfinished last line of a killed process, whose deed was never begun. */
export interface JournalProblem {
  readonly line: number;
  readonly problem: 'torn' | 'damaged' | 'otherVersion' | 'otherRun';
}

/** What one journal says. Resources that were intended or made, and not removed, may still exist. */
export interface JournalContents {
  /** Undefined when its line cannot be read: then nothing is known of the process that wrote it. */
  readonly header?: JournalHeader | undefined;
  /** Of the header, else of the first entry that could be read. */
  readonly runId?: string | undefined;
  /** End of the lease after the last renewal. */
  readonly expiresAt?: string | undefined;
  readonly lastEntryAt?: string | undefined;
  readonly resources: readonly JournaledResource[];
  readonly problems: readonly JournalProblem[];
}

export interface JournaledResource {
  readonly resource: Resource;
  readonly intendedAt: string;
  /** False: the process ended between the intent and the fact. */
  readonly made: boolean;
}

/** One line without its line end. */
export function formatEntry(runId: string, entry: JournalEntry, at: Date): string {
  return checkedLine({ v: formatVersion, run: runId, at: at.toISOString(), ...entry });
}

/**
 * Reads what can be trusted of a journal: whole lines with a right checksum and of this version. Never throws; what was not
 * used is in `problems`.
 */
export function readJournal(journal: string): JournalContents {
  const problems: JournalProblem[] = [];
  const lines = journal.split('\n');
  const resources = new Map<string, JournaledResource>();
  let header: JournalHeader | undefined;
  let runId: string | undefined;
  let expiresAt: string | undefined;
  let lastEntryAt: string | undefined;
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const entry = parseLine(line);
    if (typeof entry === 'string') {
      // Text after the last line end is the one line that was never flushed.
      const problem = entry === 'damaged' && index === lines.length - 1 ? 'torn' : entry;
      problems.push({ line: index + 1, problem });
      continue;
    }
    runId ??= entry.run;
    if (entry.run !== runId || (entry.type === 'header' && entry.header.runId !== runId)) {
      problems.push({ line: index + 1, problem: 'otherRun' });
      continue;
    }
    lastEntryAt = entry.at;
    switch (entry.type) {
      case 'header':
        header ??= entry.header;
        expiresAt ??= entry.header.expiresAt;
        break;
      case 'renewed':
        expiresAt = entry.expiresAt;
        break;
      case 'removed':
        resources.delete(resourceKey(entry.resource));
        break;
      case 'intend':
      case 'made': {
        const key = resourceKey(entry.resource);
        const intendedAt = resources.get(key)?.intendedAt ?? entry.at;
        resources.set(key, { resource: entry.resource, intendedAt, made: entry.type === 'made' });
        break;
      }
    }
  }
  return {
    header,
    runId,
    expiresAt,
    lastEntryAt,
    resources: [...resources.values()],
    problems,
  };
}

/** The same thing has the same key, whatever version of it was uploaded. */
export function resourceKey(resource: Resource): string {
  return resource.kind === 'stagedObject'
    ? `stagedObject ${resource.region} ${resource.bucket} ${resource.key}`
    : `${resource.kind} ${resource.region} ${resource.name}`;
}

function parseLine(line: string): StampedEntry | 'damaged' | 'otherVersion' {
  const content = entryOf(line);
  if (content === undefined) return 'damaged';
  const entry = entrySchema.safeParse(content);
  return entry.success ? entry.data : 'otherVersion';
}
