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
  type Inherited,
  type Property,
  properties,
  type Setting,
} from '../definition/definition.ts';
import { oneLine } from '../definition/places.ts';
import { type Spellings, settingIn } from '../tree/settingIn.ts';
import { escaped, namePatternOf } from './namePattern.ts';
import { originOf, readVariable } from './serverlessOrigin.ts';
import { asArchitecture, asText, asWholeNumber, buildPlaces, ownerOf } from './treeFunction.ts';

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
    if (list.kind === 'scalar') return [writtenElsewhere(document, 'functions', list)];
    if (list.kind !== 'map') return [];
    const path = given?.kind === 'list' ? ['functions', index] : ['functions'];
    return list.pairs.flatMap((pair) => {
      if (pair.value?.kind === 'map') return [definitionOf(document, list, pair, pair.value, [...path, pair.key])];
      return pair.value === undefined ? [] : [writtenElsewhere(document, pair.key, pair.value)];
    });
  });
}

/** `${file(functions/orders.yml)}`, or an anchor: the function is named here, and written there. */
function writtenElsewhere(document: TreeDocument, key: string, value: Tree): Definition {
  const expression = oneLine(document.text.slice(value.start, value.end));
  const because = `${key === 'functions' ? 'the functions are' : 'the function is'} written in another place`;
  const comesFrom = value.kind === 'scalar' ? originOf(String(value.value), document) : undefined;
  const isNamed = key !== 'functions';
  return {
    format: 'Serverless Framework',
    select: key,
    at: value.start,
    namePattern: isNamed ? defaultName(document, key) : undefined,
    logicalId: isNamed ? { text: logicalIdOf(key), isExact: true } : undefined,
    stackName: stackNameOf(document),
    settings: recordOf(properties, (): Setting => ({ kind: 'fixed', at: value.start, expression, because, comesFrom })),
    builds: [],
  };
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
    stackName: stackNameOf(document),
    handler: textOf(pairOf(map, 'handler')?.value),
    settings: recordOf(properties, settingOf),
    builds: buildsOf(document, map),
  };
}

function fromProvider(document: TreeDocument, property: Exclude<Property, 'logLevel'>): Inherited | undefined {
  const map = mapOf(document.root, 'provider');
  if (map === undefined || pairOf(map, spellings[property].keys[0]) === undefined) return undefined;
  const owner = ownerOf(document, { map, path: ['provider'], at: map.start });
  return { from: 'provider', setting: settingIn(owner, spellings[property], readVariable) };
}

/** `<service>-<stage>-<key>` */
function defaultName(document: TreeDocument, key: string): RegExp | undefined {
  const unknown = '{}';
  return namePatternOf(`${serviceOf(document) ?? unknown}-${unknown}-${key}`);
}

/** `<service>-<stage>` */
function stackNameOf(document: TreeDocument): RegExp | undefined {
  const service = serviceOf(document);
  return service === undefined ? undefined : new RegExp(`^${escaped(service)}-[\\w-]+$`);
}

function serviceOf({ root }: TreeDocument): string | undefined {
  const service = pairOf(root, 'service')?.value;
  const name = textOf(service) ?? textOf(pairOf(service, 'name')?.value);
  return name?.includes('${') ? undefined : name;
}

/** As the framework makes them: letters and digits alone. */
function logicalIdOf(key: string): string {
  const letters = key.replaceAll('-', 'Dash').replaceAll('_', 'Underscore');
  return `${letters.charAt(0).toUpperCase()}${letters.slice(1)}LambdaFunction`;
}

function buildsOf(document: TreeDocument, map: MapTree): readonly BuildPlace[] {
  const custom = mapOf(document.root, 'custom');
  const image = mapOf(mapOf(mapOf(document.root, 'provider'), 'ecr'), 'images');
  const named = textOf(pairOf(map, 'image')?.value) ?? textOf(pairOf(mapOf(map, 'image'), 'name')?.value);
  const layers = pairOf(map, 'layers') ?? pairOf(mapOf(document.root, 'provider'), 'layers');
  return [
    ...buildPlaces(document, 'layers', layers),
    ...(layers === undefined ? [] : (mapOf(document.root, 'layers')?.pairs ?? [])).flatMap(({ value }) =>
      buildPlaces(document, 'layers', pairOf(value, 'compatibleArchitectures')),
    ),
    ...buildPlaces(
      document,
      'bundling',
      pairOf(custom, 'esbuild') ?? pairOf(custom, 'pythonRequirements') ?? pairOf(document.root, 'build'),
    ),
    ...buildPlaces(document, 'package', pairOf(map, 'package')),
    ...(pairOf(map, 'image') === undefined
      ? []
      : buildPlaces(document, 'image', image?.pairs.find(({ key }) => key === named) ?? pairOf(map, 'image'))),
  ];
}

/** For what is to be written by hand. */
export function serverlessLine(property: Property, value: string): string {
  if (property === 'logLevel')
    return `logs: the application log level ${value}, as your version of the framework writes it`;
  const [[key, whole] = ['', '']] = Object.entries(spellings[property].whole(value));
  return `${key}: ${String(whole)}`;
}
