import { readFile } from 'node:fs/promises';
import { sha256Base64 } from '../../../aws/client/codeDownload.ts';
import { TuneError } from '../../../base/errors.ts';
import type { Io } from '../../../base/io.ts';
import type { VariantOverlay } from '../../../model/variant.ts';
import type { OptionsOf } from '../../../options/table.ts';
import { type PlannedVariant, type Settings, variantsOf, withoutOwnCode } from '../../../plan/variants.ts';
import { parseVariantsFile } from '../../../plan/variantsFile.ts';
import { isTodays, parseVariation, type VariedDimension } from '../../../plan/variation.ts';
import { absolutePath } from '../inputs.ts';
import { readBuild } from '../overlays.ts';
import { isPath, type Session } from '../session.ts';

type Options = OptionsOf<'tune'>;

/** What is to be varied, before anything is known of the function. */
export interface Variation {
  readonly axes: readonly VariedDimension[];
  /** Of a path: what it runs on. */
  readonly ownRuntime: string | undefined;
}

/** @throws TuneError USAGE */
export async function loadVariation(options: Options, target: string, io: Io): Promise<Variation> {
  const runtimes = (options.runtime ?? '').split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
  // A path has no runtime of its own, so the first word is it.
  const [first, ...rest] = runtimes;
  const ownRuntime = isPath(target) && first !== undefined && !isTodays(first) ? first : undefined;
  const others = (isPath(target) ? rest : runtimes).filter((runtime) => !isTodays(runtime));
  const axes = [
    ...(others.length === 0 ? [] : [others.map((runtime) => ({ kind: 'runtime', runtime }) as const)]),
    ...options.vary.map(parseVariation),
    ...(options.variants === undefined
      ? []
      : [parseVariantsFile(await readText(options.variants, io), options.variants)]),
  ];
  return { axes, ownRuntime };
}

/** Empty: nothing is varied. @throws TuneError USAGE, CODE */
export async function planVariants(
  { axes }: Pick<Variation, 'axes'>,
  session: Session,
  options: Pick<Options, 'env'>,
  io: Io,
): Promise<readonly VariantOverlay[]> {
  if (axes.length === 0) return [];
  const today = settingsOf(session, options);
  if (session.facts.packageType === 'Image') {
    const ofImage = variantsOf(
      withoutOwnCode(axes, (path) => (isOwnImage(path, session) ? undefined : path)),
      today,
    );
    refuseForImage(ofImage);
    return ofImage.map(({ variant, overlay, codePath }) => ({ variant, overlay: { ...overlay, imageUri: codePath } }));
  }
  const builds = await readBuilds(axes, session, io);
  return variantsOf(withoutOwnCode(axes, builds.placeOf), today).map(({ variant, overlay, codePath }) => ({
    variant,
    overlay: codePath === undefined ? overlay : { ...overlay, code: builds.codeOf(codePath) },
  }));
}

function isOwnImage(uri: string, { source }: Session): boolean {
  const { ImageUri: given, ResolvedImageUri: resolved } = source.reveal().code;
  return uri === given || uri === resolved;
}

interface Builds {
  /** The first place that holds the same code; undefined: the function has it already. */
  placeOf(path: string): string | undefined;
  codeOf(path: string): Uint8Array | undefined;
}

/** Places are compared by what they hold: two that hold the same are one variant, and the function's own is none. */
async function readBuilds(axes: readonly VariedDimension[], { facts, clients }: Session, io: Io): Promise<Builds> {
  const places = new Map<string, string | undefined>([[facts.codeSha256, undefined]]);
  const known = new Map<string, { readonly code: Uint8Array; readonly sha256: string }>();
  const changes = axes.flat().flatMap((one) => ('changes' in one ? one.changes : [one]));
  for (const path of new Set(changes.flatMap((one) => (one.kind === 'code' ? [one.path] : [])))) {
    const code = await readBuild(path, clients, io);
    const sha256 = sha256Base64(code);
    known.set(path, { code, sha256 });
    if (!places.has(sha256)) places.set(sha256, path);
  }
  return {
    placeOf: (path) => places.get(known.get(path)?.sha256 ?? ''),
    codeOf: (path) => known.get(path)?.code,
  };
}

function settingsOf({ facts, source }: Session, { env }: Pick<Options, 'env'>): Settings {
  const { Layers: layers = [], LoggingConfig: logging, Environment: environment } = source.reveal().configuration;
  return {
    runtime: facts.runtime,
    snapStart: facts.snapStart,
    layers: layers.flatMap(({ Arn: arn }) => (arn === undefined ? [] : [arn])),
    environment: { ...environment?.Variables, ...env },
    logLevel: logging?.LogFormat === 'JSON' ? (logging.ApplicationLogLevel ?? 'INFO') : undefined,
  };
}

function refuseForImage(planned: readonly PlannedVariant[]): void {
  if (!planned.some(({ overlay }) => overlay.runtime !== undefined || overlay.layers !== undefined)) return;
  throw new TuneError('USAGE', 'The function is a container image: its runtime and libraries are in the image.', {
    hint: 'Build the other image, and compare with it: --vary code=<image uri>',
  });
}

async function readText(path: string, io: Io): Promise<string> {
  return readFile(absolutePath(path, io), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new TuneError('USAGE', `Cannot read the variants in ${path} (${error.code ?? 'unknown error'}).`, {
      hint: 'Check the path given with --variants.',
      cause: error,
    });
  });
}
