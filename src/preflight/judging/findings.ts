import type { BuiltFor, Finding } from '../../migrate/preflight/inspection.ts';
import { type RuntimeSystem, runtimeSystemOf } from '../../migrate/preflight/runtimeSystem.ts';
import type { Architecture } from '../../model/configuration.ts';
import type { PackageEvidence } from '../looking/evidence.ts';
import type { ForeignFile } from '../looking/foreignFiles.ts';
import type { NativeFile } from '../looking/nativeFiles.ts';
import { type NpmDependents, npmDependents } from '../looking/npmManifests.ts';
import { isOnlyAccelerator, npmPackageOf } from '../looking/packageNames.ts';
import { isNamedAfterPlatform, platformNameOf } from '../looking/platformNames.ts';
import { ownersOf, type Wheel, wheelFits } from '../looking/wheels.ts';
import { type Curing, closedTexts, cureOfFile, cureOfNpm, cureOfWheel } from './cures.ts';
import { type Pairs, pairsOf } from './pairs.ts';

/** Judges what was seen: what is built for another machine and has no counterpart for the wanted one beside it. */
export function findingsOf(
  evidence: PackageEvidence,
  where: string,
  wanted: Architecture,
  runtime?: string,
): Finding[] {
  const musl = new Set(evidence.natives.filter(isForMusl).map(({ path }) => path));
  const pairs = pairsOf(
    evidence.natives.map(({ path, machine }) => ({ path, machine, isMusl: musl.has(path) })),
    wanted,
  );
  const system = runtimeSystemOf(runtime);
  const owners = ownersOf(evidence);
  const amiss = evidence.natives.filter(
    ({ path, machine }) => machine !== wanted && !pairs.isForeign(path) && !pairs.has(path),
  );
  const wantedOnes = evidence.natives.filter(({ path, machine }) => machine === wanted && !pairs.isForeign(path));
  // What is missing for glibc is told once, by the build for the other machine where there is one.
  const missing = new Set(amiss.map(({ path }) => platformNameOf(path).key));
  const forMusl = wantedOnes.filter(
    ({ path }) => musl.has(path) && !pairs.hasGlibc(path) && !missing.has(platformNameOf(path).key),
  );
  const tooNew = wantedOnes.filter(
    ({ path, linking }) =>
      !musl.has(path) && (linking?.glibcMinor ?? 0) > (system?.glibcMinor ?? Number.POSITIVE_INFINITY),
  );
  const dependents = npmDependents(evidence.manifests);
  const judging: Judging = {
    evidence,
    owners,
    pairs,
    amiss: [...amiss, ...forMusl, ...tooNew],
    dependents,
    where,
    wanted,
    runtime,
    system,
  };
  return [
    ...amiss.map((file) => findingOfFile(file, judging)),
    ...forMusl.map((file) => findingOfFile(file, judging, `needs musl's libc, and Lambda has glibc`)),
    ...tooNew.map((file) => findingOfFile(file, judging, tooNewFor(file.linking?.glibcMinor ?? 0, judging))),
    ...evidence.foreign.flatMap((file) => findingOfForeign(file, judging)),
    ...evidence.wheels.flatMap((wheel) => findingOfWheel(wheel, judging)),
    ...findingsOfNpm(judging),
    ...findingsOfCompiled(judging),
    ...evidence.closed.map(
      ({ path, reason }): Finding => ({
        where,
        path,
        kind: 'archive',
        architecture: 'unknown',
        cure: closedTexts[reason],
        blocking: false,
      }),
    ),
  ];
}

interface Judging {
  readonly evidence: PackageEvidence;
  readonly owners: ReadonlyMap<string, Wheel>;
  readonly pairs: Pairs;
  readonly amiss: readonly NativeFile[];
  readonly dependents: NpmDependents;
  readonly where: string;
  readonly wanted: Architecture;
  readonly runtime: string | undefined;
  readonly system: RuntimeSystem | undefined;
}

/** By what it is linked against; without that, by its name: tools name such builds so. */
function isForMusl({ path, linking }: NativeFile): boolean {
  if (linking !== undefined && linking.library !== 'unknown') return linking.library === 'musl';
  return platformNameOf(path).isMusl;
}

function tooNewFor(glibcMinor: number, { runtime, system }: Judging): string {
  return `needs glibc 2.${glibcMinor}, and ${runtime ?? 'the runtime'} has 2.${system?.glibcMinor} (${system?.name})`;
}

function findingOfFile(file: NativeFile, judging: Judging, reason?: string): Finding {
  const { owners, where } = judging;
  const wheel = owners.get(file.path);
  const npm = npmPackageOf(file.path)?.name;
  const name = wheel === undefined ? npm : `${wheel.name}==${wheel.version}`;
  const isDispensable =
    // Such assemblies hold their IL as well; whether it is used instead has changed between versions of .NET.
    file.kind === 'dotnetReadyToRun' || file.machine === 'unknown' || (npm !== undefined && isSpared(npm, judging));
  return {
    where,
    path: file.path,
    kind: file.kind,
    architecture: file.machine,
    reason,
    cure: cureOfFile(file, curing(judging), wheel),
    package: name,
    blocking: !isDispensable,
  };
}

/** Whether all that uses it goes on without it, by its own documentation or by what its users declare. */
function isSpared(npm: string, { dependents }: Judging): boolean {
  return isOnlyAccelerator(npm) || dependents.isOptional(npm);
}

function curing({ where, wanted, runtime, system, dependents }: Judging): Curing {
  return { where, wanted, runtime, glibcMinor: system?.glibcMinor, dependents };
}

/** Packages bring builds for many systems: only one that has none for Linux is told of. */
function findingOfForeign({ path, kind, system }: ForeignFile, judging: Judging): Finding[] {
  const { evidence, pairs, owners, where } = judging;
  const npm = npmPackageOf(path);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const hasLinux =
    pairs.hasForLinux(path) ||
    evidence.natives.some(
      (native) =>
        !pairs.isForeign(native.path) &&
        (npm === undefined
          ? native.path.slice(0, native.path.lastIndexOf('/') + 1) === folder
          : npmPackageOf(native.path)?.folder === npm.folder),
    );
  if (hasLinux) return [];
  const wheel = owners.get(path);
  // A package that is for that system alone, and is not named after it, belongs to no other (fsevents).
  const isOfSystem = npm !== undefined && evidence.systemOnly.includes(npm.folder) && !isNamedAfterPlatform(npm.name);
  if (isOfSystem) return [];
  const name = wheel === undefined ? npm?.name : `${wheel.name}==${wheel.version}`;
  return [
    {
      where,
      path,
      kind,
      architecture: 'unknown',
      reason: `built for ${system}, which Lambda is not`,
      cure: cureOfFile({ path, kind, isGo: false }, curing(judging), wheel),
      package: name,
      blocking: npm === undefined || !isSpared(npm.name, judging),
    },
  ];
}

/**
 * Installing for two architectures into one folder leaves the files of both, but the tags of the last: where its own
 * files are there for the wanted one, the tags are not believed.
 */
function findingOfWheel(wheel: Wheel, judging: Judging): Finding[] {
  const { evidence, owners, amiss, where, wanted, system } = judging;
  const glibcMinor = wheel.platforms.includes('any') ? 0 : (wheel.glibcMinors[wanted] ?? 0);
  const isTooNew = glibcMinor > (system?.glibcMinor ?? Number.POSITIVE_INFINITY);
  if (wheelFits(wheel, wanted) && !isTooNew) return [];
  const own = evidence.natives.filter(({ path }) => owners.get(path) === wheel);
  const isCovered = own.some(({ machine }) => machine === wanted) && !own.some((file) => amiss.includes(file));
  const isRead = own.some(({ machine, linking }) => machine === wanted && linking?.glibcMinor !== undefined);
  // Tags of musl are not those of another install: what they say of the files stays true unless the files say otherwise.
  if (isCovered && (!(isTooNew || wheel.platforms.every((platform) => platform === 'musl')) || isRead)) return [];
  const machine = wheel.platforms.find(isMachine);
  const reason = isTooNew
    ? tooNewFor(glibcMinor, judging)
    : machine !== undefined
      ? undefined
      : wheel.platforms.includes('musl')
        ? `needs musl's libc, and Lambda has glibc`
        : 'built for another system than Linux';
  return [
    {
      where,
      path: wheel.path,
      kind: 'pythonWheel',
      architecture: machine ?? 'unknown',
      reason,
      cure: cureOfWheel(wheel, curing(judging)),
      package: `${wheel.name}==${wheel.version}`,
      blocking: true,
    },
  ];
}

function isMachine(platform: Wheel['platforms'][number]): platform is BuiltFor {
  return platform !== 'any' && platform !== 'otherSystem' && platform !== 'musl';
}

/** What was installed without running its scripts may be compiled elsewhere, or not at all. */
function findingsOfCompiled(judging: Judging): Finding[] {
  const { evidence, where } = judging;
  const holds = (name: string) =>
    [...evidence.natives, ...evidence.foreign].some(({ path }) => npmPackageOf(path)?.name === name);
  return [...new Set(evidence.compiled)].flatMap((folder) => {
    const name = npmPackageOf(`${folder}/`)?.name ?? '';
    const parts = evidence.manifests.find((manifest) => manifest.folder === folder)?.mayUse ?? [];
    if (holds(name) || parts.some(holds)) return [];
    return [
      {
        where,
        path: `${folder}/binding.gyp`,
        kind: 'nodePackage' as const,
        architecture: 'unknown' as const,
        reason: 'has code to compile, and no compiled file',
        cure: cureOfFile({ path: `${folder}/build/Release/`, kind: 'nodeAddon', isGo: false }, curing(judging)),
        package: name,
        blocking: false,
      },
    ];
  });
}

/** Packages whose native files are named already need no second line. */
function findingsOfNpm(judging: Judging): Finding[] {
  const { evidence, amiss, where, wanted } = judging;
  const { npmPackages, natives } = evidence;
  const named = new Set(amiss.map(({ path }) => npmPackageOf(path)?.folder));
  const pairs = pairsOf(
    [
      ...npmPackages.map(({ folder, machine }) => ({ path: `${folder}/`, machine })),
      ...natives.map(({ path, machine }) => ({ path, machine })),
    ],
    wanted,
  );
  return npmPackages
    .filter(({ fits, folder }) => !fits && !named.has(folder) && !pairs.has(`${folder}/`))
    .map(({ path, name, machine, isPlatformPackage }) => ({
      where,
      path,
      kind: 'nodePackage' as const,
      architecture: machine,
      cure: cureOfNpm(name, curing(judging)),
      package: name,
      blocking: isPlatformPackage && !isSpared(name, judging),
    }));
}
