import {
  leafText,
  type MapTree,
  type Pair,
  pairOf,
  pathText,
  type ScalarTree,
  type Tree,
  type TreeDocument,
  writtenOf,
} from '../../templates/tree/tree.ts';
import type { Fixed, Property, Setting, Splice } from '../definition/definition.ts';
import { lineAt } from '../definition/places.ts';
import { addPair, type Plain } from './addPair.ts';

/** How a tool writes one property in a map. */
export interface Spelling {
  /** Keys down to the value: `SnapStart`, `ApplyOn`. */
  readonly keys: readonly [string, ...string[]];
  /** The value is the one item of a list. */
  readonly inList?: true;
  /** What the API calls the value that is written. */
  read(written: string | number | boolean): string | undefined;
  write(value: string): string | number | boolean;
  /** All that is put in where nothing is there. */
  whole(value: string): Plain;
  readonly otherwise?: string;
}

/** The map that holds a function's properties, and how to get there. */
export interface Owner {
  readonly document: TreeDocument;
  readonly map: MapTree;
  readonly path: readonly (string | number)[];
  /** Of the function: for what is not there. */
  readonly at: number;
  /** An anchor on the way down that something else takes over: an edit here would be one there. */
  readonly sharedAnchor?: string | undefined;
}

/** Expressions that a tool knows, and what can be done about them. Undefined: it is none. */
export type ReadExpression = (
  value: Tree,
  place: { readonly pair: Pair; readonly owner: Owner; readonly spelling: Spelling },
) => Setting | undefined;

export function settingIn(owner: Owner, spelling: Spelling, readExpression: ReadExpression): Setting {
  return settingBelow(owner, spelling, spelling.keys, readExpression);
}

function settingBelow(
  owner: Owner,
  spelling: Spelling,
  keys: readonly string[],
  readExpression: ReadExpression,
): Setting {
  const { document, map, path } = owner;
  const [key = '', ...deeper] = keys;
  const pair = pairOf(map, key);
  const pathHere = [...path, key];
  if (pair === undefined) return absentIn(owner, spelling, keys);
  const place = { pair, owner, spelling };
  const value = pair.value;
  if (value === undefined) return fixed(place, 'nothing is written behind it');
  const shared = owner.sharedAnchor ?? sharedAnchorOf(value, document);
  if (shared !== undefined) {
    return fixed(
      place,
      `it stands under the anchor &${shared}, which other places of the file take over`,
      anchorPlace(value, document),
    );
  }
  if (value.kind === 'alias') {
    return fixed(place, `it is taken over from the anchor &${value.name}`, anchorPlace(value, document));
  }
  const expression = readExpression(value, place);
  if (expression !== undefined) return expression;
  if (value.tag !== undefined) return fixed(place, 'it is an expression');
  if (deeper.length > 0) {
    if (value.kind !== 'map') return fixed(place, 'it is not written as this tool writes it');
    return settingBelow({ ...owner, map: value, path: pathHere }, spelling, deeper, readExpression);
  }
  if (spelling.inList) {
    const [only, ...more] = value.kind === 'list' ? value.items : [];
    if (only === undefined || more.length > 0) return fixed(place, 'it is not a list of one value');
    const inside = only.kind === 'alias' || only.tag !== undefined ? fixed(place, 'it is an expression') : undefined;
    const known = only.kind === 'alias' ? undefined : readExpression(only, place);
    if (known !== undefined || inside !== undefined) return known ?? inside ?? fixed(place, 'it is an expression');
    return only.kind === 'scalar' ? literal(place, only, [...pathHere, 0]) : fixed(place, 'it is an expression');
  }
  return value.kind === 'scalar' ? literal(place, value, pathHere) : fixed(place, 'it is an expression');
}

type Place = Parameters<ReadExpression>[1];

export function fixed({ pair, owner }: Pick<Place, 'pair' | 'owner'>, because: string, comesFrom?: string): Fixed {
  return { kind: 'fixed', at: pair.keyStart, expression: writtenOf(owner.document, pair), because, comesFrom };
}

function literal(place: Place, scalar: ScalarTree, path: readonly (string | number)[]): Setting {
  const { spelling } = place;
  const read = scalar.value === null ? undefined : spelling.read(scalar.value);
  if (read === undefined || scalar.quote === 'block') return fixed(place, 'it is not a value that Lambda knows for it');
  return {
    kind: 'literal',
    value: read,
    at: scalar.start,
    splice: (value) => replaced(scalar, spelling.write(value), path),
  };
}

/** The quotes stay as they are, and so does what is quoted: text. */
export function replaced(
  scalar: ScalarTree,
  written: string | number | boolean,
  path: readonly (string | number)[],
): Splice {
  const isText = typeof scalar.value === 'string';
  const inner = scalar.quote === 'none' ? 0 : 1;
  return {
    start: scalar.start + inner,
    end: scalar.end - inner,
    text: String(written),
    expects: [
      {
        path: pathText(path),
        leaf: leafText(isText ? String(written) : written, scalar.anchor === undefined ? '' : `&${scalar.anchor}`),
      },
    ],
  };
}

function absentIn(owner: Owner, spelling: Spelling, keys: readonly string[]): Setting {
  const { document, map, path, at, sharedAnchor } = owner;
  const merged = pairOf(map, '<<');
  if (merged !== undefined) {
    return fixed(
      { pair: merged, owner },
      'the function takes its properties over from an anchor',
      merged.value && anchorPlace(merged.value, document),
    );
  }
  if (sharedAnchor !== undefined) {
    return {
      kind: 'fixed',
      at,
      expression: '',
      because: `the function stands under the anchor &${sharedAnchor}, which other places of the file take over`,
    };
  }
  const add = (value: string) => {
    let inner: Plain[string] = spelling.whole(value);
    // What is there already is not put in again.
    const skipped = spelling.keys.slice(0, spelling.keys.length - keys.length);
    for (const key of skipped) inner = (inner as Plain)[key] ?? {};
    const missing = Object.fromEntries(
      Object.entries(inner as Plain).filter(([key]) => pairOf(map, key) === undefined),
    );
    return addPair(document, map, path, missing);
  };
  return { kind: 'absent', at, otherwise: spelling.otherwise, splice: add };
}

/** The anchor of a value or of something in it that others take over. */
export function sharedAnchorOf(tree: Tree, { aliased }: TreeDocument): string | undefined {
  return tree.anchor !== undefined && aliased.has(tree.anchor) ? tree.anchor : undefined;
}

function anchorPlace(value: Tree, document: TreeDocument): string | undefined {
  const name = value.kind === 'alias' ? value.name : value.anchor;
  if (name === undefined) return undefined;
  const found = document.text.search(new RegExp(`&${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![^\\s,\\]}])`));
  return found < 0 ? undefined : `line ${lineAt(document.text, found)}`;
}

export type Spellings = Readonly<Partial<Record<Property, Spelling>>>;
