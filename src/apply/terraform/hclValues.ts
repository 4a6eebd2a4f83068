import type { Neighbour } from '../definition/definition.ts';
import { lineAt } from '../definition/places.ts';
import { type HclAttribute, type HclBlock, hclBlocks } from './hclBlocks.ts';

/** What attributes of HCL say, as far as it is written out. */

export function attributeOf(block: HclBlock, name: string): HclAttribute | undefined {
  return block.attributes.find((attribute) => attribute.name === name);
}

/** The expression, as it stands there. */
export function writtenIn(source: string, block: HclBlock, name: string): string | undefined {
  const attribute = attributeOf(block, name);
  return attribute && source.slice(attribute.start, attribute.end);
}

/** Of a text that is written out. */
export function textOf(source: string, block: HclBlock, name: string): string | undefined {
  const literal = literalOf(writtenIn(source, block, name) ?? '');
  return typeof literal === 'string' ? literal : undefined;
}

/** A number, true, false, or a text without a template. */
export function literalOf(expression: string): string | number | boolean | undefined {
  if (/^\d+$/.test(expression)) return Number(expression);
  if (expression === 'true' || expression === 'false') return expression === 'true';
  return /^"[^"\\$%\n]*"$/.test(expression) ? expression.slice(1, -1) : undefined;
}

/** Where the variable or local of an expression is declared. */
export function originOf(expression: string, files: readonly Neighbour[]): string | undefined {
  const variable = /\bvar\.([\w-]+)/.exec(expression)?.[1];
  const local = /\blocal\.([\w-]+)/.exec(expression)?.[1];
  const name = variable ?? local;
  if (name === undefined) return /\beach\.|\bcount\./.test(expression) ? 'the loop of the resource' : undefined;
  for (const { file, text: content } of files) {
    const declared =
      variable === undefined
        ? (hclBlocks(content) ?? [])
            .filter(({ type }) => type === 'locals')
            .flatMap(({ attributes }) => attributes)
            .find((one) => one.name === name)
        : (hclBlocks(content) ?? []).find(({ type, labels }) => type === 'variable' && labels[0] === name);
    if (declared !== undefined) {
      const line = lineAt(content, declared.at);
      return `${variable === undefined ? 'local' : 'var'}.${name}, ${file === '' ? `line ${line}` : `${file}:${line}`}`;
    }
  }
  return `${variable === undefined ? 'local' : 'var'}.${name}`;
}
