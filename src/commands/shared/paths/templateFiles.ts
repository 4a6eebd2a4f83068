import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { TuneError } from '../../../base/errors.ts';
import type { Io } from '../../../base/io.ts';
import type { TemplateReference } from '../../../templates/reference.ts';
import { mayMean } from '../../../templates/template.ts';
import { type GivenForTemplates, type ReadTemplate, readTemplateFile } from './templateFile.ts';

/**
 * The files that a name with stars means, sorted; a name without is its own. No shell does this where `#` and a function follow.
 * @throws TuneError CODE where there are none
 */
export async function templateFiles(file: string, io: Io): Promise<readonly string[]> {
  const pattern = basename(file);
  if (!pattern.includes('*')) return [file];
  const folder = dirname(file);
  const names = await readdir(resolve(io.cwd, folder)).catch((): string[] => []);
  if (names.includes(pattern)) return [file];
  // What CDK synthesises for a stage has a folder of its own in cdk.out.
  const stages = names.filter((name) => name.startsWith('assembly-'));
  const inStages = await Promise.all(
    stages.map((name) => templateFiles(join(folder, name, pattern), io).catch((): string[] => [])),
  );
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const found = names.filter((name) => new RegExp(`^${parts.join('.*')}$`).test(name)).sort();
  const all = [...found.map((name) => join(folder, name)), ...inStages.flat()];
  if (all.length > 0) return all;
  throw new TuneError('CODE', `There is no template ${file}.`, {
    hint: 'Write the templates first: cdk synth   or give one: tune --function template.yaml#OrdersFunction',
  });
}

/** The template that has the function. @throws TuneError USAGE where none of several has it, or more than one */
export async function templateWith(
  { file, fragment }: TemplateReference,
  given: GivenForTemplates,
  io: Io,
): Promise<ReadTemplate> {
  const files = await templateFiles(file, io);
  const templates = await Promise.all(files.map((one) => readTemplateFile(one, given, io)));
  const meant = templates.filter((template) => mayMean(template, fragment));
  const [only, ...others] = templates.length === 1 ? templates : meant;
  if (only !== undefined && others.length === 0) return only;
  const what = fragment === undefined ? 'functions' : `a function "${fragment}"`;
  const listed = (meant.length > 0 ? meant : templates).flatMap(({ name, functions }) =>
    functions
      .filter(({ id, isTools }) => (meant.length > 0 && fragment !== undefined ? id === fragment : !isTools))
      .map(({ id }) => `${name}#${id}`),
  );
  throw new TuneError(
    'USAGE',
    meant.length === 0
      ? `None of the ${templates.length} templates ${file} has ${what}.`
      : `${meant.length} of the templates ${file} have ${what}: say which one.`,
    { hint: listed.length === 0 ? 'They have no functions.' : `They have: ${listed.slice(0, 20).join(', ')}.` },
  );
}
