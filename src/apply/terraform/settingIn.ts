import { leafText } from '../../templates/tree/tree.ts';
import type { Setting, Splice } from '../definition/definition.ts';
import { oneLine } from '../definition/places.ts';
import { added } from './addAttribute.ts';
import type { HclBlock } from './hclBlocks.ts';
import { hclPath } from './hclLeaves.ts';
import { attributeOf, literalOf } from './hclValues.ts';
import type { TerraformFile } from './module.ts';
import { originOf } from './origin.ts';
import type { TerraformSpelling } from './spellings.ts';

/** The block that holds a function's properties. */
export interface TerraformOwner {
  readonly file: TerraformFile;
  readonly block: HclBlock;
  readonly path: readonly string[];
}

const comment = String.raw`#[^\n]*\n|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/`;
/** A list of one text, whatever people have said in it. */
const listOfOne = new RegExp(`^(\\[(?:\\s|${comment})*)("[^"\\n]*")(?:\\s|,|${comment})*\\]$`);

export function settingIn(owner: TerraformOwner, spelling: TerraformSpelling): Setting {
  const { block, path } = owner;
  const { source } = owner.file;
  const inner = spelling.block === undefined ? block : block.blocks.find(({ type }) => type === spelling.block);
  const dynamic = block.blocks.find(({ type, labels }) => type === 'dynamic' && labels[0] === spelling.block);
  if (spelling.block !== undefined && dynamic !== undefined) {
    return {
      kind: 'fixed',
      at: dynamic.at,
      expression: `dynamic "${spelling.block}"`,
      because: 'it is a dynamic block',
    };
  }
  const innerPath = spelling.block === undefined ? path : [...path, spelling.block, '0'];
  const attribute = inner && attributeOf(inner, spelling.name);
  if (inner === undefined || attribute === undefined) {
    return {
      kind: 'absent',
      at: block.at,
      otherwise: spelling.otherwise,
      splice: (value) => added({ source, block }, inner, spelling, innerPath, value),
    };
  }
  const expression = source.slice(attribute.start, attribute.end);
  const fixed = (because: string): Setting => ({
    kind: 'fixed',
    at: attribute.at,
    expression: oneLine(expression),
    because,
    ...originOf(expression, owner.file, (value) => {
      const written = JSON.stringify(spelling.write(value));
      return spelling.inList && !expression.startsWith('[') ? `[${written}]` : written;
    }),
  });
  const [, opening = '', only] = spelling.inList ? (listOfOne.exec(expression) ?? []) : [];
  const item = spelling.inList ? only : expression;
  const literal = item === undefined ? undefined : literalOf(item);
  const read = literal === undefined ? undefined : spelling.read(literal);
  if (item === undefined || read === undefined || literal === undefined) return fixed('it is an expression');
  const quotes = item.startsWith('"') ? 1 : 0;
  const start = attribute.start + opening.length + quotes;
  const splice = (value: string): Splice => {
    const written = spelling.write(value);
    return {
      start,
      end: start + item.length - 2 * quotes,
      text: String(written),
      expects: [
        {
          path: hclPath(innerPath, spelling),
          // The parser of the check gives text where text stands.
          leaf: leafText(typeof literal === 'string' ? String(written) : written),
        },
      ],
    };
  };
  return { kind: 'literal', value: read, at: start, splice };
}
