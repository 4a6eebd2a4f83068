import {
  type BuildPlace,
  type Definition,
  type Neighbour,
  type Property,
  properties,
  type Setting,
  type Splice,
} from '../definition/definition.ts';
import { indentAt, lineAt, lineBreakAt, lineEnd, lineStart, oneLine } from '../definition/places.ts';
import { namePatternOf } from '../formats/namePattern.ts';
import { leafText, pathText } from '../tree/tree.ts';
import { type HclAttribute, type HclBlock, hclBlocks } from './hclBlocks.ts';

/** Functions of a file of Terraform: the resource, and the module that most people take instead of it. */

interface Spelling {
  /** The block that it stands in, where it has one. */
  readonly block?: string;
  readonly name: string;
  readonly inList?: true;
  read(literal: string | number | boolean): string | undefined;
  write(value: string): string | number | boolean;
  /** Besides it, where its block is made. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly otherwise?: string;
}

const text = (literal: string | number | boolean) => String(literal);
const architecture = (literal: string | number | boolean) =>
  literal === 'arm64' || literal === 'x86_64' ? literal : undefined;

const memoryMb: Spelling = { name: 'memory_size', read: text, write: Number, otherwise: '128' };
const architectures: Spelling = {
  name: 'architectures',
  inList: true,
  read: architecture,
  write: text,
  otherwise: 'x86_64',
};
const runtime: Spelling = { name: 'runtime', read: text, write: text };

const ofResource: Readonly<Record<Property, Spelling>> = {
  memoryMb,
  architecture: architectures,
  runtime,
  snapStart: {
    block: 'snap_start',
    name: 'apply_on',
    read: (literal) => (literal === 'PublishedVersions' ? 'on' : literal === 'None' ? 'off' : undefined),
    write: (value) => (value === 'on' ? 'PublishedVersions' : 'None'),
    otherwise: 'off',
  },
  logLevel: {
    block: 'logging_config',
    name: 'application_log_level',
    read: text,
    write: text,
    beside: { log_format: 'JSON' },
  },
};

const ofModule: Readonly<Record<Property, Spelling>> = {
  memoryMb,
  architecture: architectures,
  runtime,
  snapStart: {
    name: 'snap_start',
    read: (literal) => (literal === true ? 'on' : literal === false ? 'off' : undefined),
    write: (value) => value === 'on',
    otherwise: 'off',
  },
  logLevel: { name: 'logging_application_log_level', read: text, write: text },
};

/** Undefined: it cannot be read. */
export function functionsOfTerraform(
  source: string,
  neighbours: readonly Neighbour[],
): readonly Definition[] | undefined {
  const blocks = hclBlocks(source);
  if (blocks === undefined) return undefined;
  return blocks.flatMap((block): readonly Definition[] => {
    const [first = '', second = ''] = block.labels;
    if (block.type === 'resource' && first === 'aws_lambda_function') {
      return [
        definitionOf(source, block, `aws_lambda_function.${second}`, ofResource, neighbours, [
          'resource',
          first,
          second,
        ]),
      ];
    }
    const module = attributeOf(block, 'source');
    const from = module && literalOf(source.slice(module.start, module.end));
    if (
      block.type === 'module' &&
      typeof from === 'string' &&
      /(?:^|\/)terraform-aws-modules\/(?:terraform-aws-)?lambda\b/.test(from)
    ) {
      return [definitionOf(source, block, `module.${first}`, ofModule, neighbours, ['module', first])];
    }
    return [];
  });
}

function definitionOf(
  source: string,
  block: HclBlock,
  select: string,
  spellings: Readonly<Record<Property, Spelling>>,
  neighbours: readonly Neighbour[],
  path: readonly string[],
): Definition {
  const written = (name: string): string | undefined => {
    const attribute = attributeOf(block, name);
    return attribute && source.slice(attribute.start, attribute.end);
  };
  const name = written('function_name');
  const literalName = name === undefined ? undefined : literalOf(name);
  const handler = literalOf(written('handler') ?? '');
  const codePath = literalOf(written('source_path') ?? '');
  const loop = loopOf(source, block);
  const settingOf = (property: Property): Setting =>
    loop ?? settingIn({ source, block, path: [...path, '0'], neighbours }, spellings[property]);
  return {
    format: 'Terraform',
    select,
    at: block.at,
    functionName: typeof literalName === 'string' ? literalName : undefined,
    namePattern:
      name?.startsWith('"') === true && typeof literalName !== 'string' ? namePatternOf(name.slice(1, -1)) : undefined,
    handler: typeof handler === 'string' ? handler : undefined,
    codePath: typeof codePath === 'string' ? codePath : undefined,
    settings: Object.fromEntries(
      properties.map((property) => [property, settingOf(property)]),
    ) as Definition['settings'],
    builds: buildsOf(source, block),
  };
}

/** `count` that is one or none is a switch, not a loop. */
function loopOf(source: string, block: HclBlock): Setting | undefined {
  const attribute = attributeOf(block, 'for_each') ?? attributeOf(block, 'count');
  if (attribute === undefined) return undefined;
  const expression = source.slice(attribute.start, attribute.end);
  const isSwitch = attribute.name === 'count' && /^(?:[01]|.*\?\s*[01]\s*:\s*[01])$/s.test(expression);
  if (isSwitch) return undefined;
  return {
    kind: 'fixed',
    at: attribute.at,
    expression: oneLine(`${attribute.name} = ${expression}`),
    because: 'a loop makes several functions of it',
  };
}

interface Owner {
  readonly source: string;
  readonly block: HclBlock;
  readonly path: readonly string[];
  readonly neighbours: readonly Neighbour[];
}

function settingIn(owner: Owner, spelling: Spelling): Setting {
  const { source, block, path, neighbours } = owner;
  const inner = spelling.block === undefined ? block : block.blocks.find(({ type }) => type === spelling.block);
  const dynamic = block.blocks.find(({ type, labels }) => type === 'dynamic' && labels[0] === spelling.block);
  if (spelling.block !== undefined && dynamic !== undefined) {
    return {
      kind: 'fixed',
      at: dynamic.at,
      expression: `dynamic "${spelling.block}"`,
      because: 'it is a dynamic block',
    };
  }
  const innerPath = spelling.block === undefined ? path : [...path, spelling.block, '0'];
  const attribute = inner && attributeOf(inner, spelling.name);
  if (inner === undefined || attribute === undefined) {
    return {
      kind: 'absent',
      at: block.at,
      otherwise: spelling.otherwise,
      splice: (value) => added(owner, inner, spelling, innerPath, value),
    };
  }
  const expression = source.slice(attribute.start, attribute.end);
  const fixed = (because: string): Setting => ({
    kind: 'fixed',
    at: attribute.at,
    expression: oneLine(expression),
    because,
    comesFrom: originOf(expression, [{ file: '', text: source }, ...neighbours]),
  });
  const item = spelling.inList ? /^\[\s*("[^"\n]*")\s*,?\s*\]$/.exec(expression)?.[1] : expression;
  const literal = item === undefined ? undefined : literalOf(item);
  const read = literal === undefined ? undefined : spelling.read(literal);
  if (item === undefined || read === undefined || literal === undefined) return fixed('it is an expression');
  const quotes = item.startsWith('"') ? 1 : 0;
  const start = attribute.start + expression.indexOf(item) + quotes;
  const splice = (value: string): Splice => {
    const written = spelling.write(value);
    return {
      start,
      end: start + item.length - 2 * quotes,
      text: String(written),
      expects: [
        {
          path: hclPath(innerPath, spelling),
          // The parser of the check gives text where text stands.
          leaf: leafText(typeof literal === 'string' ? String(written) : written),
        },
      ],
    };
  };
  return { kind: 'literal', value: read, at: start, splice };
}

/** The parser's own document has an array for the blocks of one name, and one for a list. */
function hclPath(path: readonly string[], { name, inList }: Spelling): string {
  const parts = [...path, name].map((part) => (part === '0' ? 0 : part));
  return pathText(inList ? [...parts, 0] : parts);
}

/** Attributes that its line is put behind: the first of them that is there and on one line. */
const companions = ['memory_size', 'timeout', 'runtime', 'handler', 'function_name', 'role', 'source'];

function added(
  owner: Owner,
  inner: HclBlock | undefined,
  spelling: Spelling,
  path: readonly string[],
  value: string,
): Splice | undefined {
  const { source, block } = owner;
  const written = spelling.write(value);
  const quoted = typeof written === 'string' ? JSON.stringify(written) : String(written);
  const expression = spelling.inList ? `[${quoted}]` : quoted;
  const expects = [{ path: hclPath(path, spelling), leaf: leafText(written) }];
  if (spelling.block !== undefined && inner === undefined) {
    const beside = Object.entries(spelling.beside ?? {});
    const anchor = anchorIn(source, block);
    if (anchor === undefined) return undefined;
    const { offset, breaks, indent } = behind(source, anchor);
    const pairs = [
      ...beside.map(([key, text]) => `${key} = ${JSON.stringify(text)}`),
      `${spelling.name} = ${expression}`,
    ];
    // A block on one line may hold one attribute alone.
    const lines =
      pairs.length === 1
        ? [`${spelling.block} { ${pairs[0] ?? ''} }`]
        : [`${spelling.block} {`, ...pairs.map((pair) => `  ${pair}`), '}'];
    return {
      start: offset,
      end: offset,
      text: lines.map((line) => `${breaks}${indent}${line}`).join(''),
      expects: [
        ...expects,
        ...beside.map(([key, text]) => ({ path: hclPath(path, { ...spelling, name: key }), leaf: leafText(text) })),
      ],
    };
  }
  const anchor = anchorIn(source, inner ?? block);
  if (anchor === undefined) return undefined;
  const { offset, breaks, indent } = behind(source, anchor);
  // Signs of one group of lines stand below each other.
  const width = Math.max(spelling.name.length, lastOf(source.slice(anchor.at, anchor.equalsAt)).length - 1);
  return {
    start: offset,
    end: offset,
    text: `${breaks}${indent}${spelling.name.padEnd(width)} = ${expression}`,
    expects,
  };
}

function lastOf(written: string): string {
  return written.endsWith(' ') ? written : `${written} `;
}

function anchorIn(source: string, block: HclBlock): HclAttribute | undefined {
  const onOneLine = block.attributes.filter(
    ({ at, end }) =>
      lineAt(source, at) === lineAt(source, end) &&
      /^[ \t]*$/.test(source.slice(lineStart(source, at), at)) &&
      lineStart(source, at) > block.at,
  );
  const companion = companions
    .map((name) => onOneLine.find((one) => one.name === name))
    .find((one) => one !== undefined);
  return companion ?? onOneLine.at(-1);
}

function behind(source: string, { at, end }: HclAttribute) {
  return { offset: lineEnd(source, end), breaks: lineBreakAt(source, end), indent: indentAt(source, at) };
}

function attributeOf(block: HclBlock, name: string): HclAttribute | undefined {
  return block.attributes.find((attribute) => attribute.name === name);
}

/** A number, true, false, or a text without a template. */
function literalOf(expression: string): string | number | boolean | undefined {
  if (/^\d+$/.test(expression)) return Number(expression);
  if (expression === 'true' || expression === 'false') return expression === 'true';
  return /^"[^"\\$%\n]*"$/.test(expression) ? expression.slice(1, -1) : undefined;
}

/** Where the variable or local of an expression is declared. */
function originOf(expression: string, files: readonly Neighbour[]): string | undefined {
  const variable = /\bvar\.([\w-]+)/.exec(expression)?.[1];
  const local = /\blocal\.([\w-]+)/.exec(expression)?.[1];
  const name = variable ?? local;
  if (name === undefined) return /\beach\.|\bcount\./.test(expression) ? 'the loop of the resource' : undefined;
  for (const { file, text: content } of files) {
    const declared =
      variable === undefined
        ? (hclBlocks(content) ?? [])
            .filter(({ type }) => type === 'locals')
            .flatMap(({ attributes }) => attributes)
            .find((one) => one.name === name)
        : (hclBlocks(content) ?? []).find(({ type, labels }) => type === 'variable' && labels[0] === name);
    if (declared !== undefined) {
      const line = lineAt(content, declared.at);
      return `${variable === undefined ? 'local' : 'var'}.${name}, ${file === '' ? `line ${line}` : `${file}:${line}`}`;
    }
  }
  return `${variable === undefined ? 'local' : 'var'}.${name}`;
}

function buildsOf(source: string, block: HclBlock): readonly BuildPlace[] {
  const place = (kind: BuildPlace['kind'], name: string): readonly BuildPlace[] => {
    const attribute = attributeOf(block, name);
    return attribute === undefined
      ? []
      : [{ at: attribute.at, kind, text: oneLine(source.slice(attribute.at, attribute.end)) }];
  };
  return [
    ...place('layers', 'layers'),
    ...place('image', 'image_uri'),
    ...place('package', 'filename'),
    ...place('package', 'source_path'),
    ...place('buildMethod', 'build_in_docker'),
    ...place('package', 's3_key'),
  ];
}

/** For what is to be written by hand. */
export function terraformLine(property: Property, value: string, isModule: boolean): string {
  const spelling = (isModule ? ofModule : ofResource)[property];
  const written = spelling.write(value);
  const quoted = typeof written === 'string' ? JSON.stringify(written) : String(written);
  const line = `${spelling.name} = ${spelling.inList ? `[${quoted}]` : quoted}`;
  return spelling.block === undefined ? line : `${spelling.block} { ${line} }`;
}
