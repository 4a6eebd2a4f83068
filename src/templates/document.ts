import type { Range, Tags } from 'yaml';
import { TuneError } from '../base/errors.ts';

/**
 * What a template holds: text, lists and maps, with intrinsic functions in their long form (`{ 'Fn::Sub': … }`). Scalars stay as
 * they are written, `012345678901` and `1.0` too: what a number is, is known where one is wanted.
 */
export type Tree = string | readonly Tree[] | TreeMap;
export interface TreeMap {
  readonly [key: string]: Tree;
}

export type DocumentPath = readonly (string | number)[];

export interface TemplateDocument {
  readonly tree: TreeMap;
  /** Where the node at a path is written: offsets of its first character and of the one behind it. */
  rangeAt(path: DocumentPath): { readonly start: number; readonly end: number } | undefined;
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

/** Reads YAML, and JSON with it. @throws TuneError CONFIG for what is neither, with its line */
export async function readDocument(text: string, name: string): Promise<TemplateDocument> {
  const { isMap, isScalar, LineCounter, Pair, parseDocument, Scalar, YAMLMap } = await import('yaml');
  const tags: Tags = ['Ref', 'Condition', ...intrinsics].flatMap((short) => {
    const long = short === 'Ref' || short === 'Condition' ? short : `Fn::${short}`;
    const named = (value: unknown) => {
      const map = new YAMLMap();
      map.items.push(new Pair(new Scalar(long), value));
      return map;
    };
    return [
      {
        tag: `!${short}`,
        resolve: (written: string) => ({ [long]: short === 'GetAtt' ? attribute(written) : written }),
      },
      { tag: `!${short}`, collection: 'seq' as const, resolve: named },
      { tag: `!${short}`, collection: 'map' as const, resolve: named },
    ];
  });
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', merge: true, customTags: tags, lineCounter });
  const [error] = document.errors;
  if (error !== undefined) {
    const [what = ''] = error.message.split('\n');
    throw new TuneError('CONFIG', `${name} cannot be read: ${what.replace(/:?$/, '.')}`, {
      hint: 'It must be a template in YAML or JSON (SAM, CloudFormation, a CDK output or serverless.yml).',
    });
  }
  const tree = asTree(treeOf(), name);
  return {
    tree,
    rangeAt(path) {
      const node: unknown = document.getIn(path, true);
      const range: Range | null | undefined = isScalar(node) || isMap(node) ? node.range : undefined;
      return range ? { start: range[0], end: range[1] } : undefined;
    },
  };

  function treeOf(): unknown {
    try {
      return document.toJS();
    } catch (error) {
      // Aliases that stand for far more than is written.
      throw new TuneError('CONFIG', `${name} cannot be read: its aliases cannot be followed.`, { cause: error });
    }
  }
}

function attribute(written: string): readonly string[] {
  const dot = written.indexOf('.');
  return dot < 0 ? [written] : [written.slice(0, dot), written.slice(dot + 1)];
}

function asTree(read: unknown, name: string): TreeMap {
  if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as TreeMap;
  throw new TuneError('CONFIG', `${name} is no template: it holds ${Array.isArray(read) ? 'a list' : 'no map'}.`, {
    hint: 'Give a template of SAM, CloudFormation or CDK, or a serverless.yml.',
  });
}

export function isMap(tree: Tree | undefined): tree is TreeMap {
  return typeof tree === 'object' && !Array.isArray(tree);
}

export function isList(tree: Tree | undefined): tree is readonly Tree[] {
  return Array.isArray(tree);
}

/** The map at a key; an empty one where there is none. */
export function mapAt(tree: TreeMap, key: string): TreeMap {
  const found = own(tree, key);
  return isMap(found) ? found : {};
}

export function own(tree: TreeMap, key: string): Tree | undefined {
  return Object.hasOwn(tree, key) ? tree[key] : undefined;
}
