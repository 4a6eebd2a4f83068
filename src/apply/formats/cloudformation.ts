import { recordOf } from '../../base/keys.ts';
import {
  type MapTree,
  mapOf,
  type Pair,
  pairOf,
  type Tree,
  type TreeDocument,
  textOf,
} from '../../templates/tree/tree.ts';
import {
  type BuildPlace,
  type Definition,
  type Format,
  type Inherited,
  type Neighbour,
  type Property,
  properties,
  type Setting,
} from '../definition/definition.ts';
import { type Spellings, settingIn } from '../tree/settingIn.ts';
import { escaped, namePatternOf } from './namePattern.ts';
import { expressionReader, referenced } from './parameters.ts';
import { provisionedBeside, provisionedConcurrency } from './provisionedAlias.ts';
import { asArchitecture, asText, asWholeNumber, buildPlaces, ownerOf } from './treeFunction.ts';

/** Functions of a template of SAM or CloudFormation. */

const spellings = {
  memoryMb: {
    keys: ['MemorySize'],
    read: asWholeNumber,
    write: Number,
    whole: (value) => ({ MemorySize: Number(value) }),
    otherwise: '128',
  },
  architecture: {
    keys: ['Architectures'],
    inList: true,
    read: asArchitecture,
    write: asText,
    whole: (value) => ({ Architectures: [value] }),
    otherwise: 'x86_64',
  },
  runtime: { keys: ['Runtime'], read: asText, write: asText, whole: (value) => ({ Runtime: value }) },
  snapStart: {
    keys: ['SnapStart', 'ApplyOn'],
    read: (written) => (written === 'PublishedVersions' ? 'on' : written === 'None' ? 'off' : undefined),
    write: applyOn,
    whole: (value) => ({ SnapStart: { ApplyOn: applyOn(value) } }),
    otherwise: 'off',
  },
  logLevel: {
    keys: ['LoggingConfig', 'ApplicationLogLevel'],
    read: asText,
    write: asText,
    // Lambda takes log levels for JSON alone.
    whole: (value) => ({ LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: value } }),
  },
  provisionedConcurrency,
} as const satisfies Spellings;

function applyOn(value: string): string {
  return value === 'on' ? 'PublishedVersions' : 'None';
}

export function isTemplate({ root }: TreeDocument): boolean {
  const resources = mapOf(root, 'Resources');
  return (
    resources !== undefined &&
    (pairOf(root, 'AWSTemplateFormatVersion') !== undefined || functionsIn(resources, undefined).length > 0)
  );
}

export function functionsOfTemplate(document: TreeDocument, neighbours: readonly Neighbour[]): readonly Definition[] {
  const resources = mapOf(document.root, 'Resources');
  if (resources === undefined) return [];
  return functionsIn(resources, undefined).map((found) => definitionOf(document, found, neighbours));
}

interface Found {
  readonly pair: Pair;
  readonly map: MapTree;
  readonly path: readonly string[];
  readonly format: Format;
  readonly loop: Pair | undefined;
}

function functionsIn(
  resources: MapTree,
  loop: Pair | undefined,
  path: readonly string[] = ['Resources'],
): readonly Found[] {
  return resources.pairs.flatMap((pair): readonly Found[] => {
    if (pair.key.startsWith('Fn::ForEach')) {
      const inner = pair.value?.kind === 'list' ? pair.value.items.at(-1) : undefined;
      return inner?.kind === 'map' ? functionsIn(inner, pair, [...path, pair.key]) : [];
    }
    const format = formatOf(pair.value);
    if (format === undefined || pair.value?.kind !== 'map') return [];
    return [{ pair, map: pair.value, path: [...path, pair.key], format, loop }];
  });
}

function formatOf(resource: Tree | undefined): Format | undefined {
  const type = textOf(pairOf(resource, 'Type')?.value);
  if (type === 'AWS::Serverless::Function') return 'SAM';
  return type === 'AWS::Lambda::Function' ? 'CloudFormation' : undefined;
}

function definitionOf(document: TreeDocument, found: Found, neighbours: readonly Neighbour[]): Definition {
  const { pair, map, path, format, loop } = found;
  const given = mapOf(map, 'Properties');
  const owner =
    given &&
    ownerOf(document, { map: given, path: [...path, 'Properties'], at: pair.keyStart }, [
      document.root,
      mapOf(document.root, 'Resources'),
      map,
    ]);
  const read = expressionReader(document, neighbours);
  const settingOf = (property: Property): Setting => {
    if (loop !== undefined) {
      const because = 'a loop (Fn::ForEach) makes several functions of it';
      return { kind: 'fixed', at: loop.keyStart, expression: loop.key, because };
    }
    if (owner === undefined) {
      return { kind: 'fixed', at: pair.keyStart, expression: '', because: 'the resource has no Properties of its own' };
    }
    if (property === 'provisionedConcurrency' && !hasAlias(document, format, owner.map)) {
      return provisionedBeside(document, pair, read);
    }
    const own = settingIn(owner, spellings[property], read);
    if (own.kind !== 'absent' || format !== 'SAM') return own;
    return { ...own, inherited: inheritedFrom(document, property, read) };
  };
  const name = pairOf(given, 'FunctionName');
  const code = pairOf(given, 'PackageType') && textOf(pairOf(given, 'PackageType')?.value);
  return {
    format,
    select: pair.key,
    at: pair.keyStart,
    functionName: textOf(name?.value),
    namePattern: name?.value && namePatternOf(partsOfName(name.value)),
    logicalId: { text: escaped(pair.key), isExact: loop === undefined },
    stackName: stackNameOf(neighbours),
    handler: code === 'Image' ? undefined : textOf(pairOf(given, 'Handler')?.value),
    codePath: textOf(pairOf(given, 'CodeUri')?.value) ?? textOf(pairOf(given, 'Code')?.value),
    settings: recordOf(properties, settingOf),
    builds: buildsOf(document, map, given),
  };
}

/** SAM makes one, and provisions it. */
function hasAlias({ root }: TreeDocument, format: Format, given: MapTree): boolean {
  const globals = mapOf(mapOf(root, 'Globals'), 'Function');
  return format === 'SAM' && [given, globals].some((map) => pairOf(map, 'AutoPublishAlias') !== undefined);
}

/** `!Sub` and `Fn::Sub` with their text; a join in parts. */
function partsOfName(value: Tree): string {
  if (value.kind === 'scalar' && value.tag === '!Sub') return String(value.value);
  const sub = pairOf(value, 'Fn::Sub')?.value;
  return sub?.kind === 'scalar' ? String(sub.value) : '';
}

function inheritedFrom(
  document: TreeDocument,
  property: Property,
  read: ReturnType<typeof expressionReader>,
): Inherited | undefined {
  const map = mapOf(mapOf(document.root, 'Globals'), 'Function');
  const key = spellings[property].keys[0];
  if (map === undefined || pairOf(map, key) === undefined) return undefined;
  const owner = ownerOf(document, { map, path: ['Globals', 'Function'], at: map.start });
  return {
    from: 'Globals',
    setting: settingIn(owner, spellings[property], read),
    // aws/serverless-application-model#3939: fixed in June 2026, where templates are deployed, not in tools that are older.
    note:
      property === 'architecture'
        ? 'SAM before July 2026 adds the Architectures of Globals and function together, and Lambda refuses two: with such a version, --globals.'
        : undefined,
  };
}

function buildsOf(document: TreeDocument, resource: MapTree, given: MapTree | undefined): readonly BuildPlace[] {
  const metadata = mapOf(resource, 'Metadata');
  const layers = pairOf(given, 'Layers') ?? pairOf(mapOf(mapOf(document.root, 'Globals'), 'Function'), 'Layers');
  return [
    ...buildPlaces(document, 'layers', layers),
    ...layersMadeHere(document, layers?.value),
    ...buildPlaces(document, 'buildMethod', pairOf(metadata, 'BuildMethod')),
    ...buildPlaces(document, 'image', pairOf(metadata, 'Dockerfile')),
    ...buildPlaces(document, 'image', pairOf(metadata, 'DockerBuildArgs')),
    ...buildPlaces(document, 'image', pairOf(given, 'ImageUri')),
    ...buildPlaces(document, 'package', pairOf(given, 'CodeUri') ?? pairOf(given, 'Code')),
  ];
}

/** Layers of the same template say themselves what they are made for. */
function layersMadeHere(document: TreeDocument, layers: Tree | undefined): readonly BuildPlace[] {
  const items = layers?.kind === 'list' ? layers.items : [];
  return items.flatMap((item) => {
    const layer = mapOf(mapOf(document.root, 'Resources'), referenced(item) ?? '');
    return [
      ...buildPlaces(document, 'layers', pairOf(mapOf(layer, 'Properties'), 'CompatibleArchitectures')),
      ...buildPlaces(document, 'layers', pairOf(mapOf(layer, 'Metadata'), 'BuildArchitecture')),
      ...buildPlaces(document, 'buildMethod', pairOf(mapOf(layer, 'Metadata'), 'BuildMethod')),
    ];
  });
}

/** What `sam deploy` is told in `samconfig.toml`, of whatever environment. */
function stackNameOf(neighbours: readonly Neighbour[]): RegExp | undefined {
  const names = neighbours.flatMap(({ text }) =>
    [...text.matchAll(/^\s*stack_name["']?\s*[:=]\s*["']?([A-Za-z][\w-]*)/gm)].map(([, name = '']) => name),
  );
  return names.length === 0 ? undefined : new RegExp(`^(?:${names.join('|')})$`);
}

/** For what is to be written by hand. */
export function templateLine(property: Property, value: string): string {
  const [[key, whole] = ['', '']] = Object.entries(spellings[property].whole(value));
  const written = typeof whole === 'object' ? JSON.stringify(whole) : String(whole);
  const spaced = written.replaceAll('"', '').replaceAll(':', ': ').replaceAll(',', ', ');
  return `${key}: ${spaced.replace(/^\{(.*)\}$/, '{ $1 }')}`;
}
