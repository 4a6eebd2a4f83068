import type { z } from 'zod';
import { TuneError } from '../base/errors.ts';
import { type CheckResult, checkResultSchema, checkSchemaVersion } from '../model/check.ts';
import { type Fleet, fleetSchema, fleetSchemaVersion } from '../model/fleet/fleet.ts';
import { type Portfolio, portfolioSchema, portfolioSchemaVersion } from '../model/fleet/portfolio.ts';
import { type FleetShard, fleetShardSchema, fleetShardSchemaVersion } from '../model/fleet/shard.ts';
import { type MigrationResult, migrationResultSchema, migrationSchemaVersion } from '../model/migration.ts';
import { type Observation, observationSchema, observationSchemaVersion } from '../model/production/observation.ts';
import type { TuningResult } from '../model/run.ts';
import { migrationV1Schema, upgradeMigration } from './migrationV1.ts';
import { readableMigrationSchema, readableRunSchema, readableRunVersions } from './savedVersions.ts';

/** Where a saved run comes from. */
export const howToSave = 'Make one with: tune --function <function> --report json=run.json';

export type SavedKind = 'run' | 'check' | 'migration' | 'observation' | 'fleet' | 'portfolio';

/** Which kind of document a text is, by a key that only it has. @throws TuneError SAVED_RUN for what is not JSON */
export function savedKindOf(text: string, shown: string): SavedKind {
  const content = parsedJson(text, shown);
  if (typeof content !== 'object' || content === null) return 'run';
  if ('kind' in content && (content.kind === 'fleet' || content.kind === 'portfolio')) return content.kind;
  if ('worth' in content && 'sources' in content) return 'observation';
  return 'functions' in content ? 'check' : 'preflight' in content ? 'migration' : 'run';
}

/** What `tune --json` or `--report json=` wrote. @throws TuneError SAVED_RUN, see `parseDocument` */
export function parseSavedRun(text: string, shown: string): TuningResult {
  return parseDocument(text, shown, readableRunSchema, readableRunVersions);
}

/** What `tune check --json` wrote. @throws TuneError SAVED_RUN, see `parseDocument` */
export function parseSavedCheck(text: string, shown: string): CheckResult {
  return parseDocument(text, shown, checkResultSchema, [checkSchemaVersion]);
}

/** What `tune observe --json` wrote. @throws TuneError SAVED_RUN, see `parseDocument` */
export function parseSavedObservation(text: string, shown: string): Observation {
  return parseDocument(text, shown, observationSchema, [observationSchemaVersion]);
}

/** What `tune fleet rank --json` wrote. @throws TuneError SAVED_RUN, see `parseDocument` */
export function parseSavedFleet(text: string, shown: string): Fleet {
  return parseDocument(text, shown, fleetSchema, [fleetSchemaVersion], fleetDocument);
}

/** What `tune fleet merge --json` wrote. @throws TuneError SAVED_RUN, see `parseDocument` */
export function parseSavedPortfolio(text: string, shown: string): Portfolio {
  return parseDocument(text, shown, portfolioSchema, [portfolioSchemaVersion], portfolioDocument);
}

/** What `tune fleet run` keeps of its work. @throws TuneError SAVED_RUN, see `parseDocument` */
export function parseFleetShard(text: string, shown: string): FleetShard {
  return parseDocument(text, shown, fleetShardSchema, [fleetShardSchemaVersion], shardDocument);
}

/** What a document is called, and how it is made. */
interface DocumentWords {
  readonly what: string;
  readonly howToSave: string;
}

const runDocument: DocumentWords = { what: 'a saved run', howToSave };
const fleetDocument: DocumentWords = {
  what: 'a ranking',
  howToSave: 'Make one with: tune fleet rank --json > fleet.json',
};
const portfolioDocument: DocumentWords = {
  what: 'a portfolio',
  howToSave: 'Make one with: tune fleet merge runs --json > portfolio.json',
};
const shardDocument: DocumentWords = {
  what: 'how far a fleet came',
  howToSave: 'tune fleet run keeps it in its --out folder; without it the work begins anew.',
};

/** What `tune migrate --json` wrote, today or before it had a verdict. @throws TuneError SAVED_RUN, see `parseDocument` */
export function parseSavedMigration(text: string, shown: string): MigrationResult {
  if (versionOf(parsedJson(text, shown)) === 1) {
    const judged = migrationResultSchema.safeParse(
      upgradeMigration(parseDocument(text, shown, migrationV1Schema, [1])),
    );
    if (judged.success) return judged.data;
    throw new TuneError('SAVED_RUN', `${shown} is a migration whose figures cannot be judged again.`, {
      hint: `It was changed or damaged. ${howToSave}`,
      cause: judged.error,
    });
  }
  return parseDocument(text, shown, readableMigrationSchema, [migrationSchemaVersion]);
}

/**
 * `shown` is the file's name for messages.
 * @throws TuneError SAVED_RUN for what is not JSON, not a run, of another version or damaged
 */
function parseDocument<Saved>(
  text: string,
  shown: string,
  schema: z.ZodType<Saved>,
  readVersions: readonly number[],
  { what, howToSave }: DocumentWords = runDocument,
): Saved {
  const content = parsedJson(text, shown, what, howToSave);
  const version = versionOf(content);
  if (version === undefined) {
    throw new TuneError('SAVED_RUN', `${shown} is JSON, but not ${what}: it has no schemaVersion.`, {
      hint: howToSave,
    });
  }
  if (!readVersions.some((known) => known === version)) {
    throw new TuneError(
      'SAVED_RUN',
      `${shown} has schemaVersion ${JSON.stringify(version)?.slice(0, 40)}; this tune reads ${readVersions.join(' and ')}.`,
      { hint: `A newer tune may read it: npx lambda-tune@latest report ${shown}` },
    );
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.length ? issue.path.map(String).join('.') : 'the whole';
  const unknownKeys = issue?.code === 'unrecognized_keys';
  throw new TuneError(
    'SAVED_RUN',
    `${shown} is not as tune saves ${what.replace('saved ', '')}: ${where}: ${issue?.message ?? 'not valid'}.`,
    {
      hint: unknownKeys
        ? `A newer tune may have written it: npx lambda-tune@latest report ${shown}`
        : `It was changed or damaged. ${howToSave}`,
      cause: parsed.error,
    },
  );
}

function versionOf(content: unknown): unknown {
  return typeof content === 'object' && content !== null && 'schemaVersion' in content
    ? content.schemaVersion
    : undefined;
}

function parsedJson(text: string, shown: string, what = runDocument.what, how = howToSave): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = text.trim() === '' ? 'it is empty' : 'it is not JSON, or was cut short';
    throw new TuneError('SAVED_RUN', `${shown} is not ${what}: ${why}.`, { hint: how, cause: error });
  }
}
