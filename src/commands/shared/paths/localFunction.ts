import { basename, dirname, resolve } from 'node:path';
import type { PathLayer, PathTarget, PathUrl } from '../../../aws/target/pathTarget.ts';
import type { Io } from '../../../base/io.ts';
import { hostRuntimes } from '../../../local/launch/hostRuntimes.ts';
import { packageBytes } from '../../../local/packages/packageCode.ts';
import type { Architecture } from '../../../model/configuration.ts';
import type { TuningResult } from '../../../model/run.ts';
import type { Warning } from '../../../model/warning.ts';
import type { RunOptions } from '../../../options/options.ts';
import { templateReference } from '../../../templates/reference.ts';
import { settledFunction } from '../../../templates/settled.ts';
import { functionNamed } from '../../../templates/template.ts';
import { layerName, packageOf } from './localPackage.ts';
import { ownFiles } from './ownFiles.ts';
import { requireBuilt, requireRunnable, requireVariables } from './runnable.ts';
import type { ReadTemplate } from './templateFile.ts';
import { templateWith } from './templateFiles.ts';

/** What a path or a function of a template comes to: all that is needed to create it on the embedded endpoint. */
export interface LocalFunction extends Omit<PathTarget, 'functionName' | 'memoryMb' | 'architecture'> {
  /** What its name is made of. */
  readonly nameFrom: string;
  /** A path has no setting of its own. */
  readonly memoryMb: number | undefined;
  readonly template: TuningResult['target']['template'];
  /** The URL that a template gives it. */
  readonly functionUrl: PathUrl | undefined;
  /** The package, where it is not what lies at the path that was given. */
  readonly made: Uint8Array | undefined;
  readonly notices: readonly Warning[];
  readonly watched: readonly string[];
}

export type LocalOptions = Pick<
  RunOptions,
  'runtime' | 'handler' | 'timeout' | 'env' | 'layer' | 'parameter' | 'region'
> & { readonly memoryMb?: number | undefined };

/** Of a path: Lambda's 3 seconds are too short to be tried with. */
const pathTimeoutS = 30;

/** @throws TuneError CODE, CONFIG, USAGE */
export async function readLocalFunction(
  target: string,
  options: LocalOptions,
  architecture: Architecture,
  io: Io,
): Promise<LocalFunction> {
  const reference = templateReference(target);
  if (reference === undefined) return readPath(target, options, io);
  const template = await templateWith(reference, options, io);
  return readDefined(template, functionNamed(template, reference.fragment).id, options, architecture, io);
}

async function readPath(target: string, options: LocalOptions, io: Io): Promise<LocalFunction> {
  const path = resolve(io.cwd, target);
  requireVariables(Object.keys(options.env), '--env');
  const packaged = await packageOf({ kind: 'path', path }, options, await runtimesHere(io), io);
  await requireRunnable(packaged, io);
  const layers = (await givenLayers(options, io)) ?? [];
  return {
    ...packaged,
    // What every second file is called tells nothing.
    nameFrom: /^(?:index|lambda_function)\.\w+$/.test(basename(path)) ? dirname(path) : path,
    memoryMb: undefined,
    timeoutS: options.timeout ?? pathTimeoutS,
    environment: {},
    layers: layers.map(({ layer }) => layer),
    template: undefined,
    functionUrl: undefined,
    made: packaged.isMade ? packaged.zip : undefined,
    notices: [...openedNotice(packaged.opened, target), ...layers.flatMap(({ notices }) => notices)],
    watched: [...packaged.watched, ...givenLayerPaths(options, io)],
  };
}

/** One function of a template, by its id. */
export async function readDefined(
  template: ReadTemplate,
  id: string,
  options: LocalOptions,
  architecture: Architecture,
  io: Io,
): Promise<LocalFunction> {
  const name = `${template.name}#${id}`;
  const settled = settledFunction(functionNamed(template, id), name, {
    runtime: options.runtime,
    handler: options.handler,
    timeoutS: options.timeout,
    memoryMb: options.memoryMb,
    environmentNames: Object.keys(options.env),
    hasLayers: options.layer !== undefined,
  });
  const at = (path: string) => resolve(template.folder, path);
  requireVariables(Object.keys(options.env), '--env');
  requireVariables(Object.keys(settled.environment), name);
  const { code } = settled;
  const place = code.kind === 'path' ? { kind: code.kind, path: at(code.path) } : code;
  if (place.kind === 'path') await requireBuilt(place.path, code.kind === 'path' ? code.path : '', name);
  const packaged = await packageOf(place, settled, await runtimesHere(io), io);
  await requireRunnable(packaged, io);
  const layers = settled.layers.map((layer) => ({ name: layer.name, path: at(layer.path) }));
  const given = await givenLayers(options, io);
  const read = given ?? (await Promise.all(layers.map((layer) => readLayer(layer, io))));
  return {
    ...packaged,
    nameFrom: id,
    memoryMb: settled.memoryMb,
    timeoutS: settled.timeoutS,
    environment: settled.environment,
    ephemeralStorageMb: settled.ephemeralStorageMb,
    logging: settled.logging,
    layers: read.map(({ layer }) => layer),
    template: { file: template.name, function: id, architecture: settled.architecture },
    functionUrl: settled.functionUrl,
    made: packaged.zip,
    notices: [
      ...noticesOf(name, settled, architecture),
      ...openedNotice(packaged.opened, name),
      ...read.flatMap(({ notices }) => notices),
    ],
    watched: [
      template.path,
      ...template.alsoRead,
      ...packaged.watched,
      ...(given === undefined ? layers.map(({ path }) => path) : givenLayerPaths(options, io)),
    ],
  };
}

function noticesOf(
  name: string,
  settled: {
    readonly architecture: Architecture;
    readonly snapStart: boolean;
    readonly unbuilt: readonly string[];
  },
  here: Architecture,
): readonly Warning[] {
  return [
    ...(settled.architecture === here
      ? []
      : [
          {
            code: 'template-architecture',
            text: `${name} is for ${settled.architecture}, and this machine is ${here}: what is measured is ${here}, and its current setting is not among it.`,
          },
        ]),
    ...(settled.unbuilt.length === 0
      ? []
      : [
          {
            code: 'template-not-built',
            text: `${name} is taken as it lies there, not built: ${settled.unbuilt.join(', ')}. Run sam build, and give .aws-sam/build/template.yaml.`,
          },
        ]),
    ...(settled.snapStart
      ? [
          {
            code: 'no-snap-start',
            text: `${name} has SnapStart, which is not imitated here: its cold starts are whole ones.`,
          },
        ]
      : []),
  ];
}

/** A zip that is made of the folder by other means can have the modes that the files have there. */
function openedNotice([first, ...more]: readonly string[], shown: string): readonly Warning[] {
  if (first === undefined) return [];
  const which = more.length === 0 ? first : `${first} and ${more.length} more`;
  return [
    {
      code: 'modes-opened',
      text: `${shown}: not everybody may read or run ${which}. Here and with sam deploy everybody may read it, with zip -r nobody else may, and then the function fails in Lambda ("permission denied"). chmod -R a+rX mends it.`,
    },
  ];
}

function runtimesHere({ nodeVersion, env }: Io) {
  return hostRuntimes(nodeVersion, env.PATH);
}

/** Undefined where none were given: those of the template count. */
async function givenLayers(options: LocalOptions, io: Io): Promise<readonly LayerOnDisk[] | undefined> {
  if (options.layer === undefined) return undefined;
  return Promise.all(givenLayerPaths(options, io).map((path) => readLayer({ name: layerName(path), path }, io)));
}

function givenLayerPaths({ layer = [] }: LocalOptions, { cwd }: Io): readonly string[] {
  return layer.filter((one) => one !== 'none').map((one) => resolve(cwd, one));
}

interface LayerOnDisk {
  readonly layer: PathLayer;
  readonly notices: readonly Warning[];
}

async function readLayer(
  { name, path }: { readonly name: string; readonly path: string },
  io: Io,
): Promise<LayerOnDisk> {
  const { zip, opened } = await packageBytes(path, (await ownFiles(io)).has);
  return { layer: { name, zip }, notices: openedNotice(opened, `layer ${name}`) };
}
