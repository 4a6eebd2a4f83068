import { TuneError } from '../base/errors.ts';
import type { Shard } from '../model/fleet/shard.ts';

/** One machine does it all. */
export const wholeShard: Shard = { index: 1, of: 1 };

/** Every n-th, so that each part has of the dear ones and of the cheap. */
export function inShard<Item>(items: readonly Item[], { index, of }: Shard): readonly Item[] {
  return items.filter((_, position) => position % of === index - 1);
}

/** This part's share of what all of them may have at once: their sum is the whole. @throws TuneError USAGE where it is none */
export function shardShareOf(whole: number, { index, of }: Shard): number {
  const share = Math.floor(whole / of) + (index <= whole % of ? 1 : 0);
  if (share > 0) return share;
  throw new TuneError(
    'USAGE',
    `${whole} in flight at a time cannot be divided among ${of} parts: part ${index} has none.`,
    {
      hint: `Use at most ${whole} parts, or allow more with --max-in-flight.`,
    },
  );
}

export function shardName({ index, of }: Shard): string {
  return `${index} of ${of}`;
}
