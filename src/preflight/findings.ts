import type { Finding } from '../domain/migrate/inspection.ts';
import type { Architecture } from '../domain/model.ts';
import { cureOfFile, cureOfNpm, cureOfWheel } from './cures.ts';
import type { ClosedReason, Evidence } from './evidence.ts';
import type { NativeFile } from './nativeFiles.ts';
import { isOnlyAccelerator, npmPackageOf } from './packageNames.ts';
import { type Pairs, pairsOf } from './pairs.ts';
import { type Wheel, wheelFits } from './wheels.ts';

/** Judges what was seen: what is built for another machine and has no counterpart for the wanted one beside it. */
export function findingsOf(evidence: Evidence, where: string, wanted: Architecture): Finding[] {
  const pairs = pairsOf(evidence.natives, wanted);
  const owners = ownersOf(evidence);
  const amiss = evidence.natives.filter(
    ({ path, machine }) => machine !== wanted && !pairs.isForeign(path) && !pairs.has(path),
  );
  return [
    ...amiss.map((file) => findingOfFile(file, owners.get(file.path), where, wanted)),
    ...evidence.wheels.flatMap((wheel) => findingOfWheel(wheel, { evidence, owners, pairs, amiss }, where, wanted)),
    ...findingsOfNpm(evidence, amiss, where, wanted),
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

function findingOfFile(file: NativeFile, wheel: Wheel | undefined, where: string, wanted: Architecture): Finding {
  const npm = npmPackageOf(file.path)?.name;
  const name = wheel === undefined ? npm : `${wheel.name}==${wheel.version}`;
  const isDispensable =
    // Such assemblies hold their IL as well; whether it is used instead has changed between versions of .NET.
    file.kind === 'dotnetReadyToRun' || file.machine === 'unknown' || (npm !== undefined && isOnlyAccelerator(npm));
  return {
    where,
    path: file.path,
    kind: file.kind,
    architecture: file.machine,
    cure: cureOfFile(file, wanted, where, wheel),
    ...(name !== undefined && { package: name }),
    blocking: !isDispensable,
  };
}

interface Judged {
  readonly evidence: Evidence;
  readonly owners: ReadonlyMap<string, Wheel>;
  readonly pairs: Pairs;
  readonly amiss: readonly NativeFile[];
}

/**
 * Installing for two architectures into one folder leaves the files of both, but the tags of the last: where its own
 * files are there for the wanted one, the tags are not believed.
 */
function findingOfWheel(wheel: Wheel, judged: Judged, where: string, wanted: Architecture): Finding[] {
  if (wheelFits(wheel, wanted)) return [];
  const own = judged.evidence.natives.filter(({ path }) => judged.owners.get(path) === wheel);
  const isCovered = own.some(({ machine }) => machine === wanted) && !own.some((file) => judged.amiss.includes(file));
  if (isCovered) return [];
  const machine = wheel.platforms.find((platform) => platform !== 'any' && platform !== 'otherSystem');
  return [
    {
      where,
      path: wheel.path,
      kind: 'pythonWheel',
      architecture: machine ?? 'unknown',
      cure: cureOfWheel(wheel, wanted),
      package: `${wheel.name}==${wheel.version}`,
      blocking: true,
    },
  ];
}

/** Which distribution a native file belongs to, by its RECORD; without one, by the name of its folder. */
function ownersOf({ natives, records, wheels }: Evidence): Map<string, Wheel> {
  const owners = new Map<string, Wheel>();
  const recorded = new Map(records.map(({ folder, paths }) => [folder, paths]));
  const under = (root: string, path: string) => (root === '' ? path : `${root}/${path}`);
  for (const wheel of wheels) {
    const folder = wheel.path.slice(0, -'/WHEEL'.length);
    for (const path of recorded.get(folder) ?? []) owners.set(under(wheel.root, path), wheel);
    for (const { path } of natives) {
      const isNamedSo = ['/', '.libs/'].some((end) =>
        path.toLowerCase().startsWith(under(wheel.root, `${wheel.name}${end}`).toLowerCase()),
      );
      if (isNamedSo && !owners.has(path)) owners.set(path, wheel);
    }
  }
  return owners;
}

/** Packages whose native files are named already need no second line. */
function findingsOfNpm(
  { npmPackages, natives }: Evidence,
  amiss: readonly NativeFile[],
  where: string,
  wanted: Architecture,
): Finding[] {
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
      kind: 'nodePackage',
      architecture: machine,
      cure: cureOfNpm(name, wanted),
      package: name,
      blocking: isPlatformPackage,
    }));
}

const closedTexts = {
  broken: 'Not looked into: it cannot be unpacked. Look at what it holds yourself.',
  encrypted: 'Not looked into: it is encrypted. Look at what it holds yourself.',
  badName: 'Not looked into: it names files outside of itself. Look at what it holds yourself.',
  linkOut: 'Not looked into: it holds a link that leads out of it. Look at what it holds yourself.',
  tooDeep: 'Not looked into: too many archives inside of each other. Look at what it holds yourself.',
  tooLarge: 'Not looked into: too large to unpack beside what it lies in. Look at what it holds yourself.',
  packing: 'Not looked into: a way of packing that is not read here. Look at what it holds yourself.',
} as const satisfies Record<ClosedReason, string>;
