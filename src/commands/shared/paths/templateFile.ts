import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { TuneError } from '../../../base/errors.ts';
import type { Io } from '../../../base/io.ts';
import { localRegion } from '../../../options/rows/tools.ts';
import type { Assets } from '../../../templates/cloudFormation.ts';
import { readTemplateTree, type TemplateTree } from '../../../templates/document.ts';
import { readTemplate, type Template } from '../../../templates/template.ts';
import { jsonOf } from '../../../text/jsonOf.ts';

export interface ReadTemplate extends Template {
  /** Absolute. */
  readonly path: string;
  /** Where the paths in it start. */
  readonly folder: string;
  /** Absolute: other files that it takes something from, there or not. */
  readonly alsoRead: readonly string[];
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
  const folder = dirname(path);
  const context = {
    parameters: given.parameter,
    env: io.env,
    region: given.region ?? localRegion.region.default,
    accountId: localAccountId,
    assets: await assetsBeside(path),
  };
  const files: Record<string, TemplateTree | undefined> = {};
  // What a file says may be the name of the next one.
  for (let round = 0; ; round += 1) {
    const template = await readTemplate(text, file, { ...context, files });
    const wanted = round < mostRounds ? template.wantedFiles : [];
    for (const name of wanted) files[name] = await treeOf(resolve(folder, name), name);
    if (wanted.length > 0) continue;
    return { ...template, path, folder, alsoRead: Object.keys(files).map((name) => resolve(folder, name)) };
  }
}

/** Files that name files. */
const mostRounds = 10;

async function treeOf(path: string, name: string): Promise<TemplateTree | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : readTemplateTree(text, name);
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
