import { leafText } from '../../templates/tree/tree.ts';
import type { Splice } from '../definition/definition.ts';
import { indentAt, lineAt, lineBreakAt, lineEnd, lineStart } from '../definition/places.ts';
import type { HclAttribute, HclBlock } from './hclBlocks.ts';
import { hclPath } from './hclLeaves.ts';
import type { TerraformSpelling } from './spellings.ts';

/** A new attribute of a block, or a new block in it, on lines of their own. */

/** Attributes that its line is put behind: the first of them that is there and on one line. */
const companions = ['memory_size', 'timeout', 'runtime', 'handler', 'function_name', 'role', 'source'];

export function added(
  { source, block }: { readonly source: string; readonly block: HclBlock },
  inner: HclBlock | undefined,
  spelling: TerraformSpelling,
  path: readonly string[],
  value: string,
): Splice | undefined {
  const written = spelling.write(value);
  const quoted = typeof written === 'string' ? JSON.stringify(written) : String(written);
  const expression = spelling.inList ? `[${quoted}]` : quoted;
  const expects = [{ path: hclPath(path, spelling), leaf: leafText(written) }];
  if (spelling.block !== undefined && inner === undefined) {
    const beside = Object.entries(spelling.beside ?? {});
    const anchor = anchorIn(source, block);
    if (anchor === undefined) return undefined;
    const { offset, breaks, indent } = behind(source, anchor);
    const pairs = [
      ...beside.map(([key, text]) => `${key} = ${JSON.stringify(text)}`),
      `${spelling.name} = ${expression}`,
    ];
    // A block on one line may hold one attribute alone.
    const lines =
      pairs.length === 1
        ? [`${spelling.block} { ${pairs[0] ?? ''} }`]
        : [`${spelling.block} {`, ...pairs.map((pair) => `  ${pair}`), '}'];
    return {
      start: offset,
      end: offset,
      text: lines.map((line) => `${breaks}${indent}${line}`).join(''),
      expects: [
        ...expects,
        ...beside.map(([key, text]) => ({ path: hclPath(path, { ...spelling, name: key }), leaf: leafText(text) })),
      ],
    };
  }
  const anchor = anchorIn(source, inner ?? block);
  if (anchor === undefined) return undefined;
  const { offset, breaks, indent } = behind(source, anchor);
  // Signs of one group of lines stand below each other.
  const width = Math.max(spelling.name.length, lastOf(source.slice(anchor.at, anchor.equalsAt)).length - 1);
  return {
    start: offset,
    end: offset,
    text: `${breaks}${indent}${spelling.name.padEnd(width)} = ${expression}`,
    expects,
  };
}

function lastOf(written: string): string {
  return written.endsWith(' ') ? written : `${written} `;
}

function anchorIn(source: string, block: HclBlock): HclAttribute | undefined {
  const onOneLine = block.attributes.filter(
    ({ at, end }) =>
      lineAt(source, at) === lineAt(source, end) &&
      /^[ \t]*$/.test(source.slice(lineStart(source, at), at)) &&
      lineStart(source, at) > block.at,
  );
  const companion = companions
    .map((name) => onOneLine.find((one) => one.name === name))
    .find((one) => one !== undefined);
  return companion ?? onOneLine.at(-1);
}

function behind(source: string, { at, end }: HclAttribute) {
  return { offset: lineEnd(source, end), breaks: lineBreakAt(source, end), indent: indentAt(source, at) };
}
