import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import type { RunOptions } from '../../options/options.ts';

/**
 * Nothing is created in an account without a yes: `--yes`, an answer on the terminal, or, where nobody can be asked, a spend
 * cap. Throws TuneError CONSENT.
 */
export async function askConsent(
  options: Pick<RunOptions, 'yes' | 'maxSpendUsd'>,
  { worstCaseUsd }: { readonly worstCaseUsd: number },
  io: Io,
): Promise<void> {
  if (options.yes) return;
  const canAsk = io.stdin.isTty && io.stderr.isTty;
  if (!canAsk && options.maxSpendUsd !== undefined) return;
  if (!canAsk) {
    throw new TuneError('CONSENT', 'Nobody can be asked here, and neither --yes nor --max-spend-usd is given.', {
      hint: `Nothing was created. The worst case of this run is US$ ${worstCaseUsd.toPrecision(2)}: give --max-spend-usd <US$> or --yes.`,
    });
  }
  if (await io.ask('Create these copies and invoke them? [y/N] ')) return;
  throw new TuneError('CONSENT', 'Not confirmed; nothing was created.');
}
