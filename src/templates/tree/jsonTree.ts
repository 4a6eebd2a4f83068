import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Pair, ReadTree, Tree } from './tree.ts';

export function jsonTree(text: string): ReadTree {
  const problems: ParseError[] = [];
  const root = parseTree(text, problems, { allowTrailingComma: false, disallowComments: true });
  const [problem] = problems;
  if (problem !== undefined) return { reason: `${printParseErrorCode(problem.error)} at offset ${problem.offset}` };
  if (root === undefined) return { reason: 'it is empty' };
  const twice = keyGivenTwice(root);
  if (twice !== undefined) return { reason: `the key "${twice}" stands twice in one object` };
  return { syntax: 'json', text, root: treeOf(root, text), aliased: new Set() };
}

function treeOf(node: Node, text: string): Tree {
  const placed = { start: node.offset, end: node.offset + node.length };
  const children = node.children ?? [];
  switch (node.type) {
    case 'object':
      return { kind: 'map', ...placed, isFlow: true, pairs: children.flatMap((child) => pairsOf(child, text)) };
    case 'array':
      return { kind: 'list', ...placed, items: children.map((child) => treeOf(child, text)) };
    default:
      return {
        kind: 'scalar',
        ...placed,
        value: node.value,
        written: node.type === 'string' ? String(node.value) : text.slice(placed.start, placed.end),
        quote: node.type === 'string' ? '"' : 'none',
      };
  }
}

function pairsOf({ children: [key, value] = [] }: Node, text: string): readonly Pair[] {
  if (key === undefined) return [];
  return [
    {
      key: String(key.value),
      keyStart: key.offset,
      keyEnd: key.offset + key.length,
      value: value === undefined ? undefined : treeOf(value, text),
    },
  ];
}

/** Which one holds is a matter of the reader. */
function keyGivenTwice(node: Node): string | undefined {
  const keys = node.type === 'object' ? (node.children ?? []).map(({ children }) => String(children?.[0]?.value)) : [];
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  return twice ?? (node.children ?? []).map(keyGivenTwice).find((key) => key !== undefined);
}
