import type { ForeignFile } from './foreignFiles.ts';
import type { NativeFile } from './nativeFiles.ts';
import type { NpmManifest } from './npmManifests.ts';
import type { NpmPlatformPackage } from './npmPlatforms.ts';
import type { Wheel } from './wheels.ts';

/** Own code, to be parsed. */
export interface OwnSource {
  readonly path: string;
  readonly text: string;
}

/** What was seen while looking through a package, before it is judged. */
export interface PackageEvidence {
  readonly natives: NativeFile[];
  /** Built for macOS or Windows. */
  readonly foreign: ForeignFile[];
  readonly wheels: Wheel[];
  readonly manifests: NpmManifest[];
  /** Folders of npm packages that say they are for other systems than Linux. */
  readonly systemOnly: string[];
  /** Folders of npm packages that are to be compiled when they are installed. */
  readonly compiled: string[];
  /** Paths in RECORD files that may be native code, by the folder and name of their dist-info. */
  readonly records: { readonly folder: string; readonly paths: readonly string[] }[];
  readonly npmPackages: NpmPlatformPackage[];
  /** What could not be looked into, and why. */
  readonly closed: { readonly path: string; readonly reason: ClosedReason }[];
  /** Of a variant: own code, and libraries of Python that runtimes bring as well. */
  readonly sources: OwnSource[];
  readonly pythonLibraries: string[];
  files: number;
  bytes: number;
  archives: number;
}

export type ClosedReason = 'broken' | 'encrypted' | 'badName' | 'linkOut' | 'tooDeep' | 'tooLarge' | 'packing';

export function noEvidence(): PackageEvidence {
  return {
    natives: [],
    foreign: [],
    wheels: [],
    manifests: [],
    compiled: [],
    systemOnly: [],
    records: [],
    npmPackages: [],
    closed: [],
    sources: [],
    pythonLibraries: [],
    files: 0,
    bytes: 0,
    archives: 0,
  };
}
