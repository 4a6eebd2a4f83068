import { z } from 'zod';
import { TuneError } from '../base/errors.ts';
import { logLevels, variantName } from '../model/variant.ts';
import { type AskedChange, checkVariable, type VariedDimension } from './variation.ts';

const overlay = z.strictObject({
  name: z
    .string()
    .max(60)
    .refine((name) => name === variantName(name), 'must be made of letters, digits, spaces and . _ : = + / , ( ) # @ -')
    .describe('Shown in every row; `current` is the function as it is'),
  runtime: z.string().min(1).optional(),
  snapStart: z.enum(['on', 'off']).optional(),
  layers: z.array(z.string().startsWith('arn:')).max(5).optional().describe("In place of the function's own"),
  environment: z.record(z.string(), z.string()).optional().describe('Laid over what the function has'),
  code: z.string().min(1).optional().describe('A folder, zip or s3://bucket/key'),
  logLevel: z.enum(logLevels).optional(),
});

/** What `--variants` reads. */
export const variantsFileSchema = z.strictObject({
  $schema: z.string().optional(),
  variants: z.array(overlay).min(1).describe('Each is measured beside the function as it is'),
});

/** @throws TuneError USAGE, without the values of variables */
export function parseVariantsFile(text: string, file: string): VariedDimension {
  const parsed = variantsFileSchema.safeParse(jsonOf(text, file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.map(String).join('.') ?? '';
    throw new TuneError('USAGE', `${file}: ${where} ${issue?.message ?? 'is not valid'}.`, {
      hint: 'schemas/variants.schema.json describes it: {"variants": [{"name": "node 24", "runtime": "nodejs24.x"}]}',
    });
  }
  const { variants } = parsed.data;
  const names = variants.map(({ name }) => name);
  const twice = names.find((name, index) => name === 'current' || names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new TuneError('USAGE', `${file}: the name "${twice}" is taken.`, {
      hint: 'Every variant needs a name of its own; "current" is the function as it is.',
    });
  }
  for (const { name, environment = {} } of variants) {
    for (const variable of Object.keys(environment)) checkVariable(variable, `${file}: "${name}"`);
  }
  return variants.map(({ name, runtime, snapStart, layers, environment = {}, code, logLevel }) => ({
    name,
    changes: [
      runtime === undefined ? [] : [{ kind: 'runtime', runtime } satisfies AskedChange],
      snapStart === undefined ? [] : [{ kind: 'snapStart', snapStart } satisfies AskedChange],
      layers === undefined ? [] : [{ kind: 'layers', layers } satisfies AskedChange],
      Object.entries(environment).map(([name, value]) => ({ kind: 'environment', name, value }) satisfies AskedChange),
      code === undefined ? [] : [{ kind: 'code', path: code } satisfies AskedChange],
      logLevel === undefined ? [] : [{ kind: 'logLevel', logLevel } satisfies AskedChange],
    ].flat(),
  }));
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TuneError('USAGE', `${file} is not JSON.`, { cause: error });
  }
}
