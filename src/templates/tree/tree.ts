/** What a YAML and a JSON document have in common: values with the places where they stand. Places are offsets into the text. */

interface Placed {
  readonly start: number;
  readonly end: number;
  /** `!Ref`, `!If`, …: what makes an expression of it. */
  readonly tag?: string | undefined;
  readonly anchor?: string | undefined;
}

export interface ScalarTree extends Placed {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** The value as the text has it, without its quotes: `012345678901`, `1.0`. */
  readonly written: string;
  readonly quote: 'none' | '"' | "'" | 'block';
}

export interface MapTree extends Placed {
  readonly kind: 'map';
  /** In braces: on one line, as a rule. */
  readonly isFlow: boolean;
  readonly pairs: readonly Pair[];
}

interface ListTree extends Placed {
  readonly kind: 'list';
  readonly items: readonly Tree[];
}

interface AliasTree extends Placed {
  readonly kind: 'alias';
  readonly name: string;
}

export type Tree = ScalarTree | MapTree | ListTree | AliasTree;

export interface Pair {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  /** Absent: a key with nothing behind it. */
  readonly value?: Tree | undefined;
}

export interface TreeDocument {
  readonly syntax: 'yaml' | 'json';
  readonly text: string;
  readonly root: Tree;
  /** Anchors that something else in the document names. */
  readonly aliased: ReadonlySet<string>;
}

/** `reason`: why the text cannot be read as what it looks like. */
export type ReadTree = TreeDocument | { readonly reason: string };

/** A document's values by their paths. What an edit may change is checked on these. */
export type Leaves = ReadonlyMap<string, string>;

export function pairOf(tree: Tree | undefined, key: string): Pair | undefined {
  return tree?.kind === 'map' ? tree.pairs.find((pair) => pair.key === key) : undefined;
}

export function mapOf(tree: Tree | undefined, key: string): MapTree | undefined {
  const value = pairOf(tree, key)?.value;
  return value?.kind === 'map' ? value : undefined;
}

/** Of a value that is written out. */
export function textOf(tree: Tree | undefined): string | undefined {
  return tree?.kind === 'scalar' && tree.tag === undefined && typeof tree.value === 'string' ? tree.value : undefined;
}

/** As it is written, with its tag and anchor. */
export function writtenOf({ text }: TreeDocument, pair: Pair): string {
  const end = pair.value?.end ?? pair.keyEnd;
  return text
    .slice(pair.keyEnd, end)
    .replace(/^["']?\s*:\s*/, '')
    .trimEnd();
}

/** The parts of a path are joined so that no key can be taken for another's path. */
export function pathText(parts: readonly (string | number)[]): string {
  return JSON.stringify(parts);
}

export function leavesOfTree(document: TreeDocument): Leaves {
  const leaves = new Map<string, string>();
  const visit = (tree: Tree | undefined, path: readonly (string | number)[]): void => {
    const marks = `${tree?.tag ?? ''}${tree?.anchor === undefined ? '' : `&${tree.anchor}`}`;
    switch (tree?.kind) {
      case undefined:
        leaves.set(pathText(path), 'nothing');
        return;
      case 'scalar':
        leaves.set(pathText(path), leafText(tree.value, marks));
        return;
      case 'alias':
        leaves.set(pathText(path), `*${tree.name}`);
        return;
      case 'map':
        if (marks !== '' || tree.pairs.length === 0) leaves.set(pathText([...path, '']), `{} ${marks}`);
        for (const { key, value } of tree.pairs) visit(value, [...path, key]);
        return;
      case 'list':
        if (marks !== '' || tree.items.length === 0) leaves.set(pathText([...path, '']), `[] ${marks}`);
        tree.items.forEach((item, index) => {
          visit(item, [...path, index]);
        });
    }
  };
  visit(document.root, []);
  return leaves;
}

/** The number 512 and the text "512" are not the same. */
export function leafText(value: ScalarTree['value'], marks = ''): string {
  return `${marks === '' ? '' : `${marks} `}${JSON.stringify(value)}`;
}
