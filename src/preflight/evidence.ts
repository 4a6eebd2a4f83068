import type { NativeFile } from './nativeFiles.ts';
import type { NpmPlatformPackage } from './npmPlatforms.ts';
import type { Wheel } from './wheels.ts';

/** What was seen while looking through a package, before it is judged. */
export interface Evidence {
  readonly natives: NativeFile[];
  readonly wheels: Wheel[];
  /** Paths in RECORD files that may be native code, by the folder and name of their dist-info. */
  readonly records: { readonly folder: string; readonly paths: readonly string[] }[];
  readonly npmPackages: NpmPlatformPackage[];
  /** What could not be looked into, and why. */
  readonly closed: { readonly path: string; readonly reason: ClosedReason }[];
  files: number;
  bytes: number;
  archives: number;
}

export type ClosedReason = 'broken' | 'encrypted' | 'badName' | 'linkOut' | 'tooDeep' | 'tooLarge' | 'packing';

export function noEvidence(): Evidence {
  return { natives: [], wheels: [], records: [], npmPackages: [], closed: [], files: 0, bytes: 0, archives: 0 };
}
