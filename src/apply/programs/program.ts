import type ts from 'typescript';
import type { Fixed, Setting } from '../definition/definition.ts';
import { oneLine } from '../definition/places.ts';
import { declarationOf } from './declaration.ts';
import type { ProgramSpelling } from './spelling.ts';
import { exchanged, type Word } from './words.ts';

/** A CDK application in TypeScript, as its own compiler reads it. */

export type Typescript = typeof ts;

export interface Program {
  readonly typescript: Typescript;
  readonly source: ts.SourceFile;
  readonly words: readonly Word[];
}

/** Undefined: the text has errors, which would make guesses of all that is read. */
export function programOf(typescript: Typescript, text: string): Program | undefined {
  const source = typescript.createSourceFile('stack.ts', text, typescript.ScriptTarget.Latest, true);
  // Kept by the parser, and no part of its declared type.
  const { parseDiagnostics = [] } = source as unknown as { readonly parseDiagnostics?: readonly unknown[] };
  if (parseDiagnostics.length > 0) return undefined;
  const words: Word[] = [];
  const visit = (node: ts.Node): void => {
    const children = node.getChildren(source);
    if (children.length === 0 && node.kind !== typescript.SyntaxKind.SyntaxList) {
      words.push({ text: node.getText(source), start: node.getStart(source), end: node.getEnd() });
    }
    for (const child of children) visit(child);
  };
  visit(source);
  return { typescript, source, words };
}

export function fixedAt({ source }: Program, at: ts.Node, because: string, comesFrom?: string): Fixed {
  return {
    kind: 'fixed',
    at: at.getStart(source),
    expression: oneLine(at.getText(source)),
    because,
    comesFrom,
  };
}

/** A value that is written out, or why it is none. */
export function settingOfValue(
  program: Program,
  value: ts.Expression,
  spelling: ProgramSpelling,
  note?: string,
): Setting {
  const { typescript, source, words } = program;
  const wordAt = (node: ts.Node) => words.findIndex(({ start }) => start === node.getStart(source));
  if (spelling.nothing !== undefined && typescript.isIdentifier(value) && value.text === 'undefined') {
    // The name that the file gives to the module of its constants is not known.
    return { kind: 'literal', value: spelling.nothing, at: value.getStart(source), splice: () => undefined };
  }
  const literal = literalOf(program, value, spelling);
  const text = literal && (typescript.isStringLiteralLike(literal) ? literal.text : literal.getText(source));
  const read = text === undefined ? undefined : spelling.read(text);
  if (literal === undefined || read === undefined) {
    return fixedAt(program, value, 'it is an expression', declarationOf(source.text, value.getText(source)));
  }
  const at = literal.getStart(source);
  return {
    kind: 'literal',
    value: read,
    at,
    note,
    splice(wanted) {
      const from = wordAt(literal);
      if (wanted === spelling.nothing) {
        const first = wordAt(value);
        return exchanged(words, first, from + 1, 'undefined');
      }
      const written = spelling.write(wanted);
      const inner = typescript.isStringLiteralLike(literal) ? 1 : 0;
      return written === undefined ? undefined : exchanged(words, from, from + 1, written, inner);
    },
  };
}

function literalOf(
  { typescript, source }: Program,
  value: ts.Expression,
  { form, constants }: ProgramSpelling,
): ts.Node | undefined {
  switch (form) {
    case 'number':
      return typescript.isNumericLiteral(value) ? value : undefined;
    case 'text':
      return typescript.isStringLiteral(value) ? value : undefined;
    case 'listOfOneText': {
      const [only, ...more] = typescript.isArrayLiteralExpression(value) ? value.elements : [];
      return only !== undefined && more.length === 0 && typescript.isStringLiteral(only) ? only : undefined;
    }
    case 'constant': {
      const isConstant =
        typescript.isPropertyAccessExpression(value) &&
        new RegExp(`(?:^|\\.)${constants ?? ''}$`).test(value.expression.getText(source));
      return isConstant ? value.name : undefined;
    }
  }
}

export function assigned(
  { typescript }: Program,
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
