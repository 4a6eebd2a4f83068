import { TuneError } from '../base/errors.ts';
import type { MapTree, Tree as PlacedTree } from './tree/tree.ts';

/**
 * What a template holds: text, lists and maps, with intrinsic functions in their long form (`{ 'Fn::Sub': … }`). Scalars stay as
 * they are written, `012345678901` and `1.0` too: what a number is, is known where one is wanted.
 */
export type TemplateTree = string | readonly TemplateTree[] | TreeMap;
export interface TreeMap {
  readonly [key: string]: TemplateTree;
}

/** CloudFormation's short forms. `!GetAtt a.b` is a list in its long form. */
const intrinsics = [
  'And',
  'Base64',
  'Cidr',
  'Equals',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
];

/** As many values as a document may come to with all that its aliases stand for. */
const mostValues = 1_000_000;

/** Reads YAML and JSON. @throws TuneError CONFIG for what is neither, with its line */
export async function readTemplateTree(text: string, name: string): Promise<TreeMap> {
  const { readTree } = await import('./tree/readTree.ts');
  const read = readTree(text.replace(/^\ufeff/, ''), name);
  if ('reason' in read) {
    throw new TuneError('CONFIG', `${name} cannot be read: ${read.reason}.`, {
      hint: 'It must be a template in YAML or JSON (SAM, CloudFormation, a CDK output or serverless.yml).',
    });
  }
  const plain = plainTree(read.root);
  if (plain === undefined) throw new TuneError('CONFIG', `${name} cannot be read: its aliases cannot be followed.`);
  if (isMap(plain)) return plain;
  throw new TuneError('CONFIG', `${name} is no template: it holds ${isList(plain) ? 'a list' : 'no map'}.`, {
    hint: 'Give a template of SAM, CloudFormation or CDK, or a serverless.yml.',
  });
}

class EndlessAliases extends Error {}

/** Undefined: aliases that stand for themselves, or for far more than is written. */
function plainTree(root: PlacedTree): TemplateTree | undefined {
  /** What each anchor stands for, by now: a name may be given again. */
  const anchors = new Map<string, PlacedTree>();
  const open = new Set<PlacedTree>();
  let values = 0;
  const plain = (tree: PlacedTree | undefined): TemplateTree => {
    values += 1;
    if (values > mostValues) throw new EndlessAliases();
    if (tree === undefined) return '';
    if (tree.kind === 'alias') {
      const target = anchors.get(tree.name);
      if (target === undefined || open.has(target)) throw new EndlessAliases();
      return plain(target);
    }
    if (tree.anchor !== undefined) anchors.set(tree.anchor, tree);
    open.add(tree);
    const inner = tree.kind === 'scalar' ? tree.written : tree.kind === 'list' ? tree.items.map(plain) : mapOf(tree);
    open.delete(tree);
    return longForm(tree.tag, inner);
  };
  /** What `<<` takes over is below what the map itself says. */
  const mapOf = (tree: MapTree): TreeMap => {
    const own: [string, TemplateTree][] = [];
    const taken: [string, TemplateTree][] = [];
    for (const { key, value } of tree.pairs) {
      const read = plain(value);
      if (key !== '<<') own.push([key, read]);
      // Of several, the first one holds.
      else for (const from of [read].flat().toReversed()) if (isMap(from)) taken.push(...Object.entries(from));
    }
    return Object.fromEntries([...taken, ...own]);
  };
  try {
    return plain(root);
  } catch (error) {
    if (error instanceof EndlessAliases || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `!Sub …` is `{ 'Fn::Sub': … }`. Other tags say nothing that the value does not. */
function longForm(tag: string | undefined, value: TemplateTree): TemplateTree {
  const short = tag?.slice(1) ?? '';
  if (short === 'Ref' || short === 'Condition') return { [short]: value };
  if (!intrinsics.includes(short)) return value;
  return { [`Fn::${short}`]: short === 'GetAtt' && typeof value === 'string' ? attribute(value) : value };
}

function attribute(written: string): readonly string[] {
  const dot = written.indexOf('.');
  return dot < 0 ? [written] : [written.slice(0, dot), written.slice(dot + 1)];
}

export function isMap(tree: TemplateTree | undefined): tree is TreeMap {
  return typeof tree === 'object' && !Array.isArray(tree);
}

export function isList(tree: TemplateTree | undefined): tree is readonly TemplateTree[] {
  return Array.isArray(tree);
}

/** The map at a key; an empty one where there is none. */
export function mapAt(tree: TreeMap, key: string): TreeMap {
  const found = own(tree, key);
  return isMap(found) ? found : {};
}

export function own(tree: TreeMap, key: string): TemplateTree | undefined {
  return Object.hasOwn(tree, key) ? tree[key] : undefined;
}
