import type { HclAttribute, HclBlock } from './hclBlocks.ts';

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
