import type { Fixed, Neighbour } from '../definition/definition.ts';
import { lineAt } from '../definition/places.ts';
import { type HclBlock, hclBlocks } from './hclBlocks.ts';
import { textOf } from './hclValues.ts';
import { loopOf } from './loop.ts';

/** A file of Terraform with what says what its variables are: files beside it, and blocks elsewhere that call its folder as a module. */
export interface TerraformFile {
  readonly file: string;
  readonly source: string;
  readonly neighbours: readonly Neighbour[];
  readonly callers: readonly Caller[];
}

export interface Caller extends Neighbour {
  readonly block: HclBlock;
}

export function terraformFile(file: string, source: string, neighbours: readonly Neighbour[]): TerraformFile {
  const callers = neighbours
    .filter((other) => folderOf(other.file) !== folderOf(file) && other.text.includes('module'))
    .flatMap((other) =>
      (hclBlocks(other.text) ?? [])
        .filter((block) => block.type === 'module' && calledFolder(other, block) === folderOf(file))
        .map((block) => ({ ...other, block })),
    );
  return { file, source, neighbours, callers };
}

export function folderOf(file: string): string {
  return file.split('/').slice(0, -1).join('/');
}

/** Of a source that is a path; another one leads out of the repository. */
function calledFolder({ file, text }: Neighbour, block: HclBlock): string | undefined {
  const from = textOf(text, block, 'source');
  if (from === undefined || !/^\.\.?(?:\/|$)/.test(from)) return undefined;
  const parts = folderOf(file).split('/');
  for (const part of from.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.filter((part) => part !== '').join('/');
}

/** What is written once and called several times makes several functions. */
export function loopOfCallers({ callers }: TerraformFile, at: number): Fixed | undefined {
  const [only, ...more] = callers;
  if (only === undefined) return undefined;
  const loop = loopOf(only.text, only.block);
  if (more.length === 0 && loop === undefined) return undefined;
  const named = callers.map(({ file, text, block }) => `module.${block.labels[0]} (${file}:${lineAt(text, block.at)})`);
  const because = 'it is a module that is called for several functions';
  return { kind: 'fixed', at, expression: loop?.expression ?? '', because, comesFrom: named.join(', ') };
}
