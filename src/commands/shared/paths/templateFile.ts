import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { TuneError } from '../../../base/errors.ts';
import type { Io } from '../../../base/io.ts';
import { localRegion } from '../../../options/rows/tools.ts';
import type { Assets } from '../../../templates/cloudFormation.ts';
import { readTemplate, type Template } from '../../../templates/template.ts';
import { jsonOf } from '../../../text/jsonOf.ts';

export interface ReadTemplate extends Template {
  /** Absolute. */
  readonly path: string;
  /** Where the paths in it start. */
  readonly folder: string;
}

export interface GivenForTemplates {
  readonly parameter: Readonly<Record<string, string>>;
  readonly region?: string | undefined;
}

/** As the embedded endpoint says it is. */
const localAccountId = '000000000000';

/** @throws TuneError CODE for a file that is not there, CONFIG for one that is no template */
export async function readTemplateFile(file: string, given: GivenForTemplates, io: Io): Promise<ReadTemplate> {
  const path = resolve(io.cwd, file);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new TuneError('CODE', `The template ${file} cannot be read.`, {
      hint: 'Give a template and a function in it: tune --function template.yaml#OrdersFunction',
      cause: error,
    });
  });
  const template = await readTemplate(text, file, {
    parameters: given.parameter,
    env: io.env,
    region: given.region ?? localRegion.region.default,
    accountId: localAccountId,
    assets: await assetsBeside(path),
  });
  return { ...template, path, folder: dirname(path) };
}

const manifest = z.object({
  files: z.record(z.string(), z.object({ source: z.object({ path: z.string().optional() }) })),
});

/** CDK writes beside a template what its assets are. */
async function assetsBeside(path: string): Promise<Assets> {
  const beside = path.replace(/\.template\.json$/, '.assets.json');
  if (beside === path) return {};
  const text = await readFile(beside, 'utf8').catch(() => '{}');
  const read = manifest.safeParse(jsonOf(text));
  if (!read.success) return {};
  return Object.fromEntries(
    Object.entries(read.data.files).flatMap(([hash, { source }]) =>
      source.path === undefined ? [] : [[hash, source.path]],
    ),
  );
}
