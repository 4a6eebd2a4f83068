import type { BuiltFor } from '../../migrate/preflight/inspection.ts';
import type { Architecture } from '../../model/configuration.ts';
import { npmPackageOf } from './packageNames.ts';
import { machineNamed, platformNameOf } from './platformNames.ts';

/** A package of npm that says which machines it is for (`os` and `cpu` of its package.json). */
export interface NpmPlatformPackage {
  /** Of its package.json. */
  readonly path: string;
  readonly folder: string;
  readonly name: string;
  readonly machine: BuiltFor;
  /** It may be installed for the wanted architecture. */
  readonly fits: boolean;
  /** It exists for one platform only (`@scope/name-linux-x64`), so without it something is missing. */
  readonly isPlatformPackage: boolean;
}

const machines = new Map<unknown, BuiltFor>([
  ['x64', 'x86_64'],
  ['arm64', 'arm64'],
  ['ia32', 'i386'],
  ['arm', 'arm'],
]);

/** Undefined when it names no machine, or is not for Linux. `text` is untrusted. */
export function npmPlatformPackageOf(path: string, text: string, wanted: Architecture): NpmPlatformPackage | undefined {
  const owner = npmPackageOf(path);
  if (owner === undefined || path !== `${owner.folder}/package.json`) return undefined;
  const { os, cpu } = platformsOf(text);
  if (cpu.length === 0 || !allows(os, 'linux') || platformNameOf(owner.folder).isForeign) return undefined;
  const fits = allows(cpu, wanted === 'arm64' ? 'arm64' : 'x64');
  const named = cpu.map((entry) => machines.get(entry)).find((entry) => entry !== undefined);
  const machine = fits ? wanted : (named ?? 'unknown');
  const isPlatformPackage = os.includes('linux') || machineNamed(owner.name) !== undefined;
  return { path, ...owner, machine, fits, isPlatformPackage };
}

/** Whether a package is for other systems than Linux. `text` is untrusted. */
export function isForOtherSystem(text: string): boolean {
  return !allows(platformsOf(text).os, 'linux');
}

/** As npm reads them: a list of names allowed, or (with `!`) refused; absent allows all. */
function allows(entries: readonly string[], value: string): boolean {
  if (entries.includes(`!${value}`)) return false;
  const allowed = entries.filter((entry) => !entry.startsWith('!'));
  return allowed.length === 0 || allowed.includes('any') || allowed.includes(value);
}

function platformsOf(text: string): { readonly os: readonly string[]; readonly cpu: readonly string[] } {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    manifest = undefined;
  }
  const fields = typeof manifest === 'object' && manifest !== null ? manifest : {};
  return { os: namesIn('os' in fields ? fields.os : []), cpu: namesIn('cpu' in fields ? fields.cpu : []) };
}

function namesIn(field: unknown): string[] {
  return (Array.isArray(field) ? field : [field]).filter((entry) => typeof entry === 'string');
}
