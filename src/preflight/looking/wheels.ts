import type { BuiltFor } from '../../migrate/preflight/inspection.ts';
import type { Architecture } from '../../model/configuration.ts';
import { distributionOf } from './packageNames.ts';

/** One installed (or packed) Python distribution, from its `*.dist-info` folder. */
export interface Wheel {
  /** Of its WHEEL file. */
  readonly path: string;
  /** The folder that holds the dist-info: paths in RECORD start there. */
  readonly root: string;
  readonly name: string;
  readonly version: string;
  /** `3.12` for cp312; undefined where the tags name none. */
  readonly pythonVersion?: string | undefined;
  readonly platforms: readonly WheelPlatform[];
  /** glibc 2.x that the tags ask for, by machine: the least of them, since one fitting tag is enough. */
  readonly glibcMinors: Readonly<Partial<Record<BuiltFor, number>>>;
}

type WheelPlatform = 'any' | BuiltFor | 'musl' | 'otherSystem';

/** Undefined for a WHEEL file that lies elsewhere than in a dist-info folder. */
export function wheelOf(path: string, text: string): Wheel | undefined {
  const parts = path.split('/');
  const distribution = distributionOf(parts.at(-2) ?? '');
  if (distribution === undefined || parts.at(-1) !== 'WHEEL') return undefined;
  const tags = [...text.matchAll(/^Tag:[ \t]*([^\s-]+)-([^\s-]+)-(\S+)[ \t]*$/gm)].slice(0, 100);
  const platforms = tags.flatMap((tag) => (tag[3] ?? '').split('.'));
  const python = tags.map((tag) => /^cp(\d)(\d+)$/.exec(tag[1] ?? '')).find((match) => match !== null);
  return {
    path,
    root: parts.slice(0, -2).join('/'),
    ...distribution,
    pythonVersion: python && `${python[1]}.${python[2]}`,
    platforms: platforms.map(platformOf),
    glibcMinors: glibcMinorsOf(platforms),
  };
}

/** Whether its tags allow the architecture on a Linux with glibc; a wheel without tags says nothing against it. */
export function wheelFits({ platforms }: Wheel, wanted: Architecture): boolean {
  return platforms.length === 0 || platforms.some((platform) => platform === 'any' || platform === wanted);
}

/** `manylinux_2_28_x86_64`, and the names of old (PEP 600). */
function glibcMinorsOf(platforms: readonly string[]): Wheel['glibcMinors'] {
  const minors: Partial<Record<BuiltFor, number>> = {};
  for (const tag of platforms) {
    const machine = platformOf(tag);
    if (machine === 'any' || machine === 'musl' || machine === 'otherSystem') continue;
    const [, old = '', minor] = /^manylinux(?:(2014|2010|1)|_2_(\d+))_/.exec(tag) ?? [];
    const asked = minor === undefined ? { '2014': 17, '2010': 12, '1': 5 }[old] : Number(minor);
    // A plain `linux` tag asks for nothing that is known.
    minors[machine] = Math.min(minors[machine] ?? Number.POSITIVE_INFINITY, asked ?? 0);
  }
  return minors;
}

/** Platform tags: packaging.python.org, "Platform compatibility tags". */
function platformOf(tag: string): WheelPlatform {
  if (tag === 'any') return 'any';
  if (tag.startsWith('musllinux')) return 'musl';
  const machine = /^(?:manylinux|linux)\w*?_(x86_64|aarch64|i686|armv[67]l)$/.exec(tag)?.[1];
  if (machine === 'x86_64') return 'x86_64';
  if (machine === 'aarch64') return 'arm64';
  if (machine === 'i686') return 'i386';
  if (machine !== undefined) return 'arm';
  return 'otherSystem';
}

/** Paths of a RECORD file that may be native code; the many others would only take memory. */
export function recordedPaths(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/,[^,]*,[^,]*$/, '').replaceAll('"', ''))
    .filter((path) => path !== '' && !/\.(?:py[ci]?|pyx|pxd|h|hpp|txt|json|md|rst)$/.test(path));
}

interface Installed {
  readonly natives: readonly { readonly path: string }[];
  /** Of RECORD files. */
  readonly records: readonly { readonly folder: string; readonly paths: readonly string[] }[];
  readonly wheels: readonly Wheel[];
}

/** Which distribution a native file belongs to, by its RECORD; without one, by the name of its folder. */
export function ownersOf({ natives, records, wheels }: Installed): Map<string, Wheel> {
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
