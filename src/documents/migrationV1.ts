import { z } from 'zod';
import { documentOf } from '../migrate/document.ts';
import { judgeMigration } from '../migrate/judgeMigration.ts';
import { migrationResultSchema } from '../model/migration.ts';
import { readableRunSchema } from './savedVersions.ts';

/** What is taken from a document of version 1; the figures it had of several sizes are worked out anew from its run. */
export const migrationV1Schema = migrationResultSchema
  .omit({ schemaVersion: true, verdict: true, comparison: true, projection: true, run: true })
  .extend({
    schemaVersion: z.literal(1),
    comparison: z
      .looseObject({ savings: z.looseObject({ requestsPerMonth: z.number().min(0).max(1e15) }).optional() })
      .optional(),
    best: z
      .looseObject({ memoryMb: z.looseObject({ x86_64: z.int().positive(), arm64: z.int().positive() }) })
      .optional(),
    projection: z.looseObject({}).optional(),
    run: readableRunSchema.optional(),
  });

/** Judged as it would be today; what comes of it is not held to the schema yet. Steps are kept only where they are for what the verdict says. */
export function upgradeMigration(old: z.infer<typeof migrationV1Schema>): unknown {
  const { schemaVersion: _version, comparison, best, projection: _projection, required, steps, ...kept } = old;
  const { current, preflight } = kept;
  const judgement = judgeMigration({
    ...kept,
    require: required?.require,
    maxSlowdown: required?.maxSlowdown,
    requestsPerMonth: comparison?.savings === undefined ? undefined : comparison.savings.requestsPerMonth,
  });
  const { verdict } = judgement;
  const keepsSteps =
    verdict.kind === 'move' &&
    verdict.configuration.memoryMb === (best?.memoryMb[preflight.wanted] ?? current.memoryMb);
  return documentOf({ ...kept, ...judgement, steps: keepsSteps ? steps : [] });
}
