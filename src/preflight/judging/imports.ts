import type { AnyNode } from 'acorn';
import type { Import } from '../../migrate/preflight/reliance.ts';
import { childrenOf, parseJavaScript } from './parse.ts';

/** Modules that a file loads by name. Empty where it cannot be parsed. */
export async function importsOf(path: string, text: string): Promise<readonly Import[]> {
  // Most files name none of what is asked for: parsing is the work.
  if (!/aws-sdk|@smithy/.test(text)) return [];
  const program = await parseJavaScript(text);
  if (program === undefined) return [];
  const found: Import[] = [];
  const look = (node: AnyNode, isCertain: boolean): void => {
    const module = moduleOf(node);
    if (module !== undefined) found.push({ module, path, isCertain });
    const isLater = node.type === 'TryStatement' || /Function/.test(node.type);
    for (const child of childrenOf(node)) look(child, isCertain && !isLater);
  };
  look(program, true);
  return found;
}

function moduleOf(node: AnyNode): string | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
      return textOf(node.source);
    case 'ExportNamedDeclaration':
      return node.source ? textOf(node.source) : undefined;
    case 'ImportExpression':
      return textOf(node.source);
    case 'CallExpression':
      return node.callee.type === 'Identifier' && node.callee.name === 'require' && node.arguments[0]
        ? textOf(node.arguments[0])
        : undefined;
    default:
      return undefined;
  }
}

function textOf(node: AnyNode): string | undefined {
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}
