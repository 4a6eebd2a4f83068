import type { AnyNode, Pattern } from 'acorn';
import { exportedAs, isStreaming } from './exported.ts';
import { childrenOf, parseJavaScript } from './parse.ts';

/** Whether a handler answers by a callback, which Node.js 24 and later do not give it. */
export type HandlerForm =
  | { readonly kind: 'returns' }
  | { readonly kind: 'callback'; readonly line: number; readonly how: string }
  | { readonly kind: 'unknown'; readonly why: string };

type FunctionNode = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;

export async function handlerFormOf(text: string, name: string): Promise<HandlerForm> {
  const program = await parseJavaScript(text);
  if (program === undefined) return { kind: 'unknown', why: 'it could not be parsed' };
  const value = exportedAs(program, name);
  if (value === undefined) return { kind: 'unknown', why: `what ${name} is was not found` };
  if (isStreaming(value)) return { kind: 'returns' };
  return isFunction(value)
    ? formOf(value)
    : { kind: 'unknown', why: `${name} is made by another function, which was not followed` };
}

function isFunction(node: AnyNode): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  );
}

function formOf(handler: FunctionNode): HandlerForm {
  const { params } = handler;
  const line = handler.loc?.start.line ?? 1;
  // The runtime asks for `handler.length`, whether the function is async or not.
  const needed = params.findIndex(({ type }) => type === 'AssignmentPattern' || type === 'RestElement');
  if ((needed < 0 ? params.length : needed) >= 3) {
    return { kind: 'callback', line, how: 'takes a third parameter, the callback' };
  }
  const [, context] = params;
  const done = context?.type === 'Identifier' ? callOn(handler.body, context.name) : undefined;
  if (done !== undefined) return { kind: 'callback', line: done.line, how: `answers by context.${done.method}()` };
  if (params.some((param) => param.type === 'RestElement') || params.length > 2 || usesArguments(handler)) {
    return { kind: 'unknown', why: 'how many parameters it uses cannot be told' };
  }
  return { kind: 'returns' };
}

/** `context.done()`, `.succeed()` and `.fail()`, which went with the callback. */
function callOn(node: AnyNode, context: string): { readonly line: number; readonly method: string } | undefined {
  if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
    const { object, property } = node.callee;
    const isContext = object.type === 'Identifier' && object.name === context;
    if (isContext && property.type === 'Identifier' && /^(?:done|succeed|fail)$/.test(property.name)) {
      return { line: node.loc?.start.line ?? 1, method: property.name };
    }
  }
  // An inner function whose parameter has the same name speaks of another thing.
  if (isFunction(node) && node.params.some((param: Pattern) => param.type === 'Identifier' && param.name === context)) {
    return undefined;
  }
  for (const child of childrenOf(node)) {
    const found = callOn(child, context);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Arrow functions have the `arguments` of the function around them. */
function usesArguments(handler: FunctionNode): boolean {
  if (handler.type === 'ArrowFunctionExpression') return false;
  const look = (node: AnyNode): boolean => {
    if (node.type === 'Identifier') return node.name === 'arguments';
    if (node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression') return false;
    return childrenOf(node).some(look);
  };
  return look(handler.body);
}
