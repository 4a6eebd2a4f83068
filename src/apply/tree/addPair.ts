import { leafText, type MapTree, type Pair, pathText, type TreeDocument } from '../../templates/tree/tree.ts';
import type { Splice } from '../definition/definition.ts';
import { indentAt, lineAt, lineBreakAt, lineEnd, lineStart } from '../definition/places.ts';

/** What is written for a property that is not there yet. */
export interface Plain {
  readonly [key: string]: string | number | boolean | readonly string[] | Plain;
}

type PlainValue = Plain[string];

/** A new pair of the map, on a line of its own where the map has one for each. */
export function addPair(
  document: TreeDocument,
  map: MapTree,
  path: readonly (string | number)[],
  added: Plain,
): Splice | undefined {
  const expects = Object.entries(added).flatMap(([key, value]) => leavesOf(value, [...path, key]));
  const [first] = map.pairs;
  if (document.syntax === 'json') return { ...inJson(document.text, map, first, added), expects };
  const pairs = Object.entries(added).map(([key, value]) => `${key}: ${yamlFlow(value)}`);
  if (map.isFlow) {
    if (first === undefined) return undefined;
    return { start: first.keyStart, end: first.keyStart, text: pairs.map((pair) => `${pair}, `).join(''), expects };
  }
  if (first === undefined) return undefined;
  const text = document.text;
  const before = lineToFollow(document, map);
  const anchor = before ?? first;
  const breaks = lineBreakAt(text, anchor.keyStart);
  const indent = indentOf(text, first.keyStart);
  if (before === undefined) {
    // `- Key: …` begins a list item: its line is not the map's own.
    if (indentAt(text, first.keyStart).length !== first.keyStart - lineStart(text, first.keyStart)) return undefined;
    return {
      ...at(lineStart(text, first.keyStart)),
      text: pairs.map((pair) => `${indent}${pair}${breaks}`).join(''),
      expects,
    };
  }
  const end = lineEnd(text, before.value?.end ?? before.keyEnd);
  return { ...at(end), text: pairs.map((pair) => `${breaks}${indent}${pair}`).join(''), expects };
}

function at(offset: number): { readonly start: number; readonly end: number } {
  return { start: offset, end: offset };
}

/** Settings stand with settings: after the first of these that is on one line, else after the last pair that is. */
const companions = [
  'MemorySize',
  'memorySize',
  'Timeout',
  'timeout',
  'Runtime',
  'runtime',
  'Handler',
  'handler',
  'CodeUri',
];

function lineToFollow({ text }: TreeDocument, map: MapTree): Pair | undefined {
  const simple = map.pairs.filter(
    ({ keyStart, value }) =>
      value?.kind === 'scalar' && value.quote !== 'block' && lineAt(text, keyStart) === lineAt(text, value.end),
  );
  const companion = companions.map((key) => simple.find((pair) => pair.key === key)).find((pair) => pair !== undefined);
  return companion ?? simple.at(-1);
}

/** As wide as the place of the key, where something other than blanks stands before it. */
function indentOf(text: string, keyStart: number): string {
  const own = text.slice(lineStart(text, keyStart), keyStart);
  return /^[ \t]*$/.test(own) ? own : own.replace(/[^\t]/g, ' ');
}

function inJson(text: string, map: MapTree, first: Pair | undefined, added: Plain): Omit<Splice, 'expects'> {
  const pairs = Object.entries(added).map(([key, value]) => `${JSON.stringify(key)}: ${jsonText(value)}`);
  if (first === undefined) return { ...at(map.start + 1), text: pairs.join(', ') };
  const breaks = lineBreakAt(text, map.start);
  const indent = indentAt(text, first.keyStart);
  const isOnOwnLine = lineStart(text, first.keyStart) > map.start;
  // As the file writes it: `"a":1` or `"a": 1`.
  const isTight = first.value !== undefined && text.slice(first.keyEnd, first.value.start) === ':';
  const written = isTight && !isOnOwnLine ? pairs.map((pair) => pair.replace(/^("[^"]*"): /, '$1:')) : pairs;
  const between = isOnOwnLine ? `,${breaks}${indent}` : isTight ? ',' : ', ';
  return { ...at(first.keyStart), text: written.map((pair) => `${pair}${between}`).join('') };
}

function jsonText(value: PlainValue): string {
  if (Array.isArray(value)) return `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${jsonText(inner)}`);
  return `{ ${pairs.join(', ')} }`;
}

function yamlFlow(value: PlainValue): string {
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  if (typeof value !== 'object') return String(value);
  const pairs = Object.entries(value).map(([key, inner]) => `${key}: ${yamlFlow(inner)}`);
  return `{ ${pairs.join(', ')} }`;
}

function leavesOf(value: PlainValue, path: readonly (string | number)[]): Splice['expects'] {
  if (Array.isArray(value)) return value.flatMap((item: string, index) => leavesOf(item, [...path, index]));
  if (typeof value === 'object') {
    return Object.entries(value as Plain).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
  }
  return [{ path: pathText(path), leaf: leafText(value) }];
}
