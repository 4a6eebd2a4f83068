import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import type { VariantOverlay } from '../../model/variant.ts';
import type { RunOptions } from '../../options/options.ts';
import { parseVariation } from '../../plan/variation.ts';
import type { Session } from '../shared/session.ts';
import { planVariants } from '../shared/variants/variation.ts';

/**
 * The other side of a check as a variant of the same function: one change, as `--vary` takes it.
 * @throws TuneError USAGE for none or several values, and for what the function has already
 */
export async function variantAgainst(
  written: string,
  session: Session,
  options: RunOptions,
  io: Io,
): Promise<VariantOverlay> {
  const axis = parseVariation(written);
  if (axis.length > 1) {
    throw new TuneError('USAGE', 'A check compares with one variant, and --against-variant names several values.', {
      hint: 'Give one value. To compare several, use tune --vary.',
    });
  }
  // Today's is always the first of them.
  const [, variant] = await planVariants({ axes: [axis] }, session, options, io);
  if (variant === undefined) {
    throw new TuneError('USAGE', 'The function is that already: --against-variant changes nothing of it.', {
      hint: 'Give what it is to be compared with, for instance --against-variant runtime=nodejs20.x.',
    });
  }
  return variant;
}
