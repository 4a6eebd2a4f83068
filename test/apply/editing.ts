import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import typescript from 'typescript';
import type { Neighbour, Property } from '../../src/apply/definition/definition.ts';
import { unifiedDiff } from '../../src/apply/diff.ts';
import { type Edits, editsFor, faultOf, spliced } from '../../src/apply/edit.ts';
import { readSource } from '../../src/apply/readFile.ts';

export type Values = Readonly<Partial<Record<Property, string>>>;

export interface Edited {
  /** Lines of the diff that begin with + or -, without their line ends. */
  readonly lines: readonly string[];
  readonly refusals: readonly string[];
  readonly besides: readonly string[];
  readonly notes: readonly string[];
  readonly present: readonly string[];
  readonly before: string;
  readonly after: string;
}

export function fixture(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../fixtures/apply/${name}`, import.meta.url)), 'utf8');
}

/** As `tune apply` edits one function of a text, with the check that comes before writing. */
export async function edited(
  file: string,
  text: string,
  select: string,
  values: Values,
  { globals = false, neighbours = [] }: { readonly globals?: boolean; readonly neighbours?: readonly Neighbour[] } = {},
): Promise<Edited> {
  const bom = text.startsWith('\ufeff') ? '\ufeff' : '';
  const before = text.slice(bom.length);
  const source = readSource({ file, text: before, neighbours }, typescript);
  if (source === undefined || 'reason' in source) throw new Error(`${file}: ${source?.reason ?? 'no function'}`);
  const [definition, ...more] = source.definitions.filter((one) => one.select === select);
  if (definition === undefined || more.length > 0) throw new Error(`${file}: ${more.length} more ${select}`);
  const changes = Object.entries(values).map(([property, value]) => ({ property: property as Property, value }));
  const { edits, refusals, besides, present } = editsFor(before, definition, changes, { globals });
  const splices = edits.map(({ splice }) => splice);
  const after = spliced(before, splices);
  const fault = edits.length === 0 ? undefined : await faultOf(source, before, after, splices);
  if (fault !== undefined) throw new Error(fault);
  return {
    lines: unifiedDiff(file, bom + before, bom + after)
      .split('\n')
      .filter((line) => /^[-+](?![-+]{2} )/.test(line))
      .map((line) => line.replace(/\r$/, '')),
    refusals: refusals.map(lineOf),
    besides: besides.map(lineOf),
    notes: edits.flatMap(({ notes }) => notes),
    present: present.map(({ property }) => property),
    before: text,
    after: bom + after,
  };
}

function lineOf({ line, expression, because, comesFrom, write }: Edits['refusals'][number]): string {
  return [`${line}`, expression, because, ...(comesFrom === undefined ? [] : [comesFrom]), `write ${write}`].join(
    ' | ',
  );
}
