import { type Leaves, leafText, pathText } from '../../templates/tree/tree.ts';

/** By HashiCorp's own parser, made for WASM: loaded only where a file of Terraform is checked. */
export async function hclLeaves(file: string, text: string): Promise<Leaves | { readonly reason: string }> {
  const { parse } = await import('@cdktn/hcl2json');
  try {
    const leaves = new Map<string, string>();
    visit(await parse(file, text), [], leaves);
    return leaves;
  } catch (error) {
    return { reason: error instanceof Error ? error.message : 'it is not HCL' };
  }
}

function visit(value: unknown, path: readonly (string | number)[], leaves: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) {
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    leaves.set(pathText(path), leafText(isPlain ? value : null));
    return;
  }
  const inner = Array.isArray(value) ? value.map((item, index) => [index, item] as const) : Object.entries(value);
  if (inner.length === 0) leaves.set(pathText(path), Array.isArray(value) ? '[]' : '{}');
  for (const [key, item] of inner) visit(item, [...path, key], leaves);
}

/** The parser's own document has an array for the blocks of one name, and one for a list. */
export function hclPath(
  path: readonly string[],
  { name, inList }: { readonly name: string; readonly inList?: true },
): string {
  const parts = [...path, name].map((part) => (part === '0' ? 0 : part));
  return pathText(inList ? [...parts, 0] : parts);
}
