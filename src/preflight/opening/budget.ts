import { ArchiveRefusal } from '../../archive/archiveRefusal.ts';
import type { InspectionLimits } from './limits.ts';

/** What one inspection has used of its limits. @throws ArchiveRefusal from everything that goes beyond */
export interface InspectionBudget {
  readonly limits: InspectionLimits;
  /** Entries left. */
  entriesLeft(): number;
  takeEntry(): void;
  /** Bytes that may still be unpacked of inner archives. */
  innerBytesLeft(): number;
  takeInnerBytes(count: number): void;
  /** Memory for an inner archive; false when there is none left, so that it is not looked into. */
  hold(bytes: number): boolean;
  release(bytes: number): void;
}

export function openBudget(limits: InspectionLimits): InspectionBudget {
  let entries = 0;
  let innerBytes = 0;
  let heldBytes = 0;
  return {
    limits,
    entriesLeft: () => limits.maxEntries - entries,
    takeEntry: () => {
      entries += 1;
      if (entries > limits.maxEntries) throw new ArchiveRefusal('tooManyEntries');
    },
    innerBytesLeft: () => limits.maxInnerBytes - innerBytes,
    takeInnerBytes: (count) => {
      innerBytes += count;
      if (innerBytes > limits.maxInnerBytes) throw new ArchiveRefusal('tooLarge');
    },
    hold: (bytes) => {
      if (heldBytes + bytes > limits.maxHeldBytes) return false;
      heldBytes += bytes;
      return true;
    },
    release: (bytes) => {
      heldBytes -= bytes;
    },
  };
}
