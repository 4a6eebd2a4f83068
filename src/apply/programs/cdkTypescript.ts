import type ts from 'typescript';
import { type Definition, type Fixed, type Property, properties, type Setting } from '../definition/definition.ts';
import { lineAt, oneLine } from '../definition/places.ts';
import { type Leaves, pathText } from '../tree/tree.ts';
import { cdkSpellings } from './spelling.ts';

/** Functions of a CDK application in TypeScript, read with the TypeScript that the application itself is built with. */

export type Typescript = typeof ts;

/** Undefined: the text has errors, which would make guesses of all that is read. */
export function functionsOfCdkTypescript(typescript: Typescript, text: string): readonly Definition[] | undefined {
  const source = parsed(typescript, text);
  if (source === undefined) return undefined;
  const tokens = tokensOf(typescript, source);
  const found: Definition[] = [];
  const visit = (node: ts.Node, loop: ts.Node | undefined): void => {
    if (typescript.isNewExpression(node)) {
      const definition = definitionOf(typescript, source, tokens, node, loop);
      if (definition !== undefined) found.push(definition);
    }
    const inner = isLoop(typescript, node) ? node : loop;
    node.forEachChild((child) => visit(child, inner));
  };
  visit(source, undefined);
  return found;
}

/** Every word of the program by its number. */
export function leavesOfTypescript(typescript: Typescript, text: string): Leaves | undefined {
  const source = parsed(typescript, text);
  if (source === undefined) return undefined;
  return new Map(tokensOf(typescript, source).map((token, index) => [pathText([index]), token.getText(source)]));
}

function parsed(typescript: Typescript, text: string): ts.SourceFile | undefined {
  const source = typescript.createSourceFile('stack.ts', text, typescript.ScriptTarget.Latest, true);
  // Kept by the parser, and no part of its declared type.
  const { parseDiagnostics = [] } = source as unknown as { readonly parseDiagnostics?: readonly unknown[] };
  return parseDiagnostics.length > 0 ? undefined : source;
}

function tokensOf(typescript: Typescript, source: ts.SourceFile): readonly ts.Node[] {
  const tokens: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    const children = node.getChildren(source);
    if (children.length === 0 && node.kind !== typescript.SyntaxKind.SyntaxList) tokens.push(node);
    for (const child of children) visit(child);
  };
  visit(source);
  return tokens;
}

function isLoop(typescript: Typescript, node: ts.Node): boolean {
  if (typescript.isForStatement(node) || typescript.isForOfStatement(node) || typescript.isForInStatement(node))
    return true;
  if (typescript.isWhileStatement(node)) return true;
  if (!typescript.isCallExpression(node) || !typescript.isPropertyAccessExpression(node.expression)) return false;
  return ['map', 'forEach', 'flatMap', 'reduce'].includes(node.expression.name.text);
}

function definitionOf(
  typescript: Typescript,
  source: ts.SourceFile,
  tokens: readonly ts.Node[],
  node: ts.NewExpression,
  loop: ts.Node | undefined,
): Definition | undefined {
  const [, id, given] = node.arguments ?? [];
  if (!/(?:^|\.)\w*Function$/.test(node.expression.getText(source))) return undefined;
  if (id === undefined || !typescript.isStringLiteralLike(id)) return undefined;
  const text = source.text;
  const props = given !== undefined && typescript.isObjectLiteralExpression(given) ? given : undefined;
  const literalText = (name: string): string | undefined => {
    const value = props && assigned(typescript, props, name)?.initializer;
    return value !== undefined && typescript.isStringLiteralLike(value) ? value.text : undefined;
  };
  const settingOf = (property: Property): Setting => {
    const fixed = (at: ts.Node, because: string, comesFrom?: string): Fixed => ({
      kind: 'fixed',
      at: at.getStart(source),
      expression: oneLine(at.getText(source)),
      because,
      comesFrom,
    });
    if (loop !== undefined)
      return {
        ...fixed(loop, 'a loop makes several functions of it'),
        expression: oneLine(loop.getText(source).split('\n')[0] ?? ''),
      };
    if (given === undefined || props === undefined) {
      return given === undefined
        ? notWritten(node.getStart(source))
        : fixed(given, 'the properties are an expression', declarationOf(text, given.getText(source)));
    }
    const spelling = cdkSpellings[property];
    const own = assigned(typescript, props, spelling.argument);
    const spread = props.properties.filter((one) => typescript.isSpreadAssignment(one)).at(-1);
    if (own === undefined) {
      const short = props.properties.find(
        (one) => typescript.isShorthandPropertyAssignment(one) && one.name.text === spelling.argument,
      );
      if (short !== undefined) return fixed(short, 'it is a variable', declarationOf(text, spelling.argument));
      return spread === undefined
        ? notWritten(node.getStart(source))
        : fixed(
            spread,
            'its properties are taken over from another object',
            declarationOf(text, spread.expression.getText(source)),
          );
    }
    if (spread !== undefined && spread.pos > own.pos)
      return fixed(spread, 'what is spread behind it may hold another value');
    const value = own.initializer;
    const isConstant =
      spelling.constants !== undefined &&
      typescript.isPropertyAccessExpression(value) &&
      new RegExp(`(?:^|\\.)${spelling.constants}$`).test(value.expression.getText(source));
    const word = isConstant
      ? value.name
      : typescript.isNumericLiteral(value) && spelling.constants === undefined
        ? value
        : undefined;
    const read = word && spelling.read(word.getText(source));
    if (word === undefined || read === undefined)
      return fixed(value, 'it is an expression', declarationOf(text, value.getText(source)));
    const start = word.getStart(source);
    const index = tokens.findIndex((token) => token.getStart(source) === start);
    return {
      kind: 'literal',
      value: read,
      at: start,
      note: isInConstruct(typescript, node)
        ? 'It stands in a class of constructs: whatever uses the class changes with it.'
        : undefined,
      splice(wanted) {
        const written = spelling.write(wanted);
        return written === undefined
          ? undefined
          : { start, end: word.getEnd(), text: written, expects: [{ path: pathText([index]), leaf: written }] };
      },
    };
  };
  return {
    format: 'CDK (TypeScript)',
    select: id.text,
    at: node.getStart(source),
    functionName: literalText('functionName'),
    logicalId: { text: id.text.replace(/[^A-Za-z0-9]/g, ''), isExact: false },
    handler: literalText('handler'),
    settings: Object.fromEntries(
      properties.map((property) => [property, settingOf(property)]),
    ) as Definition['settings'],
    builds: ['layers', 'bundling', 'code'].flatMap((name) => {
      const own = props && assigned(typescript, props, name);
      if (own === undefined) return [];
      return [
        {
          at: own.getStart(source),
          kind:
            name === 'code' ? ('package' as const) : name === 'layers' ? ('layers' as const) : ('bundling' as const),
          text: oneLine(own.getText(source)),
        },
      ];
    }),
  };
}

/** A class that may be made several times, other than a stack. */
function isInConstruct(typescript: Typescript, node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node.parent; at !== undefined; at = at.parent) {
    if (typescript.isClassLike(at)) {
      return at.heritageClauses?.some((clause) => /\bConstruct\b/.test(clause.getText())) === true;
    }
  }
  return false;
}

function notWritten(at: number): Setting {
  return { kind: 'absent', at, splice: () => undefined };
}

function assigned(
  typescript: Typescript,
  props: ts.ObjectLiteralExpression,
  name: string,
): ts.PropertyAssignment | undefined {
  return props.properties.find(
    (one): one is ts.PropertyAssignment =>
      typescript.isPropertyAssignment(one) &&
      (typescript.isIdentifier(one.name) || typescript.isStringLiteral(one.name)) &&
      one.name.text === name,
  );
}

/** Of a plain name, where it is made. */
export function declarationOf(text: string, name: string): string | undefined {
  const [last = ''] = /[A-Za-z_]\w*$/.exec(name) ?? [];
  if (last === '') return undefined;
  const found = text.search(
    new RegExp(`(?:\\b(?:const|let|var)\\s+${last}\\b|^\\s*(?:readonly\\s+)?${last}\\s*[?]?\\s*[:=])`, 'm'),
  );
  if (found < 0) return undefined;
  return `${last}, line ${lineAt(text, found + (/\S/.exec(text.slice(found))?.index ?? 0))}`;
}
