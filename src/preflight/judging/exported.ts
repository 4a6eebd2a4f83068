import type { AnyNode, AssignmentExpression, Expression, Program } from 'acorn';
import { childrenOf } from './parse.ts';

/** What a name of a module stands for; undefined where the text alone does not tell. */
export function exportedAs(program: Program, name: string): AnyNode | undefined {
  const known = bindingsOf(program);
  let found: AnyNode | undefined;
  for (const statement of program.body.flatMap(expressionsOf)) {
    found = exportedBy(statement, name, known) ?? found;
  }
  return found === undefined ? undefined : standsFor(found, known);
}

/** Names of the module's own scope; undefined: more than one value. */
type Bindings = ReadonlyMap<string, AnyNode | undefined>;

function bindingsOf(program: Program): Bindings {
  const known = new Map<string, AnyNode | undefined>();
  const add = (name: string, value: AnyNode) => known.set(name, known.has(name) ? undefined : value);
  for (const statement of program.body) {
    const isExport = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
    const declaration: AnyNode | null | undefined = isExport ? statement.declaration : statement;
    if (declaration?.type === 'FunctionDeclaration' && declaration.id) add(declaration.id.name, declaration);
    if (declaration?.type !== 'VariableDeclaration') continue;
    for (const { id, init } of declaration.declarations) if (id.type === 'Identifier' && init) add(id.name, init);
  }
  // What is given another value, wherever that stands, is not what it was declared as.
  const look = (node: AnyNode): void => {
    if (node.type === 'AssignmentExpression' && node.left.type === 'Identifier') add(node.left.name, node.right);
    for (const child of childrenOf(node)) look(child);
  };
  look(program);
  return known;
}

/** Minified code joins statements by commas. */
function expressionsOf(statement: AnyNode): readonly AnyNode[] {
  if (statement.type !== 'ExpressionStatement') return [statement];
  const { expression } = statement;
  return expression.type === 'SequenceExpression' ? expression.expressions : [expression];
}

function exportedBy(node: AnyNode, name: string, known: Bindings): AnyNode | undefined {
  switch (node.type) {
    case 'ExportNamedDeclaration': {
      const { declaration, specifiers, source } = node;
      if (declaration?.type === 'FunctionDeclaration' && declaration.id.name === name) return declaration;
      if (declaration?.type === 'VariableDeclaration') {
        const own = declaration.declarations.find(({ id }) => id.type === 'Identifier' && id.name === name);
        return own?.init ?? undefined;
      }
      const specifier = specifiers.find(({ exported }) => nameOf(exported) === name);
      return source ? undefined : specifier?.local;
    }
    case 'ExportDefaultDeclaration':
      return name === 'default' ? node.declaration : undefined;
    case 'AssignmentExpression':
      return assignedBy(node, name, known);
    case 'CallExpression': {
      // What bundlers write for the exports of a module: `__export(all, { handler: () => handler })`.
      const [, all] = node.arguments;
      const getter = all?.type === 'ObjectExpression' ? propertyOf(all, name) : undefined;
      const isGetter = getter?.type === 'ArrowFunctionExpression' && getter.body.type === 'Identifier';
      return isGetter ? getter.body : undefined;
    }
    default:
      return undefined;
  }
}

/** `exports.handler = …`, `module.exports.handler = …`, `module.exports = { handler }`, several of them in a row. */
function assignedBy({ left, right }: AssignmentExpression, name: string, known: Bindings): AnyNode | undefined {
  const target = left.type === 'MemberExpression' ? pathOf(left) : undefined;
  if (target === `exports.${name}` || target === `module.exports.${name}`) {
    return right.type === 'UnaryExpression' ? undefined : right;
  }
  if (target === 'module.exports') {
    const value = standsFor(right, known);
    if (value?.type === 'ObjectExpression') return propertyOf(value, name);
  }
  return right.type === 'AssignmentExpression' ? assignedBy(right, name, known) : undefined;
}

/** `a.b.c`; undefined where a part is worked out. */
function pathOf(node: AnyNode): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression') return undefined;
  const { object, property, computed } = node;
  const before = pathOf(object);
  const last = computed ? (property.type === 'Literal' ? String(property.value) : undefined) : nameOf(property);
  return before === undefined || last === undefined ? undefined : `${before}.${last}`;
}

function propertyOf(object: Extract<Expression, { type: 'ObjectExpression' }>, name: string): AnyNode | undefined {
  const own = object.properties.find((one) => one.type === 'Property' && !one.computed && nameOf(one.key) === name);
  return own?.type === 'Property' ? own.value : undefined;
}

function nameOf(node: AnyNode): string | undefined {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'Literal' ? String(node.value) : undefined;
}

function standsFor(node: AnyNode, known: Bindings, depth = 0): AnyNode | undefined {
  if (depth > 10) return undefined;
  if (node.type === 'Identifier') {
    const value = known.get(node.name);
    return value && standsFor(value, known, depth + 1);
  }
  return node.type === 'AssignmentExpression' ? standsFor(node.right, known, depth + 1) : node;
}

/** `awslambda.streamifyResponse(…)`: its function takes an event, a stream and a context. */
export function isStreaming(node: AnyNode): boolean {
  return node.type === 'CallExpression' && pathOf(node.callee)?.endsWith('awslambda.streamifyResponse') === true;
}
