import { bundleRequest } from './bundleRequest.ts';
import type { CodePlace, FunctionDefinition, LayerPlace, LoggingDefinition } from './definition.ts';
import { isList, isMap, mapAt, own, type TemplateTree, type TreeMap } from './document.ts';
import { cloudFormationUrl } from './functionUrl.ts';
import { conditionNamed, resolve, type Scope, textAt } from './intrinsics.ts';
import { architectureSetting, memberOf, numberSetting, onlyItem, textSetting, variablesSetting } from './settings.ts';
import { type Given, isUnresolved, isValueMap, textOf, unresolved, type Value } from './value.ts';

/** Functions of SAM, CloudFormation and what CDK writes. */

/** By the hash that a template names: where CDK's manifest says the asset lies. */
export type Assets = Readonly<Record<string, string>>;

const ofSam = 'AWS::Serverless::Function';
const functionTypes = [ofSam, 'AWS::Lambda::Function'];
const layerTypes = ['AWS::Serverless::LayerVersion', 'AWS::Lambda::LayerVersion'];

/** What Lambda takes where a template says nothing. */
const lambdaDefaults = { memoryMb: 128, timeoutS: 3, architecture: 'x86_64' } as const;

export function cloudFormationFunctions(scope: Scope, assets: Assets): readonly FunctionDefinition[] {
  const resources = mapAt(scope.tree, 'Resources');
  return Object.entries(resources).flatMap(([id, resource]) => {
    if (!isMap(resource)) return [];
    const type = own(resource, 'Type');
    if (typeof type !== 'string' || !functionTypes.includes(type)) return [];
    const ours = mapAt(resource, 'Properties');
    const properties = type === ofSam ? withGlobals(ours, mapAt(mapAt(scope.tree, 'Globals'), 'Function')) : ours;
    return [definitionOf(id, resource, properties, scope, assets)];
  });
}

const stackTypes = ['AWS::CloudFormation::Stack', 'AWS::Serverless::Application'];

/** Logical ids of stacks that have a template of their own. */
export function nestedStacks(tree: TreeMap): readonly string[] {
  return Object.entries(mapAt(tree, 'Resources')).flatMap(([id, resource]) => {
    const type = isMap(resource) ? own(resource, 'Type') : undefined;
    return typeof type === 'string' && stackTypes.includes(type) ? [id] : [];
  });
}

/** As SAM merges them: maps are merged, lists joined, and of anything else the function's own counts. */
function withGlobals(properties: TreeMap, globals: TreeMap): TreeMap {
  const merged: Record<string, TemplateTree> = { ...globals };
  for (const [key, one] of Object.entries(properties)) {
    const global = own(globals, key);
    if (isMap(one) && isMap(global) && !isExpression(one) && !isExpression(global))
      merged[key] = withGlobals(one, global);
    else if (isList(one) && isList(global)) merged[key] = [...global, ...one];
    else merged[key] = one;
  }
  return merged;
}

function isExpression(tree: TreeMap): boolean {
  const [first, ...others] = Object.keys(tree);
  return others.length === 0 && first !== undefined && (first === 'Ref' || first.startsWith('Fn::'));
}

function definitionOf(
  id: string,
  resource: TreeMap,
  properties: TreeMap,
  scope: Scope,
  assets: Assets,
): FunctionDefinition {
  const value = (key: string): Value => resolve(own(properties, key), scope);
  const metadata = resolve(mapAt(resource, 'Metadata'), scope);
  const method = buildMethod(metadata);
  const construct = textAt(metadata, 'aws:cdk:path');
  const name = value('FunctionName');
  return {
    id,
    otherNames: [
      ...(typeof name === 'string' ? [name] : []),
      ...(construct === undefined ? [] : [construct.replace(/\/Resource$/, '')]),
    ],
    isTools: /\/(?:Custom::|LogRetention|AWS679f53fac002430cb0da5b7982bd2287)/.test(construct ?? ''),
    isImage: value('PackageType') === 'Image' || value('ImageUri') !== undefined,
    failedCondition: failedConditionOf(resource, scope),
    code: codeOf(properties, metadata, scope, assets),
    runtime: textSetting(value('Runtime')),
    handler: textSetting(value('Handler')),
    memoryMb: numberSetting(value('MemorySize')) ?? lambdaDefaults.memoryMb,
    timeoutS: numberSetting(value('Timeout')) ?? lambdaDefaults.timeoutS,
    architecture: architectureSetting(onlyItem(value('Architectures'))) ?? lambdaDefaults.architecture,
    ephemeralStorageMb: numberSetting(memberOf(value('EphemeralStorage'), 'Size')),
    snapStart: snapStartOf(memberOf(value('SnapStart'), 'ApplyOn')),
    logging: loggingOf(value('LoggingConfig')),
    environment: variablesSetting(memberOf(value('Environment'), 'Variables')),
    layers: layersOf(own(properties, 'Layers'), scope, assets),
    functionUrl: cloudFormationUrl(id, properties, scope),
    unbuilt: [
      ...(method === undefined || method === 'esbuild' ? [] : [`its code (${method})`]),
      ...unbuiltLayers(own(properties, 'Layers'), scope),
    ],
    bundle: method === 'esbuild' ? bundleRequest(memberOf(metadata, 'BuildProperties')) : undefined,
  };
}

function failedConditionOf(resource: TreeMap, scope: Scope): string | undefined {
  const condition = own(resource, 'Condition');
  return typeof condition === 'string' && conditionNamed(condition, scope) === false ? condition : undefined;
}

/** Of what is still to be built: the template that `sam build` writes names the method, too, and each resource by its id. */
function buildMethod(metadata: Value): string | undefined {
  return textAt(metadata, 'SamResourceId') === undefined ? textAt(metadata, 'BuildMethod') : undefined;
}

function unbuiltLayers(layers: TemplateTree | undefined, scope: Scope): readonly string[] {
  return (isList(layers) ? layers : []).flatMap((one) => {
    const name = isMap(one) ? own(one, 'Ref') : undefined;
    if (typeof name !== 'string') return [];
    const resource = mapAt(mapAt(scope.tree, 'Resources'), name);
    const method = buildMethod(resolve(mapAt(resource, 'Metadata'), scope));
    return method === undefined ? [] : [`its layer ${name} (${method})`];
  });
}

function codeOf(properties: TreeMap, metadata: Value, scope: Scope, assets: Assets): Given<CodePlace> {
  const inline = resolve(own(properties, 'InlineCode'), scope);
  if (inline !== undefined) return isUnresolved(inline) ? inline : { kind: 'inline', source: textOf(inline) ?? '' };
  const code = resolve(own(properties, 'CodeUri') ?? own(properties, 'Code'), scope);
  const source = memberOf(code, 'ZipFile');
  if (typeof source === 'string') return { kind: 'inline', source };
  const path = packagePath(code, metadata, assets);
  return typeof path === 'string' ? { kind: 'path', path } : path;
}

/** A path, or what CDK made of one. */
function packagePath(code: Value, metadata: Value, assets: Assets): Given<string> {
  const asset = textAt(metadata, 'aws:asset:path');
  if (asset !== undefined) return asset;
  if (isUnresolved(code)) return code;
  if (typeof code === 'string') return code.startsWith('s3://') ? unresolved('an object in S3') : code;
  if (!isValueMap(code)) return unresolved('not given');
  const hash = /^(?:.*\/)?([0-9a-f]{64})\.zip$/.exec(textAt(code, 'S3Key') ?? '')?.[1];
  const known = hash === undefined || !Object.hasOwn(assets, hash) ? undefined : assets[hash];
  return known ?? unresolved('an object in S3');
}

function snapStartOf(applyOn: Value): Given<boolean> {
  return isUnresolved(applyOn) ? applyOn : applyOn === 'PublishedVersions';
}

function loggingOf(value: Value): LoggingDefinition | undefined {
  if (value === undefined) return undefined;
  const format = memberOf(value, 'LogFormat');
  return {
    format: isUnresolved(format) ? format : format === 'JSON' ? 'JSON' : 'Text',
    applicationLevel: textSetting(memberOf(value, 'ApplicationLogLevel')),
    systemLevel: textSetting(memberOf(value, 'SystemLogLevel')),
  };
}

function layersOf(layers: TemplateTree | undefined, scope: Scope, assets: Assets): FunctionDefinition['layers'] {
  if (layers === undefined) return [];
  if (!isList(layers)) {
    const value = resolve(layers, scope);
    if (isUnresolved(value)) return value;
    return Array.isArray(value) ? value.map(layerValue) : [];
  }
  return layers.flatMap((one) => {
    const ours = isMap(one) ? ownLayer(one, scope, assets) : undefined;
    if (ours !== undefined) return [ours];
    const value = resolve(one, scope);
    return value === undefined ? [] : [layerValue(value)];
  });
}

/** A layer version that the same template defines. */
function ownLayer(expression: TreeMap, scope: Scope, assets: Assets): Given<LayerPlace> | undefined {
  const name = own(expression, 'Ref');
  if (typeof name !== 'string') return undefined;
  const resource = mapAt(mapAt(scope.tree, 'Resources'), name);
  const type = own(resource, 'Type');
  if (typeof type !== 'string' || !layerTypes.includes(type)) return undefined;
  const properties = mapAt(resource, 'Properties');
  const content = resolve(own(properties, 'ContentUri') ?? own(properties, 'Content'), scope);
  const path = packagePath(content, resolve(mapAt(resource, 'Metadata'), scope), assets);
  return typeof path === 'string' ? { kind: 'path', name, path } : path;
}

function layerValue(value: Value): Given<LayerPlace> {
  if (isUnresolved(value)) return value;
  return typeof value === 'string' ? { kind: 'arn', arn: value } : unresolved('no layer');
}
