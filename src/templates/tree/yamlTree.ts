import { isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments, visit } from 'yaml';
import type { Pair, ReadTree, Tree } from './tree.ts';

/** Tags of CloudFormation need no resolving here: what has one is an expression. */
export function yamlTree(text: string): ReadTree {
  const documents = parseAllDocuments(text, { merge: false, logLevel: 'silent', uniqueKeys: true });
  if (!Array.isArray(documents) || documents.length === 0) return { reason: 'it is empty' };
  const [document] = documents;
  if (document === undefined || documents.length > 1) return { reason: 'it holds more than one document' };
  const [problem] = document.errors;
  if (problem !== undefined) return { reason: problem.message.split('\n')[0]?.replace(/:$/, '') ?? 'it is not YAML' };
  const root = document.contents;
  if (root === null) return { reason: 'it is empty' };
  const aliased = new Set<string>();
  visit(document, { Alias: (_, { source }) => void aliased.add(source) });
  return { syntax: 'yaml', text, root: treeOf(root), aliased };
}

function treeOf(node: Node): Tree {
  const [start, end] = node.range ?? [0, 0];
  if (isAlias(node)) return { kind: 'alias', name: node.source, start, end };
  const placed = {
    start,
    end,
    tag: ownTag(node.tag),
    anchor: isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined,
  };
  if (isMap(node)) {
    const pairs = node.items.map(({ key, value }): Pair => {
      const name = key as Node | null;
      const [keyStart, keyEnd] = name?.range ?? [start, start];
      const text = isScalar(name) ? String(name.value) : '';
      return { key: text, keyStart, keyEnd, value: value === null ? undefined : treeOf(value as Node) };
    });
    return { kind: 'map', ...placed, isFlow: node.flow === true, pairs };
  }
  if (isSeq(node)) {
    return { kind: 'list', ...placed, items: node.items.map((item) => treeOf(item as Node)) };
  }
  if (!isScalar(node)) throw new Error('a node of YAML is a scalar, a map, a list or an alias');
  const { value, type, source } = node;
  const isPlain =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null;
  return {
    kind: 'scalar',
    ...placed,
    value: isPlain ? value : String(value),
    written: source ?? String(value),
    quote: quoteOf(type),
  };
}

/** Tags of YAML itself say nothing that the value does not. */
function ownTag(tag: string | undefined): string | undefined {
  return tag === undefined || tag.startsWith('tag:yaml.org,2002:') ? undefined : tag;
}

function quoteOf(type: string | undefined): 'none' | '"' | "'" | 'block' {
  if (type === 'QUOTE_DOUBLE') return '"';
  if (type === 'QUOTE_SINGLE') return "'";
  return type === 'PLAIN' || type === undefined ? 'none' : 'block';
}
