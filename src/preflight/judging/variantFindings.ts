import type { Finding } from '../../migrate/preflight/inspection.ts';
import type { Import, Reliance } from '../../migrate/preflight/reliance.ts';
import type { Architecture } from '../../model/configuration.ts';
import { handlerPlaceOf, type VariantAsked } from '../looking/asked.ts';
import type { OwnSource, PackageEvidence } from '../looking/evidence.ts';
import { abiOfRuntime, nodeOfAbi } from '../looking/nodeAbi.ts';
import { npmPackageOf } from '../looking/packageNames.ts';
import { type HandlerForm, handlerFormOf } from './callbackHandler.ts';
import { rebuildOf } from './cures.ts';
import { importsOf } from './imports.ts';
import { systemFindings } from './systemLibraries.ts';

interface Judged {
  readonly where: string;
  readonly wanted: Architecture;
  readonly runtime: string | undefined;
  readonly asked: VariantAsked;
}

/** What speaks against another runtime in the package's own code and in its compiled addons. */
export async function variantFindings(evidence: PackageEvidence, judged: Judged): Promise<readonly Finding[]> {
  const { where, wanted, runtime, asked } = judged;
  return [
    ...(await callbackFindings(evidence, judged)),
    ...addonFindings(evidence, judged),
    ...systemFindings(evidence, { where, wanted, runtime, from: asked.from }),
  ];
}

/** Node.js 24 removed callback handlers: the function fails there at its first call. */
async function callbackFindings({ sources }: PackageEvidence, judged: Judged): Promise<readonly Finding[]> {
  const { where, runtime, asked } = judged;
  if (asked.handler === undefined || nodeOf(runtime) < 24) return [];
  // One that runs there today has none.
  if (nodeOf(asked.from) >= 24 && asked.from === runtime) return [];
  const place = handlerPlaceOf(asked.handler);
  const file = sources.find(({ path }) => place !== undefined && /^\.[cm]?js$/.test(path.replace(place.module, '')));
  const form = await formOf(file, place?.name ?? '');
  if (form.kind === 'returns') return [];
  const found = {
    where,
    path: file?.path ?? asked.handler.slice(0, 256),
    kind: 'handler',
    architecture: 'unknown',
  } as const;
  return [
    form.kind === 'callback'
      ? {
          ...found,
          reason: `${form.how} (line ${form.line}), and ${runtime} has no callback handlers`,
          cure: 'Return the answer, or a promise of it: export const handler = async (event, context) => { … }.',
          blocking: true,
        }
      : {
          ...found,
          reason: `may take a callback, which ${runtime} does not have: ${form.why}`,
          cure: 'Look at the handler: it should return its answer, or a promise of it, and take at most two parameters.',
          blocking: false,
        },
  ];
}

async function formOf(file: OwnSource | undefined, name: string): Promise<HandlerForm> {
  if (file === undefined) return { kind: 'unknown', why: 'its file is not in the package' };
  try {
    return await handlerFormOf(file.text, name);
  } catch {
    // Nested deeper than can be walked.
    return { kind: 'unknown', why: 'it could not be read' };
  }
}

function nodeOf(runtime: string | undefined): number {
  return Number(/^nodejs(\d+)\.x$/.exec(runtime ?? '')?.[1] ?? 0);
}

/** Packages may bring an addon for each version: one that fits is enough. */
function addonFindings({ natives }: PackageEvidence, { where, wanted, runtime, asked }: Judged): readonly Finding[] {
  if (nodeOf(runtime) === 0) return [];
  const abi = abiOfRuntime(runtime);
  const addons = natives.filter((file) => file.kind === 'nodeAddon' && file.machine === wanted);
  const fits = addons.filter((file) => file.abi === 'stable' || (abi !== undefined && file.abi === abi));
  const ownerOf = (path: string) => npmPackageOf(path)?.folder ?? path;
  const covered = new Set(fits.map(({ path }) => ownerOf(path)));
  const told = new Set<string>();
  return addons.flatMap(({ path, abi: own = 'unknown' }): readonly Finding[] => {
    const owner = ownerOf(path);
    if (own === 'stable' || covered.has(owner) || told.has(owner)) return [];
    const isKnown = own !== 'unknown' && abi !== undefined;
    // Under the runtime of today it loads already, whatever it is built for.
    if (!isKnown && asked.from === runtime) return [];
    told.add(owner);
    const name = npmPackageOf(path)?.name;
    const reason = isKnown
      ? `is built for ${nodeOfAbi(own)}, and ${runtime} has ABI ${abi}`
      : own === 'unknown'
        ? `does not say for which version of Node.js it is built`
        : `is built for ${nodeOfAbi(own)}, and which ABI ${runtime} has is not known here`;
    const cure = name === undefined ? `Build it in an image of ${runtime}.` : rebuildOf(name, { wanted, runtime });
    return [{ where, path, kind: 'nodeAddon', architecture: wanted, reason, cure, package: name, blocking: isKnown }];
  });
}

/** What own code loads by name, and which libraries lie beside it. */
export async function relianceOf({ sources, manifests, pythonLibraries }: PackageEvidence): Promise<Reliance> {
  const imports: Import[] = [];
  for (const { path, text } of sources) {
    imports.push(...(path.endsWith('.py') ? pythonImports(path, text) : await importsSafely(path, text)));
  }
  return { imports, modules: [...new Set([...manifests.map(({ name }) => name), ...pythonLibraries])] };
}

async function importsSafely(path: string, text: string): Promise<readonly Import[]> {
  return importsOf(path, text).catch(() => []);
}

/** Statements at the beginning of a line; what is indented may never be run. */
function pythonImports(path: string, text: string): readonly Import[] {
  return [...text.matchAll(/^([ \t]*)(?:import|from)[ \t]+(boto3|botocore)\b/gm)].map(([, indent, module = '']) => ({
    module,
    path,
    isCertain: indent === '',
  }));
}
