import { z } from 'zod';
import { answerOf } from '../advice/answer.ts';
import { comparedRun } from '../advice/comparedRun.ts';
import { balancedOf, cheapestOf, fastestOf } from '../analysis/choices.ts';
import { choicesBeside } from '../analysis/savedRun/besideAnswer.ts';
import { migrationResultSchema } from '../model/migration.ts';
import { resultSchemaV1, resultSchemaVersion, type TuningResult, tuningResultSchema } from '../model/run.ts';

/** A saved run of any version that is still read, as one of this version: what an older one lacks follows from its calls. */
export const readableRunSchema = z.preprocess(upgraded, tuningResultSchema);

/** A migration that holds a run of an older version. */
export const readableMigrationSchema = z.preprocess(
  (content) =>
    typeof content === 'object' && content !== null && 'run' in content
      ? { ...content, run: upgraded(content.run) }
      : content,
  migrationResultSchema,
);

export const readableRunVersions: readonly number[] = [1, resultSchemaVersion];

/** What does not fit version 1 is handed on as it is, so that what is wrong with it is said. */
function upgraded(content: unknown): unknown {
  if (typeof content !== 'object' || content === null || !('schemaVersion' in content)) return content;
  if (content.schemaVersion !== 1) return content;
  const parsed = resultSchemaV1.safeParse(content);
  if (parsed.success) return decided(parsed.data);
  const answer: TuningResult['answer'] = { kind: 'unanswered', because: 'nothingMeasured' };
  return { ...content, schemaVersion: resultSchemaVersion, answer };
}

/** What a race was not asked for stays unsaid. */
function decided(run: z.infer<typeof resultSchemaV1>): TuningResult {
  const { candidates, judgement } = comparedRun(run);
  const answer = answerOf(run);
  const choices = {
    cheapest: run.cheapest && cheapestOf(candidates, judgement),
    fastest: run.fastest && fastestOf(candidates, judgement),
    balanced: run.balanced && balancedOf(candidates, judgement),
  };
  return { ...run, schemaVersion: resultSchemaVersion, answer, ...choicesBeside(answer, choices) };
}
