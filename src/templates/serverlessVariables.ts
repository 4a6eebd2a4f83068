import { isList, isMap, own, type TemplateTree, type TreeMap } from './document.ts';
import { isUnresolved, type Unresolved, unresolved } from './value.ts';

/** Serverless Framework's `${…}`, replaced before anything else is looked at. */
export interface Variables {
  /** The whole file, for `self:`. */
  readonly tree: TreeMap;
  /** For `opt:` and `param:`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** For `env:`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stage: string;
  readonly region: string;
  readonly accountId: string;
  /** For `file()`, by its path as it is written; undefined for what is not there. */
  readonly files: Readonly<Record<string, TemplateTree | undefined>>;
  wants(path: string): void;
}

type Found = TemplateTree | Unresolved | undefined;

/** `self:` may lead around in a circle. */
const deepest = 30;

/** The tree with its variables replaced. What is not known stands at its own place, as the resolved trees have it. */
export function withVariables(tree: TemplateTree, variables: Variables): TemplateTree {
  // What follows passes on what is unresolved, and looks at nothing in it.
  return replaced(tree, variables, 0) as TemplateTree;
}

function replaced(tree: TemplateTree, variables: Variables, depth: number): TemplateTree | Unresolved {
  if (depth > deepest) return unresolved('a variable that leads back to itself');
  if (typeof tree === 'string') return replacedText(tree, variables, depth);
  if (isUnresolved(tree)) return tree;
  if (isList(tree)) return tree.map((one) => replaced(one, variables, depth)) as TemplateTree;
  return Object.fromEntries(
    Object.entries(tree).map(([key, one]) => [key, replaced(one, variables, depth)]),
  ) as unknown as TemplateTree;
}

function replacedText(text: string, variables: Variables, depth: number): TemplateTree | Unresolved {
  let done = '';
  let at = 0;
  for (let from = text.indexOf('${'); from >= 0; from = text.indexOf('${', at)) {
    const end = closing(text, from);
    if (end === undefined) break;
    const expression = text.slice(from + 2, end);
    done += text.slice(at, from);
    at = end + 1;
    if (!isVariable(expression)) {
      // CloudFormation's own, which it replaces.
      done += text.slice(from, at);
      continue;
    }
    const found = lookUp(expression, variables, depth + 1);
    if (found === undefined) return unresolved(`\${${short(expression)}}`);
    if (isUnresolved(found)) return found;
    // A variable may stand for a map or a list only where it stands alone.
    if (from === 0 && at === text.length) return found;
    if (typeof found !== 'string') return unresolved(`\${${short(expression)}}`);
    done += found;
  }
  return done + text.slice(at);
}

function isVariable(expression: string): boolean {
  return /^\s*[A-Za-z][\w-]*(?::(?!:)|\()/.test(expression);
}

function short(expression: string): string {
  // A text to fall back on is nobody's business.
  return (splitTop(expression)[0] ?? '').trim().slice(0, 80);
}

/** Sources in turn, the last one often a literal. */
function lookUp(expression: string, variables: Variables, depth: number): Found {
  let unknown: Unresolved | undefined;
  for (const source of splitTop(expression)) {
    const inner = replaced(source.trim(), variables, depth);
    if (isUnresolved(inner)) {
      unknown ??= inner;
      continue;
    }
    const found = typeof inner === 'string' ? sourceOf(inner, variables, depth) : inner;
    if (isUnresolved(found)) {
      // In an account or another file there may be a value, and what to fall back on would not be used.
      return found;
    }
    if (found !== undefined) return found;
  }
  return unknown;
}

function sourceOf(source: string, variables: Variables, depth: number): Found {
  const quoted = /^(['"])(.*)\1$/s.exec(source)?.[2];
  if (quoted !== undefined) return quoted;
  const file = /^file\(([^()]*)\)(?::(.*))?$/s.exec(source);
  if (file !== null) return ofFile(file[1]?.trim() ?? '', file[2] ?? '', variables, depth);
  const [, kind, rest = ''] = /^([A-Za-z][\w-]*):(.*)$/s.exec(source) ?? [];
  if (kind === undefined)
    return /^(?:-?\d[\d.]*|true|false)$/.test(source) ? source : unresolved(`\${${short(source)}}`);
  const { parameters, env, tree } = variables;
  switch (kind) {
    case 'self':
      return memberAt(tree, rest, variables, depth);
    case 'opt':
      if (Object.hasOwn(parameters, rest)) return parameters[rest];
      return undefined;
    case 'env':
      return env[rest];
    case 'sls':
      return rest === 'stage' ? variables.stage : unresolved(`\${${short(source)}}`);
    case 'aws':
      if (rest === 'region') return variables.region;
      return rest === 'accountId' ? variables.accountId : unresolved(`\${${short(source)}}`);
    case 'param':
      return parameters[rest] ?? stageParameter(rest, variables, depth);
    default:
      return unresolved(`\${${short(source)}}`);
  }
}

function memberAt(tree: TemplateTree, address: string, variables: Variables, depth: number): Found {
  const keys = address === '' ? [] : address.split('.');
  const found = keys.reduce<Found>((at, key) => {
    if (at === undefined || isUnresolved(at)) return at;
    if (isList(at)) return at[Number(key)];
    return isMap(at) ? own(at, key) : undefined;
  }, tree);
  return found === undefined || isUnresolved(found) ? found : replaced(found, variables, depth);
}

/** Programs are not run. */
function ofFile(path: string, address: string, variables: Variables, depth: number): Found {
  const unknown = unresolved(`\${file(${path.slice(0, 80)})${address === '' ? '' : `:${address}`}}`);
  if (!/\.(?:ya?ml|json)$/i.test(path)) return unknown;
  if (!Object.hasOwn(variables.files, path)) {
    variables.wants(path);
    return unknown;
  }
  const file = variables.files[path];
  return file === undefined ? undefined : memberAt(file, address, variables, depth);
}

function stageParameter(name: string, variables: Variables, depth: number): Found {
  for (const path of [
    `stages.${variables.stage}.params`,
    'stages.default.params',
    `params.${variables.stage}`,
    'params.default',
  ]) {
    const found = sourceOf(`self:${path}.${name}`, variables, depth);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** At the commas outside of quotes and inner variables. */
function splitTop(expression: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  let open = 0;
  let quote: string | undefined;
  for (let at = 0; at < expression.length; at += 1) {
    const letter = expression.charAt(at);
    if (quote !== undefined) {
      if (letter === quote) quote = undefined;
    } else if (letter === "'" || letter === '"') quote = letter;
    else if (letter === '{' || letter === '(') open += 1;
    else if (letter === '}' || letter === ')') open -= 1;
    else if (letter === ',' && open === 0) {
      parts.push(expression.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, expression.slice(from)];
}

function closing(text: string, from: number): number | undefined {
  let open = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text.startsWith('${', at)) open += 1;
    else if (text.charAt(at) === '}') {
      open -= 1;
      if (open === 0) return at;
    }
  }
  return undefined;
}
