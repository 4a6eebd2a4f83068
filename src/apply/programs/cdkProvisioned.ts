import type ts from 'typescript';
import type { Setting } from '../definition/definition.ts';
import { assigned, fixedAt, type Program, settingOfValue } from './program.ts';
import { cdkSpellings } from './spelling.ts';

/**
 * Provisioned concurrency of a construct: of its `currentVersionOptions`, of an `Alias` of its version, or of `addAlias`, wherever one
 * of them names it by its variable.
 */
export function provisionedSetting(
  program: Program,
  made: ts.NewExpression,
  props: ts.ObjectLiteralExpression | undefined,
): Setting {
  const { source } = program;
  const spelling = cdkSpellings.provisionedConcurrency;
  const found = [versionOptions(program, props), ...aliasOptions(program, variableOf(program, made))].flatMap(
    (options) => (options === undefined ? [] : (assigned(program, options, spelling.argument) ?? [])),
  );
  const [only, ...more] = found;
  if (only !== undefined && more.length > 0)
    return fixedAt(program, only, 'several aliases or versions are provisioned');
  if (only !== undefined) return settingOfValue(program, only.initializer, spelling);
  return { kind: 'absent', at: made.getStart(source), splice: () => undefined };
}

function versionOptions(program: Program, props: ts.ObjectLiteralExpression | undefined) {
  const value = props && assigned(program, props, 'currentVersionOptions')?.initializer;
  return value !== undefined && program.typescript.isObjectLiteralExpression(value) ? value : undefined;
}

/** `const orders = new …`, `this.orders = new …` */
function variableOf({ typescript, source }: Program, { parent }: ts.NewExpression): string | undefined {
  if (typescript.isVariableDeclaration(parent) || typescript.isPropertyDeclaration(parent)) {
    const name = parent.name.getText(source);
    return typescript.isPropertyDeclaration(parent) ? `this.${name}` : name;
  }
  const isAssignment =
    typescript.isBinaryExpression(parent) && parent.operatorToken.kind === typescript.SyntaxKind.EqualsToken;
  return isAssignment ? parent.left.getText(source) : undefined;
}

function aliasOptions(program: Program, variable: string | undefined): readonly ts.ObjectLiteralExpression[] {
  const { typescript, source } = program;
  if (variable === undefined) return [];
  const found: ts.ObjectLiteralExpression[] = [];
  const visit = (node: ts.Node): void => {
    const options =
      typescript.isNewExpression(node) && /(?:^|\.)Alias$/.test(node.expression.getText(source))
        ? node.arguments?.[2]
        : typescript.isCallExpression(node) && node.expression.getText(source) === `${variable}.addAlias`
          ? node.arguments[1]
          : undefined;
    if (options !== undefined && typescript.isObjectLiteralExpression(options)) {
      const version = assigned(program, options, 'version')?.initializer.getText(source);
      if (typescript.isCallExpression(node) || version?.startsWith(`${variable}.`)) found.push(options);
    }
    node.forEachChild(visit);
  };
  visit(source);
  return found;
}
