import { isList, isMap, mapAt, own, type TemplateTree, type TreeMap } from './document.ts';
import { isUnresolved, isValueMap, textOf, type Unresolved, unresolved, type Value } from './value.ts';

/** What CloudFormation's expressions are resolved with. */
export interface Scope {
  readonly tree: TreeMap;
  /** Given values: of parameters, and of whatever a `Ref` or `GetAtt` names (`Table`, `Table.Arn`). */
  readonly parameters: Readonly<Record<string, string>>;
  readonly region: string;
  readonly accountId: string;
}

/** Expressions within expressions; a template's own limit is far below. */
const deepest = 60;

/** The value of a tree with all that can be known resolved; what cannot be stands at its own place. */
export function resolve(tree: TemplateTree | undefined, scope: Scope, depth = 0): Value {
  // Undefined, or what another syntax could not resolve.
  if (tree === undefined || isUnresolved(tree)) return tree;
  if (depth > deepest) return unresolved('an expression that is too deep');
  if (typeof tree === 'string') return dynamicReference(tree) ?? tree;
  const inner = (part: TemplateTree | undefined) => resolve(part, scope, depth + 1);
  if (isList(tree)) return tree.map(inner).filter((item) => item !== undefined);
  const [first, ...others] = Object.keys(tree);
  if (first !== undefined && others.length === 0 && (first === 'Ref' || first.startsWith('Fn::'))) {
    const argument = own(tree, first);
    const known = Object.hasOwn(functions, first) ? functions[first] : undefined;
    return known === undefined ? unresolved(`!${first.replace('Fn::', '')}`) : known(argument ?? '', scope, inner);
  }
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, part]) => {
      const value = inner(part);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

type Inner = (part: TemplateTree | undefined) => Value;

const functions: Readonly<Record<string, (argument: TemplateTree, scope: Scope, inner: Inner) => Value>> = {
  Ref: (argument, scope) => (typeof argument === 'string' ? reference(argument, scope) : unresolved('!Ref')),
  'Fn::GetAtt'(argument, scope) {
    const written = isList(argument)
      ? argument.filter((part) => typeof part === 'string').join('.')
      : textOf(argument as Value);
    return attribute(written ?? '', scope);
  },
  'Fn::Sub'(argument, scope, inner) {
    const [text, variables] = isList(argument) ? argument : [argument, {}];
    if (typeof text !== 'string') return unresolved('!Sub');
    return substitute(text, isMap(variables) ? variables : {}, scope, inner);
  },
  'Fn::Join'(argument, _scope, inner) {
    const [separator, parts] = isList(argument) ? argument.map(inner) : [];
    if (isUnresolved(parts)) return parts;
    if (typeof separator !== 'string' || !Array.isArray(parts)) return unresolved('!Join');
    return joined(parts, separator);
  },
  'Fn::Split'(argument, _scope, inner) {
    const [separator, text] = isList(argument) ? argument.map(inner) : [];
    if (isUnresolved(text)) return text;
    return typeof separator === 'string' && typeof text === 'string' ? text.split(separator) : unresolved('!Split');
  },
  'Fn::Select'(argument, _scope, inner) {
    const [index, list] = isList(argument) ? argument.map(inner) : [];
    if (isUnresolved(list)) return list;
    if (isUnresolved(index)) return index;
    const chosen: Value = Array.isArray(list) ? list[Number(index)] : undefined;
    return chosen ?? unresolved('!Select');
  },
  'Fn::FindInMap'(argument, { tree }, inner) {
    const [name, top, second, options] = isList(argument) ? argument : [];
    const keys = [name, top, second].map(inner);
    const unknown = keys.find(isUnresolved);
    if (unknown !== undefined) return unknown;
    const [one = '', two = '', three = ''] = keys.map((key) => textOf(key) ?? '');
    const found = own(mapAt(mapAt(mapAt(tree, 'Mappings'), one), two), three);
    const otherwise = isMap(options) ? own(options, 'DefaultValue') : undefined;
    return inner(found ?? otherwise) ?? unresolved(`!FindInMap [${one}, ${two}, ${three}]`);
  },
  'Fn::If'(argument, scope, inner) {
    const [condition, yes, no] = isList(argument) ? argument : [];
    if (typeof condition !== 'string') return unresolved('!If');
    const holds = conditionNamed(condition, scope);
    return isUnresolved(holds) ? holds : inner(holds ? yes : no);
  },
  'Fn::Base64'(argument, _scope, inner) {
    const text = inner(argument);
    return typeof text === 'string' ? Buffer.from(text).toString('base64') : text;
  },
};

function reference(name: string, { tree, parameters, region, accountId }: Scope): Value {
  const parameter = mapAt(mapAt(tree, 'Parameters'), name);
  const type = textOf(own(parameter, 'Type') as Value) ?? '';
  const listed = (text: string) =>
    type === 'CommaDelimitedList' || /List<.*>$/.test(type) ? text.split(',').map((item) => item.trim()) : text;
  const given = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (given !== undefined) return listed(given);
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  switch (name) {
    case 'AWS::NoValue':
      return undefined;
    case 'AWS::Region':
      return region;
    case 'AWS::AccountId':
      return accountId;
    case 'AWS::Partition':
      return partition;
    case 'AWS::URLSuffix':
      return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  }
  const byDefault = own(parameter, 'Default');
  // The default of these is the name of a parameter in Systems Manager.
  if (typeof byDefault !== 'string' || type.startsWith('AWS::SSM::')) return unresolved(`!Ref ${name}`, name);
  return dynamicReference(byDefault) ?? listed(byDefault);
}

function attribute(written: string, { parameters }: Scope): Value {
  if (Object.hasOwn(parameters, written)) return parameters[written];
  return unresolved(`!GetAtt ${written}`, written);
}

function substitute(text: string, variables: TreeMap, scope: Scope, inner: Inner): Value {
  const parts: Value[] = [];
  let at = 0;
  for (const match of text.matchAll(/\$\{([^}]*)\}/g)) {
    const name = (match[1] ?? '').trim();
    parts.push(text.slice(at, match.index));
    at = match.index + match[0].length;
    if (name.startsWith('!')) parts.push(`\${${name.slice(1)}}`);
    else if (own(variables, name) !== undefined) parts.push(inner(own(variables, name)));
    else parts.push(name.includes('.') ? attribute(name, scope) : reference(name, scope));
  }
  const whole = joined([...parts, text.slice(at)], '');
  return typeof whole === 'string' ? (dynamicReference(whole) ?? whole) : whole;
}

function joined(parts: readonly Value[], separator: string): string | Unresolved {
  const unknown = parts.find(isUnresolved);
  if (unknown !== undefined) return unknown;
  return parts.map((part) => textOf(part) ?? '').join(separator);
}

/** `{{resolve:ssm:…}}`: known at deployment only. */
function dynamicReference(text: string): Unresolved | undefined {
  const found = /\{\{resolve:([a-z-]+):[^}]*\}\}/.exec(text)?.[1];
  return found === undefined ? undefined : unresolved(`{{resolve:${found}:…}}`);
}

export function conditionNamed(name: string, scope: Scope): boolean | Unresolved {
  const condition = own(mapAt(scope.tree, 'Conditions'), name);
  const inner = (part: TemplateTree | undefined) => resolve(part, scope);
  return condition === undefined ? unresolved(`the condition ${name}`) : holds(condition, scope, inner, 0);
}

function holds(condition: TemplateTree, scope: Scope, inner: Inner, depth: number): boolean | Unresolved {
  if (depth > deepest || !isMap(condition)) return unresolved('a condition');
  const [name = ''] = Object.keys(condition);
  const argument = own(condition, name) ?? '';
  const each = () => (isList(argument) ? argument : []).map((one) => holds(one, scope, inner, depth + 1));
  switch (name) {
    case 'Condition': {
      const other = own(mapAt(scope.tree, 'Conditions'), String(argument));
      return other === undefined
        ? unresolved(`the condition ${String(argument)}`)
        : holds(other, scope, inner, depth + 1);
    }
    case 'Fn::Equals': {
      const [one, other] = isList(argument) ? argument.map(inner) : [];
      if (isUnresolved(one)) return one;
      if (isUnresolved(other)) return other;
      return JSON.stringify(one) === JSON.stringify(other);
    }
    case 'Fn::Not': {
      const [one] = each();
      return isUnresolved(one) ? one : one !== true;
    }
    case 'Fn::And':
    case 'Fn::Or': {
      const decides = name === 'Fn::Or';
      const all = each();
      if (all.includes(decides)) return decides;
      return all.find(isUnresolved) ?? !decides;
    }
    default:
      return unresolved(`!${name.replace('Fn::', '')}`);
  }
}

/** Text at a key of a resolved map. */
export function textAt(value: Value, key: string): string | undefined {
  return isValueMap(value) ? textOf(value[key]) : undefined;
}
