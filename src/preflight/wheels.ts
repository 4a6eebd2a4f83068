import type { BuiltFor } from '../domain/migrate/inspection.ts';
import type { Architecture } from '../domain/model.ts';
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
  readonly pythonVersion?: string;
  readonly platforms: readonly WheelPlatform[];
}

type WheelPlatform = 'any' | BuiltFor | 'otherSystem';

/** Undefined for a WHEEL file that lies elsewhere than in a dist-info folder. */
export function wheelOf(path: string, text: string): Wheel | undefined {
  const parts = path.split('/');
  const distribution = distributionOf(parts.at(-2) ?? '');
  if (distribution === undefined || parts.at(-1) !== 'WHEEL') return undefined;
  const tags = [...text.matchAll(/^Tag:[ \t]*([^\s-]+)-([^\s-]+)-(\S+)[ \t]*$/gm)].slice(0, 100);
  const python = tags.map((tag) => /^cp(\d)(\d+)$/.exec(tag[1] ?? '')).find((match) => match !== null);
  return {
    path,
    root: parts.slice(0, -2).join('/'),
    ...distribution,
    ...(python && { pythonVersion: `${python[1]}.${python[2]}` }),
    platforms: tags.flatMap((tag) => (tag[3] ?? '').split('.').map(platformOf)),
  };
}

/** Whether its tags allow the architecture; a wheel without tags says nothing against it. */
export function wheelFits({ platforms }: Wheel, wanted: Architecture): boolean {
  const forLinux = platforms.filter((platform) => platform !== 'otherSystem');
  return forLinux.length === 0 || forLinux.some((platform) => platform === 'any' || platform === wanted);
}

/** Platform tags: packaging.python.org, "Platform compatibility tags". */
function platformOf(tag: string): WheelPlatform {
  if (tag === 'any') return 'any';
  const machine = /^(?:manylinux|musllinux|linux)\w*?_(x86_64|aarch64|i686|armv[67]l)$/.exec(tag)?.[1];
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
