import { type MapTree, mapOf, pairOf, type Tree, type TreeDocument } from '../../templates/tree/tree.ts';
import type { Neighbour, Setting } from '../definition/definition.ts';
import { lineAt } from '../definition/places.ts';
import { fixed, type ReadExpression, replaced } from '../tree/settingIn.ts';
import { escaped } from './namePattern.ts';

/** References of a template: a plain one to a parameter leads to the parameter's own default. */
export function expressionReader(document: TreeDocument, neighbours: readonly Neighbour[]): ReadExpression {
  return (value, place) => {
    const dynamic = value.kind === 'scalar' ? /^\{\{resolve:(.+)\}\}$/.exec(String(value.value))?.[1] : undefined;
    if (dynamic !== undefined) return fixed(place, 'it is a dynamic reference', `${dynamic}, read when it is deployed`);
    const name = referenced(value);
    if (name === undefined) {
      const isExpression = value.tag !== undefined || isIntrinsic(value);
      return isExpression ? fixed(place, 'it is an expression', originOf(document, value)) : undefined;
    }
    const parameter = mapOf(mapOf(document.root, 'Parameters'), name);
    if (parameter === undefined) return fixed(place, 'it refers to something that is no parameter of this template');
    return fromParameter(document, name, parameter, place, neighbours);
  };
}

function fromParameter(
  document: TreeDocument,
  name: string,
  parameter: MapTree,
  place: Parameters<ReadExpression>[1],
  neighbours: readonly Neighbour[],
): Setting {
  const line = (offset: number) => lineAt(document.text, offset);
  const declared = `the parameter ${name}, line ${line(parameter.start)}`;
  const given = pairOf(parameter, 'Default')?.value;
  if (given?.kind !== 'scalar' || given.value === null || given.tag !== undefined || given.quote === 'block') {
    return {
      ...fixed(place, 'the parameter has no default that is written out: its value is given at deployment', declared),
      there: (value) => `${name}=${place.spelling.write(value)} for the deployment`,
    };
  }
  const override = overrideOf(name, neighbours);
  if (override !== undefined) {
    return {
      ...fixed(place, 'the parameter is given another value at deployment', `${override}, for ${declared}`),
      there: (value) => `${name}=${place.spelling.write(value)} in ${override}`,
    };
  }
  const [other] = usesOf(document, name).filter(
    (offset) => offset < place.pair.keyStart || offset > (place.pair.value?.end ?? 0),
  );
  if (other !== undefined) {
    return fixed(place, `line ${line(other)} uses the same parameter and would change with it`, declared);
  }
  if (given.anchor !== undefined && document.aliased.has(given.anchor)) {
    return fixed(place, 'the default of the parameter stands under an anchor that others take over', declared);
  }
  const read = place.spelling.read(given.value);
  if (read === undefined)
    return fixed(place, 'the default of the parameter is not a value that Lambda knows for it', declared);
  return {
    kind: 'literal',
    value: read,
    at: given.start,
    splice: (value) => replaced(given, place.spelling.write(value), ['Parameters', name, 'Default']),
    refuses: (value) => brokenRule(parameter, String(place.spelling.write(value))),
    note: `It is the default of the parameter ${name}: a stack that was given a value of its own keeps that value until it is given this one.`,
  };
}

/** The default has to keep the parameter's own rules. */
function brokenRule(parameter: MapTree, value: string): string | undefined {
  const allowed = pairOf(parameter, 'AllowedValues')?.value;
  if (allowed?.kind === 'list') {
    const values = allowed.items.map((item) => (item.kind === 'scalar' ? String(item.value) : ''));
    if (!values.includes(value)) return `the parameter allows ${values.join(', ')} alone`;
  }
  for (const [key, breaks] of [
    ['MinValue', (limit: number) => Number(value) < limit],
    ['MaxValue', (limit: number) => Number(value) > limit],
  ] as const) {
    const limit = pairOf(parameter, key)?.value;
    if (limit?.kind === 'scalar' && breaks(Number(limit.value)))
      return `the parameter has ${key} ${String(limit.value)}`;
  }
  return undefined;
}

/** `!Ref Name` or `{"Ref": "Name"}`. */
export function referenced(value: Tree): string | undefined {
  if (value.kind === 'scalar' && value.tag === '!Ref') return String(value.value);
  const [only, ...more] = value.kind === 'map' ? value.pairs : [];
  if (only?.key !== 'Ref' || more.length > 0) return undefined;
  return only.value?.kind === 'scalar' ? String(only.value.value) : undefined;
}

/** `{"Fn::If": […]}` */
function isIntrinsic(value: Tree): boolean {
  const [only, ...more] = value.kind === 'map' ? value.pairs : [];
  return only !== undefined && more.length === 0 && only.key.startsWith('Fn::');
}

/** The condition, mapping or parameter that an expression names first. */
function originOf(document: TreeDocument, { start, end }: Tree): string | undefined {
  const names = document.text.slice(start, end).match(/[A-Za-z]\w*/g) ?? [];
  for (const name of names) {
    for (const section of ['Conditions', 'Mappings', 'Parameters']) {
      const pair = pairOf(mapOf(document.root, section), name);
      if (pair !== undefined) return `${name} of ${section}, line ${lineAt(document.text, pair.keyStart)}`;
    }
  }
  return undefined;
}

function usesOf(document: TreeDocument, name: string): readonly number[] {
  const uses: number[] = [];
  const visit = (value: Tree | undefined): void => {
    if (value === undefined || value.kind === 'alias') return;
    if (referenced(value) === name) uses.push(value.start);
    else if (value.kind === 'scalar') {
      if (typeof value.value === 'string' && value.value.includes(`\${${name}}`)) uses.push(value.start);
    } else if (value.kind === 'list') for (const item of value.items) visit(item);
    else for (const pair of value.pairs) visit(pair.value);
  };
  for (const key of ['Resources', 'Conditions', 'Globals', 'Mappings', 'Rules'])
    visit(pairOf(document.root, key)?.value);
  return uses;
}

/** `samconfig.toml`, or a file of parameters: whatever looks like a value for it there is taken for one. */
function overrideOf(name: string, neighbours: readonly Neighbour[]): string | undefined {
  const written = escaped(name);
  const given = new RegExp(
    `(?:ParameterKey["']?\\s*[:=]\\s*["']?${written}\\b|(?<![\\w])${written}\\\\?["']?\\s*[:=])`,
  );
  for (const { file, text } of neighbours) {
    const offset = text.search(given);
    if (offset >= 0) return `${file}:${lineAt(text, offset)}`;
  }
  return undefined;
}
