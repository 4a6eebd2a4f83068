import {
  type MapTree,
  mapOf,
  type Pair,
  pairOf,
  type Tree,
  type TreeDocument,
  textOf,
} from '../../templates/tree/tree.ts';
import type { BuildPlace, Definition, Inherited, Property, Setting } from '../definition/definition.ts';
import { lineAt, oneLine } from '../definition/places.ts';
import { fixed, type ReadExpression, type Spellings, settingIn } from '../tree/settingIn.ts';
import { namePatternOf } from './namePattern.ts';
import { asArchitecture, asText, asWholeNumber, buildPlaces, ownerOf, settingsBy } from './treeFunction.ts';

/** Functions of a serverless.yml. */

const spellings = {
  memoryMb: {
    keys: ['memorySize'],
    read: asWholeNumber,
    write: Number,
    whole: (value) => ({ memorySize: Number(value) }),
    otherwise: '1024',
  },
  architecture: {
    keys: ['architecture'],
    read: asArchitecture,
    write: asText,
    whole: (value) => ({ architecture: value }),
    otherwise: 'x86_64',
  },
  runtime: { keys: ['runtime'], read: asText, write: asText, whole: (value) => ({ runtime: value }) },
  snapStart: {
    keys: ['snapStart'],
    read: (written) => (typeof written === 'boolean' ? (written ? 'on' : 'off') : undefined),
    write: (value) => value === 'on',
    whole: (value) => ({ snapStart: value === 'on' }),
    otherwise: 'off',
  },
  logLevel: {
    keys: ['logs', 'applicationLogLevel'],
    read: asText,
    write: asText,
    whole: (value) => ({ logs: { logFormat: 'JSON', applicationLogLevel: value } }),
  },
  // Of the version that the framework publishes with each deployment.
  provisionedConcurrency: {
    keys: ['provisionedConcurrency'],
    read: asWholeNumber,
    write: Number,
    whole: (value) => ({ provisionedConcurrency: Number(value) }),
  },
} as const satisfies Spellings;

export function isServerless({ root }: TreeDocument): boolean {
  return (
    pairOf(root, 'service') !== undefined &&
    pairOf(root, 'provider') !== undefined &&
    pairOf(root, 'functions') !== undefined
  );
}

export function functionsOfServerless(document: TreeDocument): readonly Definition[] {
  const given = pairOf(document.root, 'functions')?.value;
  const lists = given?.kind === 'list' ? given.items : given === undefined ? [] : [given];
  return lists.flatMap((list, index) => {
    if (list.kind !== 'map') return [];
    const path = given?.kind === 'list' ? ['functions', index] : ['functions'];
    return list.pairs.flatMap((pair) =>
      pair.value?.kind === 'map' ? [definitionOf(document, list, pair, pair.value, [...path, pair.key])] : [],
    );
  });
}

function definitionOf(
  document: TreeDocument,
  list: MapTree,
  pair: Pair,
  map: MapTree,
  path: readonly (string | number)[],
): Definition {
  const owner = ownerOf(document, { map, path, at: pair.keyStart }, [document.root, list]);
  const name = textOf(pairOf(map, 'name')?.value);
  const hasExpression = name?.includes('${') === true;
  const settingOf = (property: Property): Setting => {
    // Versions differ in where they take it: only a level that is already written is known to be taken there.
    if (property === 'logLevel' && pairOf(mapOf(map, 'logs'), 'applicationLogLevel') === undefined) {
      const because = 'versions of the framework write log levels differently';
      return { kind: 'fixed', at: pair.keyStart, expression: '', because };
    }
    const own = settingIn(owner, spellings[property], readVariable);
    return own.kind === 'absent' && property !== 'logLevel'
      ? { ...own, inherited: fromProvider(document, property) }
      : own;
  };
  return {
    format: 'Serverless Framework',
    select: pair.key,
    at: pair.keyStart,
    functionName: hasExpression ? undefined : name,
    namePattern: name === undefined ? defaultName(document, pair.key) : namePatternOf(name),
    logicalId: { text: logicalIdOf(pair.key), isExact: true },
    handler: textOf(pairOf(map, 'handler')?.value),
    settings: settingsBy(settingOf),
    builds: buildsOf(document, map),
  };
}

function fromProvider(document: TreeDocument, property: Exclude<Property, 'logLevel'>): Inherited | undefined {
  const map = mapOf(document.root, 'provider');
  if (map === undefined || pairOf(map, spellings[property].keys[0]) === undefined) return undefined;
  const owner = ownerOf(document, { map, path: ['provider'], at: map.start });
  return { from: 'provider', setting: settingIn(owner, spellings[property], readVariable) };
}

/** `${self:custom.memory}`, `${opt:stage}`, `${file(…)}`, … */
const readVariable: ReadExpression = (value, place) => {
  const written = value.kind === 'scalar' && typeof value.value === 'string' ? value.value : '';
  if (!written.includes('${')) return undefined;
  return fixed(place, 'it is a variable of the framework', originOf(written, place.owner.document));
};

function originOf(written: string, document: TreeDocument): string {
  const own = /\$\{self:([\w.-]+)/.exec(written)?.[1]?.replace(/\.$/, '');
  if (own === undefined) {
    const [, source = written] = /\$\{([^}:,(]+)/.exec(written) ?? [];
    return source.trim() === 'file' ? oneLine(written) : `${source.trim()}, given when it is deployed`;
  }
  let at: Tree | undefined = document.root;
  let pair: Pair | undefined;
  for (const key of own.split('.')) {
    pair = pairOf(at, key) ?? pair;
    at = pairOf(at, key)?.value;
  }
  return pair === undefined ? own : `${own}, line ${lineAt(document.text, pair.keyStart)}`;
}

/** `<service>-<stage>-<key>` */
function defaultName({ root }: TreeDocument, key: string): RegExp | undefined {
  const service = pairOf(root, 'service')?.value;
  const name = textOf(service) ?? textOf(pairOf(service, 'name')?.value);
  const unknown = '{}';
  return namePatternOf(`${name === undefined || name.includes('${') ? unknown : name}-${unknown}-${key}`);
}

/** As the framework makes them: letters and digits alone. */
function logicalIdOf(key: string): string {
  const letters = key.replaceAll('-', 'Dash').replaceAll('_', 'Underscore');
  return `${letters.charAt(0).toUpperCase()}${letters.slice(1)}LambdaFunction`;
}

function buildsOf(document: TreeDocument, map: MapTree): readonly BuildPlace[] {
  const custom = mapOf(document.root, 'custom');
  const image = mapOf(mapOf(mapOf(document.root, 'provider'), 'ecr'), 'images');
  return [
    ...buildPlaces(document, 'layers', pairOf(map, 'layers') ?? pairOf(mapOf(document.root, 'provider'), 'layers')),
    ...buildPlaces(
      document,
      'bundling',
      pairOf(custom, 'esbuild') ?? pairOf(custom, 'pythonRequirements') ?? pairOf(document.root, 'build'),
    ),
    ...buildPlaces(document, 'package', pairOf(map, 'package')),
    ...(pairOf(map, 'image') === undefined
      ? []
      : buildPlaces(document, 'image', image?.pairs[0] ?? pairOf(map, 'image'))),
  ];
}

/** For what is to be written by hand. */
export function serverlessLine(property: Property, value: string): string {
  if (property === 'logLevel')
    return `logs: the application log level ${value}, as your version of the framework writes it`;
  const [[key, whole] = ['', '']] = Object.entries(spellings[property].whole(value));
  return `${key}: ${String(whole)}`;
}
