import { choicesBeside } from '../analysis/savedRun/besideAnswer.ts';
import { type MigrationResult, migrationResultSchema, migrationSchemaVersion } from '../model/migration.ts';
import type { TuningResult } from '../model/run.ts';
import type { MigrationJudgement } from './judgeMigration.ts';

/** What a migration came to; each part only as far as it got. */
export type MigrationParts = MigrationJudgement &
  Pick<MigrationResult, 'tool' | 'runId' | 'function' | 'current' | 'preflight' | 'smoke' | 'steps' | 'run'>;

/** The `--json` document, held to its schema. */
export function migrationDocument(parts: MigrationParts): MigrationResult {
  return migrationResultSchema.parse(documentOf(parts));
}

export function documentOf({ verdict, comparison, savings, run, ...parts }: MigrationParts): unknown {
  return {
    schemaVersion: migrationSchemaVersion,
    verdict,
    ...parts,
    comparison: comparison && { ...comparison, savings },
    run: run === undefined ? undefined : withoutAnswer(run),
  };
}

/** A run has an answer of its own, to another question: beside the verdict it would be a second recommendation. */
function withoutAnswer({ search: _search, comparedBy, ...measured }: TuningResult): TuningResult {
  const answer = { kind: 'unanswered', because: 'partOfMigration' } as const;
  // Its figures are of single calls, as the verdict's are; bills at a traffic stand beside them.
  const byCalls = comparedBy && { start: comparedBy.start, coldShare: comparedBy.coldShare };
  return { ...measured, comparedBy: byCalls, answer, ...choicesBeside(answer, measured) };
}
