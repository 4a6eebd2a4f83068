import { access, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Io } from '../../../base/io.ts';
import type { HostRuntimes } from '../../../local/launch/hostRuntimes.ts';
import { type PackagedCode, packageCode } from '../../../local/packages/packageCode.ts';
import { ownedPrefix } from '../../../local/places/ownerFolder.ts';
import type { BundleRequest, CodePlace } from '../../../templates/definition.ts';
import { type Bundling, bundle } from './bundle.ts';
import { cfnResponseFor } from './cfnResponse.ts';
import { ownFiles } from './ownFiles.ts';

/** How the code at a place is started, as far as it is known. */
export interface CodeStart {
  readonly runtime?: string | undefined;
  readonly handler?: string | undefined;
  /** A template asks for it. */
  readonly bundle?: BundleRequest | undefined;
}

export interface LocalPackage extends PackagedCode {
  /** When something at one of these places changes, the package is old. */
  readonly watched: readonly string[];
  /** It is not what lies at the path: it was bundled or written first. */
  readonly isMade: boolean;
}

/** A folder, zip or source file as a package; TypeScript is bundled. @throws TuneError CODE */
export async function packageOf(
  place: CodePlace,
  start: CodeStart,
  hostRuntimes: HostRuntimes,
  io: Io,
): Promise<LocalPackage> {
  if (place.kind === 'inline') return inlinePackage(place.source, start, hostRuntimes, io);
  const given = await sourceFile(place.path, start);
  const { path } = given;
  const runtime = given.start.runtime;
  const bundling =
    runtime === undefined || runtime.startsWith('nodejs') ? await bundlingOf(path, given.start) : undefined;
  if (bundling === undefined) {
    const isLeftOut = (await ownFiles(io)).has;
    const packaged = await packageCode(path, { ...given.start, hostRuntimes, isLeftOut });
    return { ...packaged, watched: [path], isMade: path !== place.path };
  }
  const made = await bundle(bundling, io);
  try {
    const packaged = await packageCode(made.folder, {
      runtime: runtime ?? hostRuntimes.node,
      handler: given.start.handler ?? 'index.handler',
      hostRuntimes,
    });
    return { ...packaged, opened: [], watched: [path, ...made.inputs], isMade: true };
  } finally {
    await rm(made.folder, { recursive: true, force: true });
  }
}

/** A source file stands for the folder that it is in, with its function as the handler. */
async function sourceFile(
  path: string,
  start: CodeStart,
): Promise<{ readonly path: string; readonly start: CodeStart }> {
  const name = /^(.+)\.(?:[cm]?[jt]s|tsx|py)$/.exec(basename(path))?.[1];
  const isFile = name !== undefined && (await stat(path).catch(() => undefined))?.isFile() === true;
  if (!isFile) return { path, start };
  const handler = start.handler ?? `${name}.${path.endsWith('.py') ? await pythonHandler(path) : 'handler'}`;
  return { path: dirname(path), start: { ...start, handler } };
}

async function pythonHandler(path: string): Promise<string> {
  const source = await readFile(path, 'utf8');
  return /^(?:async )?def (lambda_handler|handler)\b/m.exec(source)?.[1] ?? 'lambda_handler';
}

const sources = ['.ts', '.mts', '.cts', '.tsx'];

/** Undefined where the code can be run as it is, or where nothing is known to bundle. */
async function bundlingOf(
  folder: string,
  { handler = 'index.handler', bundle: asked }: CodeStart,
): Promise<Bundling | undefined> {
  const base = handler.replace(/^\.\//, '').replace(/\.[^./]*$/, '');
  const first = async (extensions: readonly string[]) => {
    for (const extension of extensions) {
      if (await exists(join(folder, base + extension))) return base + extension;
    }
    return undefined;
  };
  const built = await first(['.js', '.mjs', '.cjs']);
  if (asked?.entryPoints !== undefined && !isBuilt(folder)) {
    return { folder, entryPoints: asked.entryPoints, request: asked };
  }
  const source = built === undefined ? await first(sources) : undefined;
  const entry = source ?? (asked === undefined || isBuilt(folder) ? undefined : built);
  return entry === undefined ? undefined : { folder, entryPoints: [entry], request: asked ?? {} };
}

/** What `sam build` wrote says still how it was built. */
function isBuilt(folder: string): boolean {
  return folder.replaceAll('\\', '/').includes('/.aws-sam/build/');
}

/** As CloudFormation packs code that is written in a template: a file called index, and its module for answers if it is used. */
async function inlinePackage(
  source: string,
  start: CodeStart,
  hostRuntimes: HostRuntimes,
  io: Io,
): Promise<LocalPackage> {
  const folder = await mkdtemp(join(io.temporaryDirectory, ownedPrefix('inline', io.pid)));
  try {
    const isPython = start.runtime?.startsWith('python') === true;
    await writeFile(join(folder, isPython ? 'index.py' : 'index.js'), source);
    const brought = cfnResponseFor(source, isPython ? 'python' : 'nodejs');
    if (brought !== undefined) await writeFile(join(folder, brought.name), brought.text);
    return { ...(await packageCode(folder, { ...start, hostRuntimes })), opened: [], watched: [], isMade: true };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** A name for a layer that lies at a path. */
export function layerName(path: string): string {
  const name = basename(path, extname(path) === '.zip' ? '.zip' : '').replace(/[^A-Za-z0-9_-]+/g, '-');
  return name.slice(0, 64) || 'layer';
}
