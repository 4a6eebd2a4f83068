import type { Fixed } from '../definition/definition.ts';
import { lineAt } from '../definition/places.ts';
import { type HclBlock, hclAttributes, hclBlocks } from './hclBlocks.ts';
import { attributeOf, textOf } from './hclValues.ts';
import { type Caller, folderOf, type TerraformFile } from './module.ts';

/** Where the value of an expression comes from: variables and who gives them, locals, loops, other resources. */

type Origin = Pick<Fixed, 'comesFrom' | 'there'>;

/** `rendered`: how the wanted value is written in place of a variable. */
export function originOf(expression: string, own: TerraformFile, rendered: (value: string) => string): Origin {
  const [, kind, name = ''] = /\b(var|local|each|count|module|data|path)\.([\w-]+)/.exec(expression) ?? [];
  switch (kind) {
    case 'each':
    case 'count':
      return { comesFrom: 'the loop of the resource' };
    case 'var':
      return ofVariable(name, expression === `var.${name}` || expression === `[var.${name}]`, own, rendered);
    case 'local':
      return ofLocal(name, expression === `local.${name}`, own, rendered);
    case undefined:
      return {};
    default:
      return { comesFrom: `${kind}.${name}` };
  }
}

function ofVariable(name: string, isWhole: boolean, own: TerraformFile, rendered: (value: string) => string): Origin {
  const declared = filesBeside(own)
    .flatMap((file) => blocksOf(file.text).map((block) => ({ ...file, block })))
    .find(({ block }) => block.type === 'variable' && block.labels[0] === name);
  const variable = `var.${name}${declared === undefined ? '' : `, ${placeIn(own, declared, declared.block.at)}`}`;
  const given = [...valuesFor(name, own), ...own.callers.flatMap((caller) => argumentOf(caller, name))];
  if (given.length > 0) {
    const said = given.map(({ who, expression, place }) => `${who}${place} gives ${expression}`);
    const there = (value: string) =>
      given.map(({ who, place }) => `${name} = ${rendered(value)} in ${who}${place}`).join('; ');
    return { comesFrom: [variable, ...said].join('; '), there: isWhole ? there : undefined };
  }
  const standard = declared && attributeOf(declared.block, 'default');
  if (declared === undefined || standard === undefined) return { comesFrom: variable };
  const there = (value: string) =>
    `default = ${rendered(value)} of var.${name}, ${placeIn(own, declared, standard.at)}`;
  return { comesFrom: variable, there: isWhole ? there : undefined };
}

function ofLocal(name: string, isWhole: boolean, own: TerraformFile, rendered: (value: string) => string): Origin {
  const declared = filesBeside(own)
    .flatMap((file) =>
      blocksOf(file.text)
        .filter(({ type }) => type === 'locals')
        .flatMap((block) => attributeOf(block, name) ?? [])
        .map((attribute) => ({ ...file, attribute })),
    )
    .at(0);
  if (declared === undefined) return { comesFrom: `local.${name}` };
  const place = placeIn(own, declared, declared.attribute.at);
  const there = (value: string) => `${name} = ${rendered(value)} in locals, ${place}`;
  return { comesFrom: `local.${name}, ${place}`, there: isWhole ? there : undefined };
}

interface Given {
  /** Empty, or a module and a comma. */
  readonly who: string;
  readonly expression: string;
  readonly place: string;
}

/** `terraform.tfvars` and what else lies beside it: which of them a plan takes is not known here. */
function valuesFor(name: string, own: TerraformFile): readonly Given[] {
  return filesBeside(own)
    .filter(({ file }) => file.endsWith('.tfvars'))
    .flatMap(({ file, text }) =>
      hclAttributes(text)
        .filter((attribute) => attribute.name === name)
        .map(({ at, start, end }) => ({
          who: '',
          expression: text.slice(start, end),
          place: `${file}:${lineAt(text, at)}`,
        })),
    );
}

function argumentOf({ file, text, block }: Caller, name: string): readonly Given[] {
  const attribute = attributeOf(block, name);
  if (attribute === undefined) return [];
  const expression = text.slice(attribute.start, attribute.end);
  return [{ who: `module.${block.labels[0] ?? ''}, `, expression, place: `${file}:${lineAt(text, attribute.at)}` }];
}

/** What a caller, or the only one of them, gives for a variable, where it is written out. */
export function givenTexts(expression: string, { callers }: TerraformFile): readonly string[] {
  const name = /^var\.([\w-]+)$/.exec(expression)?.[1];
  if (name === undefined) return [];
  return callers.flatMap(({ text, block }) => textOf(text, block, name) ?? []);
}

function filesBeside({ file, source, neighbours }: TerraformFile) {
  const folder = folderOf(file);
  return [{ file, text: source }, ...neighbours.filter((other) => folderOf(other.file) === folder)];
}

function blocksOf(text: string): readonly HclBlock[] {
  return hclBlocks(text) ?? [];
}

function placeIn(own: TerraformFile, { file, text }: { readonly file: string; readonly text: string }, at: number) {
  const line = lineAt(text, at);
  return file === own.file ? `line ${line}` : `${file}:${line}`;
}
