import type ts from 'typescript';
import { recordOf } from '../../base/keys.ts';
import type { Leaves } from '../../templates/tree/tree.ts';
import { type Definition, type Property, properties, type Setting } from '../definition/definition.ts';
import { oneLine } from '../definition/places.ts';
import { provisionedSetting } from './cdkProvisioned.ts';
import { declarationOf } from './declaration.ts';
import { assigned, fixedAt, type Program, programOf, settingOfValue, type Typescript } from './program.ts';
import { cdkSpellings, cfnLine, cfnSpellings, isImage, type ProgramSpelling } from './spelling.ts';
import { leavesOfWords } from './words.ts';

/** Functions of a CDK application in TypeScript, read with the TypeScript that the application itself is built with. */

export function functionsOfCdkTypescript(typescript: Typescript, text: string): readonly Definition[] | undefined {
  const program = programOf(typescript, text);
  if (program === undefined) return undefined;
  const found: Definition[] = [];
  const visit = (node: ts.Node, loop: ts.Node | undefined): void => {
    if (typescript.isNewExpression(node)) {
      const definition = definitionOf(program, node, loop);
      if (definition !== undefined) found.push(definition);
    }
    const inner = isLoop(typescript, node) ? node : loop;
    node.forEachChild((child) => visit(child, inner));
  };
  visit(program.source, undefined);
  return found;
}

/** Every word of the program by its place. */
export function leavesOfTypescript(typescript: Typescript, text: string): Leaves | undefined {
  const program = programOf(typescript, text);
  return program && leavesOfWords(program.words);
}

function isLoop(typescript: Typescript, node: ts.Node): boolean {
  if (typescript.isForStatement(node) || typescript.isForOfStatement(node) || typescript.isForInStatement(node))
    return true;
  if (typescript.isWhileStatement(node) || typescript.isDoStatement(node)) return true;
  if (!typescript.isCallExpression(node) || !typescript.isPropertyAccessExpression(node.expression)) return false;
  return ['map', 'forEach', 'flatMap', 'reduce', 'from'].includes(node.expression.name.text);
}

/** Other services have functions that are none of Lambda. */
const constructs = /^(?!cloudfront\.)(?:[\w.]+\.)?\w*Function$/;

function definitionOf(program: Program, node: ts.NewExpression, loop: ts.Node | undefined): Definition | undefined {
  const { typescript, source } = program;
  const [, id, given] = node.arguments ?? [];
  const construct = node.expression.getText(source);
  if (!constructs.test(construct)) return undefined;
  if (id === undefined) return undefined;
  const name = nameOf(program, id);
  const isOfCloudFormation = /(?:^|\.)CfnFunction$/.test(construct);
  const props = given !== undefined && typescript.isObjectLiteralExpression(given) ? given : undefined;
  const literalText = (name: string): string | undefined => {
    const value = props && assigned(program, props, name)?.initializer;
    return value !== undefined && typescript.isStringLiteralLike(value) ? value.text : undefined;
  };
  const settingOf = (property: Property): Setting => {
    if (loop !== undefined) {
      const expression = oneLine(loop.getText(source).split('\n')[0] ?? '');
      return { ...fixedAt(program, loop, 'a loop makes several functions of it'), expression };
    }
    if (!name.isPlain) {
      const because = 'the id of the construct is an expression, so that it may make several functions';
      return fixedAt(program, id, because, declarationOf(source.text, id.getText(source)));
    }
    if (property === 'provisionedConcurrency') return provisionedSetting(program, node, props);
    const spelling = (isOfCloudFormation ? cfnSpellings : cdkSpellings)[property];
    return given === undefined || props === undefined
      ? withoutProperties(program, node, given)
      : settingIn(program, node, props, spelling);
  };
  return {
    format: 'CDK (TypeScript)',
    select: name.select,
    at: node.getStart(source),
    functionName: literalText('functionName'),
    logicalId: name.pattern === undefined ? undefined : { text: name.pattern, isExact: false },
    handler: literalText('handler'),
    codePath: codePathOf(program, props),
    settings: recordOf(properties, settingOf),
    lineFor: isOfCloudFormation ? (property, value) => cfnLine(property, value, 'TypeScript') : undefined,
    builds: buildsOf(program, props),
  };
}

/** An id that is written out, or in part: `Orders${stage}`. */
function nameOf({ typescript, source }: Program, id: ts.Expression) {
  const letters = (text: string) => text.replace(/[^A-Za-z0-9]/g, '');
  if (typescript.isStringLiteralLike(id)) return { select: id.text, pattern: letters(id.text), isPlain: true };
  const select = oneLine(id.getText(source).replace(/^`|`$/g, ''));
  if (!typescript.isTemplateExpression(id)) return { select, pattern: undefined, isPlain: false };
  const parts = [id.head.text, ...id.templateSpans.map(({ literal }) => literal.text)].map(letters);
  return { select, pattern: parts.join('') === '' ? undefined : parts.join('[A-Za-z0-9]*'), isPlain: false };
}

/** The last text in what makes it: `Code.fromAsset('src/orders')`, `entry: join(__dirname, '../src/orders/index.ts')`. */
function codePathOf(program: Program, props: ts.ObjectLiteralExpression | undefined): string | undefined {
  const given = props && (assigned(program, props, 'code') ?? assigned(program, props, 'entry'));
  const texts = given?.initializer.getText(program.source).match(/(["'`])[^"'`$\n]+\1/g);
  return texts?.[0]?.slice(1, -1).replace(/\/[\w.-]+\.[cm]?[jt]sx?$/, '');
}

function withoutProperties(program: Program, node: ts.NewExpression, given: ts.Expression | undefined): Setting {
  const { source } = program;
  if (given === undefined) return notWritten(node.getStart(source));
  return fixedAt(program, given, 'the properties are an expression', declarationOf(source.text, given.getText(source)));
}

function settingIn(
  program: Program,
  node: ts.NewExpression,
  props: ts.ObjectLiteralExpression,
  spelling: ProgramSpelling,
): Setting {
  const { typescript, source } = program;
  const own = assigned(program, props, spelling.argument);
  const spread = props.properties.filter((one) => typescript.isSpreadAssignment(one)).at(-1);
  if (own === undefined) {
    const short = props.properties.find(
      (one) => typescript.isShorthandPropertyAssignment(one) && one.name.text === spelling.argument,
    );
    if (short !== undefined) {
      return fixedAt(program, short, 'it is a variable', declarationOf(source.text, spelling.argument));
    }
    if (spread === undefined) return notWritten(node.getStart(source));
    const because = 'its properties are taken over from another object';
    return fixedAt(program, spread, because, declarationOf(source.text, spread.expression.getText(source)));
  }
  if (spread !== undefined && spread.pos > own.pos) {
    return fixedAt(program, spread, 'what is spread behind it may hold another value');
  }
  const note = isInConstruct(typescript, node)
    ? 'It stands in a class of constructs: whatever uses the class changes with it.'
    : undefined;
  return settingOfValue(program, own.initializer, spelling, note);
}

function buildsOf(program: Program, props: ts.ObjectLiteralExpression | undefined): Definition['builds'] {
  const kinds = { layers: 'layers', bundling: 'bundling', code: 'package' } as const;
  return (['layers', 'bundling', 'code'] as const).flatMap((name) => {
    const own = props && assigned(program, props, name);
    if (own === undefined) return [];
    const { source } = program;
    const text = oneLine(own.getText(source));
    return [{ at: own.getStart(source), kind: isImage(text) ? 'image' : kinds[name], text }];
  });
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
