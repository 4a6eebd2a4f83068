import type { Fixed } from '../definition/definition.ts';
import { oneLine } from '../definition/places.ts';
import type { HclBlock } from './hclBlocks.ts';
import { attributeOf } from './hclValues.ts';

/** `count` that is one or none is a switch, not a loop. */
export function loopOf(source: string, block: HclBlock): Fixed | undefined {
  const attribute = attributeOf(block, 'for_each') ?? attributeOf(block, 'count');
  if (attribute === undefined) return undefined;
  const expression = source.slice(attribute.start, attribute.end);
  const isSwitch = attribute.name === 'count' && /^(?:[01]|.*\?\s*[01]\s*:\s*[01])$/s.test(expression);
  if (isSwitch) return undefined;
  return {
    kind: 'fixed',
    at: attribute.at,
    expression: oneLine(`${attribute.name} = ${expression}`),
    because: 'a loop makes several functions of it',
  };
}
