import { jsonTree } from './jsonTree.ts';
import type { ReadTree } from './tree.ts';
import { yamlTree } from './yamlTree.ts';

/** A text of JSON where it looks like one, else of YAML, which JSON without strictness and maps in braces are as well. */
export function readTree(text: string, name: string): ReadTree {
  if (!/^\s*\{/.test(text)) return yamlTree(text);
  const json = jsonTree(text);
  if (!('reason' in json)) return json;
  return name.endsWith('.json') ? json : yamlTree(text);
}
