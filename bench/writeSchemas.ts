import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { applicationSchema } from '../src/model/application.ts';
import { checkResultSchema } from '../src/model/check.ts';
import { fleetSchema } from '../src/model/fleet/fleet.ts';
import { fleetApplicationSchema } from '../src/model/fleet/fleetApplication.ts';
import { portfolioSchema } from '../src/model/fleet/portfolio.ts';
import { verificationSchema } from '../src/model/fleet/verification.ts';
import { migrationResultSchema } from '../src/model/migration.ts';
import { observationSchema } from '../src/model/production/observation.ts';
import { tuningResultSchema } from '../src/model/run.ts';
import { writtenAs } from '../src/options/rows/written.ts';
import { configSchema } from '../src/options/schema.ts';
import { variantsFileSchema } from '../src/plan/variantsFile.ts';

/** `npm run schemas`: the published JSON Schemas, made from the zod schemas that the program itself validates with. */

/** File name in schemas/ → its text. */
export function publishedSchemas(): Readonly<Record<string, string>> {
  return {
    'result.schema.json': schemaText('The saved run of lambda-tune', z.toJSONSchema(tuningResultSchema)),
    'check.schema.json': schemaText('What tune check of lambda-tune found', z.toJSONSchema(checkResultSchema)),
    'migration.schema.json': schemaText(
      'What tune migrate of lambda-tune found',
      z.toJSONSchema(migrationResultSchema),
    ),
    'application.schema.json': schemaText('What tune apply of lambda-tune found', z.toJSONSchema(applicationSchema)),
    'observation.schema.json': schemaText('What tune observe of lambda-tune read', z.toJSONSchema(observationSchema)),
    'fleet.schema.json': schemaText('What tune fleet rank of lambda-tune found', z.toJSONSchema(fleetSchema)),
    'portfolio.schema.json': schemaText('What tune fleet merge of lambda-tune found', z.toJSONSchema(portfolioSchema)),
    'fleetApplication.schema.json': schemaText(
      'What tune fleet apply of lambda-tune found',
      z.toJSONSchema(fleetApplicationSchema),
    ),
    'fleetVerification.schema.json': schemaText(
      'What tune fleet verify of lambda-tune found',
      z.toJSONSchema(verificationSchema),
    ),
    'variants.schema.json': schemaText('The variants of tune --variants', z.toJSONSchema(variantsFileSchema)),
    // What people write, before defaults and conversions.
    'config.schema.json': schemaText(
      'tune.config.json of lambda-tune',
      z.toJSONSchema(configSchema, { io: 'input', override: asWritten }),
    ),
  };
}

/** In place of what comes out of a conversion; the description stays. */
function asWritten({
  zodSchema,
  jsonSchema,
}: {
  readonly zodSchema: z.core.$ZodTypes;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  const written = writtenAs.get(zodSchema);
  if (written === undefined) return;
  const { description } = jsonSchema;
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
  Object.assign(jsonSchema, description === undefined ? {} : { description }, structuredClone(written));
}

function schemaText(title: string, { $schema, ...schema }: z.core.JSONSchema.BaseSchema): string {
  return `${JSON.stringify({ $schema, title, ...schema }, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of Object.entries(publishedSchemas())) {
    await writeFile(new URL(`../schemas/${name}`, import.meta.url), text);
  }
}
