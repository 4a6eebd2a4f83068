import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, TuneError } from '../../../base/errors.ts';
import type { Io } from '../../../base/io.ts';
import { ownedPrefix } from '../../../local/places/ownerFolder.ts';
import type { BundleRequest } from '../../../templates/definition.ts';

/** What is bundled of a folder. */
export interface Bundling {
  readonly folder: string;
  /** Relative to the folder. */
  readonly entryPoints: readonly string[];
  /** What a template asks of esbuild; otherwise one CommonJS file at the handler's place. */
  readonly request: BundleRequest;
}

/** In a new folder, which whoever asked for it removes. */
export interface Bundle {
  readonly folder: string;
  /** Source files outside of `node_modules`, absolute: when one changes, the bundle is old. */
  readonly inputs: readonly string[];
}

/** The part of esbuild's API that is called: it is the user's own version of it. */
interface Esbuild {
  build(options: Readonly<Record<string, unknown>>): Promise<{ readonly metafile?: { readonly inputs: object } }>;
  stop?(): Promise<void> | void;
}

/** Lambda's own: in the package where the user's tree has them, else left to the runtime. */
const runtimePackages = ['@aws-sdk/*', '@smithy/*'];

/** Bundles with the esbuild that the folder's own tree has. @throws TuneError CODE where it has none, or the code is wrong */
export async function bundle({ folder, entryPoints, request }: Bundling, io: Io): Promise<Bundle> {
  const esbuild = await esbuildOf(folder, entryPoints[0] ?? '');
  const outdir = await mkdtemp(join(io.temporaryDirectory, ownedPrefix('bundle', io.pid)));
  const isEsm = request.format === 'esm' || entryPoints.some((entry) => entry.endsWith('.mts'));
  const options = {
    // A template's own entry points lie where its outputs do; of a handler the path is kept.
    outbase: request.entryPoints === undefined ? folder : undefined,
    ...(isEsm ? { format: 'esm', outExtension: { '.js': '.mjs' } } : { format: 'cjs' }),
    ...request,
    entryPoints: entryPoints.map((entry) => resolve(folder, entry)),
    absWorkingDir: folder,
    bundle: true,
    platform: 'node',
    outdir,
    metafile: true,
    logLevel: 'silent',
    allowOverwrite: true,
  };
  try {
    const built = await esbuild.build(options).catch((error: unknown) => {
      if (!lacksRuntimePackages(error)) throw error;
      return esbuild.build({ ...options, external: [...(request.external ?? []), ...runtimePackages] });
    });
    const inputs = Object.keys(built.metafile?.inputs ?? {}).filter((path) => !path.includes('node_modules'));
    return { folder: outdir, inputs: inputs.map((path) => resolve(folder, path)) };
  } catch (error) {
    await rm(outdir, { recursive: true, force: true });
    throw new TuneError(
      'CODE',
      `esbuild cannot bundle ${resolve(folder, entryPoints[0] ?? '')}: ${firstError(error)}`,
      {
        hint: 'Correct it, or build it yourself and give the folder that was built: tune --function ./dist',
        cause: error,
      },
    );
  } finally {
    // Its service is a process of its own.
    await esbuild.stop?.();
  }
}

async function esbuildOf(folder: string, entry: string): Promise<Esbuild> {
  let file: string;
  try {
    file = createRequire(join(folder, 'package.json')).resolve('esbuild');
  } catch (error) {
    const what = /\.[cm]?tsx?$/.test(entry) ? 'TypeScript' : 'to be bundled';
    throw new TuneError('CODE', `${join(folder, entry)} is ${what}, and from there no esbuild is found to bundle it.`, {
      hint: `Install it there: npm i -D esbuild   or build first and give the folder that was built: tune --function ./dist`,
      cause: error,
    });
  }
  const loaded: Esbuild & { readonly default?: Esbuild } = await import(pathToFileURL(file).href);
  return loaded.default ?? loaded;
}

interface BuildFailure {
  readonly errors: readonly {
    readonly text: string;
    readonly location?: { readonly file: string; readonly line: number } | null;
  }[];
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return typeof error === 'object' && error !== null && 'errors' in error && Array.isArray(error.errors);
}

function lacksRuntimePackages(error: unknown): boolean {
  if (!isBuildFailure(error) || error.errors.length === 0) return false;
  return error.errors.every(({ text }) => /^Could not resolve "@(?:aws-sdk|smithy)\//.test(text));
}

function firstError(error: unknown): string {
  if (!isBuildFailure(error)) return messageOf(error);
  const [first] = error.errors;
  if (first === undefined) return 'it does not say why.';
  const place = first.location ? ` (${first.location.file}:${first.location.line})` : '';
  return `${first.text}${place}.`;
}
