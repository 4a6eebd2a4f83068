import { stat } from 'node:fs/promises';
import { ArchiveRefusal, type RefusalReason } from '../archive/archiveRefusal.ts';
import { bufferSource, fileSource } from '../archive/byteSource.ts';
import { TuneError } from '../base/errors.ts';
import type { BuiltFor, Inspection } from '../migrate/preflight/inspection.ts';
import type { Architecture } from '../model/configuration.ts';
import { findingsOf } from './judging/findings.ts';
import { relianceOf, variantFindings } from './judging/variantFindings.ts';
import type { VariantAsked } from './looking/asked.ts';
import { noEvidence, type PackageEvidence } from './looking/evidence.ts';
import { look } from './looking/look.ts';
import { openBudget } from './opening/budget.ts';
import { type InspectionLimits, inspectionLimits } from './opening/limits.ts';
import { visitFolder } from './opening/packedFolder.ts';
import { visitZip } from './opening/zipFiles.ts';

/** A package or a layer. `where` names it in findings: `function package`, or the layer's ARN. */
export type PackageSource = { readonly where: string } & (
  | { readonly kind: 'buffer'; readonly bytes: Uint8Array }
  | { readonly kind: 'file' | 'folder'; readonly path: string }
);

/**
 * Looks through every file of a package for code that is built for another architecture than the wanted one. Reads only;
 * unpacks nothing to disk. `runtime`: whose C library it has to do with; unknown ones are not judged by it. `asked`: of a variant of the function. @throws TuneError CODE for what is not there, no zip, hostile, or larger than the limits
 */
export async function inspectPackage(
  source: PackageSource,
  wanted: Architecture,
  limits: InspectionLimits = inspectionLimits,
  runtime?: string,
  asked?: VariantAsked,
): Promise<Inspection> {
  const evidence = noEvidence();
  try {
    await gather(source, wanted, limits, evidence, asked);
  } catch (error) {
    throw asTuneError(error, source);
  }
  const { where } = source;
  const findings = [
    ...(asked === undefined ? [] : await variantFindings(evidence, { where, wanted, runtime, asked })),
    ...findingsOf(evidence, where, wanted, runtime),
  ];
  return {
    where: source.where,
    wanted,
    findings: findings.slice(0, limits.maxFindings),
    findingsLeftOut: Math.max(0, findings.length - limits.maxFindings),
    files: evidence.files,
    bytes: evidence.bytes,
    archives: evidence.archives,
    natives: countByMachine(evidence),
    reliance: asked === undefined ? undefined : await relianceOf(evidence),
  };
}

async function gather(
  source: PackageSource,
  wanted: Architecture,
  limits: InspectionLimits,
  evidence: PackageEvidence,
  variant: VariantAsked | undefined,
) {
  const budget = openBudget(limits);
  const visit = (file: Parameters<typeof look>[0]) => look(file, { wanted, budget, evidence, depth: 0, variant });
  if (source.kind === 'folder') {
    const found = await stat(source.path);
    if (!found.isDirectory()) throw new TuneError('CODE', `${source.path} is not a folder.`);
    await visitFolder(source.path, budget, visit);
    if (evidence.files === 0) throw new TuneError('CODE', `The folder ${source.path} is empty.`);
    return;
  }
  const bytes =
    source.kind === 'buffer'
      ? bufferSource(Buffer.from(source.bytes.buffer, source.bytes.byteOffset, source.bytes.byteLength))
      : fileSource(source.path);
  try {
    await visitZip(bytes, { prefix: '', maxUnzippedBytes: limits.maxUnzippedBytes, isInner: false }, budget, visit);
  } finally {
    bytes.close();
  }
}

function asTuneError(error: unknown, source: PackageSource): unknown {
  if (error instanceof TuneError) return error;
  const name = source.kind === 'buffer' ? source.where : source.path;
  if (error instanceof ArchiveRefusal) {
    return new TuneError('CODE', `${name} cannot be looked through: ${refusals[error.reason]}.`, { cause: error });
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (source.kind === 'buffer' || code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  return new TuneError('CODE', `${name} cannot be read (${code}).`, { cause: error });
}

const refusals = {
  notAZip: 'it is no zip file, or a broken one',
  empty: 'it is empty',
  tooManyEntries: 'it holds too many files',
  tooLarge: 'it unpacks to more than the 250 MB that Lambda allows, or its inner archives to more than 1 GB',
  bomb: 'it holds a file that unpacks to hundreds of times its size (a zip bomb)',
  badName: 'it holds a file whose name is absolute or leads out of the package',
  backslash: 'its names are written with backslashes (Windows), which are no folders on Linux; pack it again with zip',
  sameName: 'it holds two files of the same name',
  encrypted: 'it holds an encrypted file',
  linkOut: 'it holds a symbolic link that leads out of the package',
} as const satisfies Record<RefusalReason, string>;

function countByMachine({ natives }: PackageEvidence): Record<BuiltFor, number> {
  const counts = { x86_64: 0, arm64: 0, i386: 0, arm: 0, unknown: 0 };
  for (const { machine } of natives) counts[machine] += 1;
  return counts;
}
