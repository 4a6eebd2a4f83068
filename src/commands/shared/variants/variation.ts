import { readFile } from 'node:fs/promises';
import { TuneError } from '../../../base/errors.ts';
import type { Io } from '../../../base/io.ts';
import type { VariantOverlay } from '../../../model/variant.ts';
import type { OptionsOf } from '../../../options/table.ts';
import { type PlannedVariant, type Settings, variantsOf } from '../../../plan/variants.ts';
import { parseVariantsFile } from '../../../plan/variantsFile.ts';
import { type Axis, parseVariation } from '../../../plan/variation.ts';
import { absolutePath } from '../inputs.ts';
import { readBuild } from '../overlays.ts';
import { isPath, type Session } from '../session.ts';

type Options = OptionsOf<'tune'>;

/** What is to be varied, before anything is known of the function. */
export interface Variation {
  readonly axes: readonly Axis[];
  /** Of a path: what it runs on. */
  readonly ownRuntime: string | undefined;
}

/** @throws TuneError USAGE */
export async function loadVariation(options: Options, target: string, io: Io): Promise<Variation> {
  const runtimes = (options.runtime ?? '').split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
  // A path has no runtime of its own, so the first word is it.
  const [ownRuntime, others] = isPath(target) ? [runtimes[0], runtimes.slice(1)] : [undefined, runtimes];
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
  const planned = variantsOf(axes, settingsOf(session, options));
  if (session.facts.packageType === 'Image') refuseForImage(planned);
  return Promise.all(
    planned.map(async ({ variant, overlay, codePath }): Promise<VariantOverlay> => {
      if (codePath === undefined) return { variant, overlay };
      if (session.facts.packageType === 'Image') return { variant, overlay: { ...overlay, imageUri: codePath } };
      return { variant, overlay: { ...overlay, code: await readBuild(codePath, session.clients, io) } };
    }),
  );
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
