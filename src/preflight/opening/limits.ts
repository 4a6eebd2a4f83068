import { maxUnzippedBytes } from '../../archive/zipEntries.ts';

/** What an inspection reads at most. Beyond it a package is refused, so that a hostile one costs seconds and no memory. */
export interface InspectionLimits {
  /** Entries, those of inner archives included. */
  readonly maxEntries: number;
  /** Of the package itself: Lambda unpacks no more. */
  readonly maxUnzippedBytes: number;
  /** All that is unpacked of inner archives together. */
  readonly maxInnerBytes: number;
  /** Archives inside archives inside the package: what lies deeper is reported as not looked into. */
  readonly maxDepth: number;
  /** An entry of `bombFromBytes` and more that unpacks to more than this many times its size. */
  readonly maxRatio: number;
  readonly bombFromBytes: number;
  /** Compressed inner archives are unpacked in memory, several while they lie in each other. */
  readonly maxHeldBytes: number;
  readonly maxFindings: number;
}

export const inspectionLimits: InspectionLimits = {
  maxEntries: 300_000,
  maxUnzippedBytes,
  maxInnerBytes: 1024 * 1024 * 1024,
  maxDepth: 4,
  // Deflate reaches 1,032:1 on zeros; text of logs and tables stays below 100:1.
  maxRatio: 500,
  bombFromBytes: 8 * 1024 * 1024,
  maxHeldBytes: 128 * 1024 * 1024,
  maxFindings: 1000,
};
