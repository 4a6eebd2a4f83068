import { bundleRequest } from './bundleRequest.ts';
import type { CodePlace, FunctionDefinition, LayerPlace } from './definition.ts';
import { isList, isMap, mapAt, own, type TemplateTree, type TreeMap } from './document.ts';
import { serverlessUrl } from './functionUrl.ts';
import { resolve, type Scope, textAt } from './intrinsics.ts';
import { withVariables } from './serverlessVariables.ts';
import { architectureSetting, memberOf, numberSetting, textSetting, variablesSetting } from './settings.ts';
import { type Given, isUnresolved, isValueMap, unresolved, type Value } from './value.ts';

/** Functions of the Serverless Framework (serverless.yml). */

/** What the framework takes where nothing is said. */
const frameworkDefaults = {
  memoryMb: 1024,
  timeoutS: 6,
  architecture: 'x86_64',
  stage: 'dev',
  region: 'us-east-1',
} as const;

export interface ServerlessScope extends Scope {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Readonly<Record<string, TemplateTree | undefined>>;
  /** Told of a file that is named and not among them. */
  wants(path: string): void;
}

export function serverlessFunctions(given: ServerlessScope): readonly FunctionDefinition[] {
  const provider = mapAt(given.tree, 'provider');
  const variables = { ...given, stage: given.parameters.stage ?? frameworkDefaults.stage };
  const stage = withVariables(own(provider, 'stage') ?? variables.stage, variables);
  const known = {
    ...variables,
    stage: given.parameters.stage ?? (typeof stage === 'string' ? stage : variables.stage),
  };
  const tree = withVariables(given.tree, known) as TreeMap;
  const scope = { ...given, tree };
  return Object.entries(functionsOf(tree)).flatMap(([id, one]) =>
    isMap(one) ? [definitionOf(id, one, mapAt(tree, 'provider'), scope)] : [],
  );
}

/** A map, or a list of maps. */
function functionsOf(tree: TreeMap): TreeMap {
  const functions = own(tree, 'functions');
  if (!isList(functions)) return isMap(functions) ? functions : {};
  return Object.assign({}, ...functions.filter((one) => isMap(one)));
}

function definitionOf(id: string, ours: TreeMap, provider: TreeMap, scope: Scope): FunctionDefinition {
  const either = (key: string): Value => resolve(own(ours, key) ?? own(provider, key), scope);
  const value = (key: string): Value => resolve(own(ours, key), scope);
  const variables = [resolve(own(provider, 'environment'), scope), value('environment')].map(variablesSetting);
  const unknown = variables.find(isUnresolved);
  const name = value('name');
  const format = either('logs');
  const handlerRuntime = textSetting(either('runtime'));
  return {
    id,
    otherNames: typeof name === 'string' ? [name] : [],
    isTools: false,
    isImage: value('image') !== undefined,
    failedCondition: undefined,
    code: codeOf(ours, scope),
    runtime: handlerRuntime,
    handler: textSetting(value('handler')),
    memoryMb: numberSetting(either('memorySize')) ?? frameworkDefaults.memoryMb,
    timeoutS: numberSetting(either('timeout')) ?? frameworkDefaults.timeoutS,
    architecture: architectureSetting(either('architecture')) ?? frameworkDefaults.architecture,
    ephemeralStorageMb: numberSetting(value('ephemeralStorageSize')),
    snapStart: isUnresolved(value('snapStart')) ? unresolved('an expression') : value('snapStart') === 'true',
    logging: loggingOf(memberOf(format, 'lambda')),
    environment: unknown ?? Object.assign({}, ...variables),
    layers: layersOf(own(ours, 'layers') ?? own(provider, 'layers'), scope),
    functionUrl: serverlessUrl(value('url')),
    unbuilt: [],
    bundle: bundleOf(scope.tree),
  };
}

function codeOf(ours: TreeMap, scope: Scope): Given<CodePlace> {
  const artifact = [mapAt(ours, 'package'), mapAt(scope.tree, 'package')]
    .map((packaged) => resolve(own(packaged, 'artifact'), scope))
    .find((one) => one !== undefined);
  if (artifact === undefined) return { kind: 'path', path: '.' };
  if (isUnresolved(artifact)) return artifact;
  return typeof artifact === 'string' && !artifact.includes('://')
    ? { kind: 'path', path: artifact }
    : unresolved('an object in S3');
}

function loggingOf(value: Value): FunctionDefinition['logging'] {
  const format = textAt(value, 'logFormat');
  if (format === undefined) return undefined;
  return {
    format: format === 'JSON' ? 'JSON' : 'Text',
    applicationLevel: textSetting(memberOf(value, 'applicationLogLevel')),
    systemLevel: textSetting(memberOf(value, 'systemLogLevel')),
  };
}

function layersOf(layers: TemplateTree | undefined, scope: Scope): FunctionDefinition['layers'] {
  if (layers === undefined) return [];
  if (isUnresolved(layers)) return layers;
  return (isList(layers) ? layers : []).map((one): Given<LayerPlace> => {
    const reference = isMap(one) ? own(one, 'Ref') : undefined;
    const named = Object.keys(mapAt(scope.tree, 'layers')).find((key) => reference === `${normalized(key)}LambdaLayer`);
    if (named !== undefined) {
      const layer = resolve(mapAt(mapAt(scope.tree, 'layers'), named), scope);
      const artifact = textAt(memberOf(layer, 'package'), 'artifact');
      const path = artifact ?? textAt(layer, 'path');
      return path === undefined ? unresolved(`the layer ${named}`) : { kind: 'path', name: named, path };
    }
    const value = resolve(one, scope);
    if (isUnresolved(value)) return value;
    return typeof value === 'string' ? { kind: 'arn', arn: value } : unresolved('no layer');
  });
}

/** As the framework makes logical ids of names (from memory). */
function normalized(name: string): string {
  const letters = name.replaceAll('-', 'Dash').replaceAll('_', 'Underscore');
  return letters.charAt(0).toUpperCase() + letters.slice(1);
}

/** Of the framework's own bundling (v4) or of the plugin serverless-esbuild. */
function bundleOf(tree: TreeMap): FunctionDefinition['bundle'] {
  const ours = mapAt(mapAt(tree, 'build'), 'esbuild');
  const plugin = mapAt(mapAt(tree, 'custom'), 'esbuild');
  const properties = Object.keys(ours).length > 0 ? ours : plugin;
  if (Object.keys(properties).length === 0) return undefined;
  const value = properties as unknown as Value;
  if (!isValueMap(value)) return undefined;
  // The same words as SAM's, with another first letter.
  return bundleRequest(
    Object.fromEntries(Object.entries(value).map(([key, one]) => [key.charAt(0).toUpperCase() + key.slice(1), one])),
  );
}
