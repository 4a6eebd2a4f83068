import type { AnyNode, Program } from 'acorn';

/** Undefined for what is no JavaScript: TypeScript, a syntax that is newer than the parser, or a broken file. */
export async function parseJavaScript(text: string): Promise<Program | undefined> {
  const { parse } = await import('acorn');
  for (const sourceType of ['module', 'script'] as const) {
    try {
      return parse(text, {
        ecmaVersion: 'latest',
        sourceType,
        allowHashBang: true,
        allowReturnOutsideFunction: true,
        allowAwaitOutsideFunction: sourceType === 'module',
        locations: true,
      });
    } catch {
      // CommonJS may hold what modules must not.
    }
  }
  return undefined;
}

/** What lies directly below a node, in the order of the text. */
export function childrenOf(node: AnyNode): readonly AnyNode[] {
  return Object.values(node).flatMap((value: unknown) => (Array.isArray(value) ? value : [value]).filter(isNode));
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
