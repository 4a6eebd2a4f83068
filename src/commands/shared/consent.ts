import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import type { RunOptions } from '../../options/options.ts';
import { formatNumberOf } from '../../text/format.ts';

/** What is agreed to. */
export interface AskedFor {
  readonly worstCaseUsd: number;
  /** No account is used. */
  readonly isFree?: boolean;
  /** Of configurations, where they are so many that they are asked for wherever they are measured. */
  readonly many?: { readonly count: number; readonly most: number } | undefined;
}

/**
 * Nothing is created in an account without a yes: `--yes`, an answer on the terminal, or, where nobody can be asked, a spend
 * cap. Throws TuneError CONSENT.
 */
export async function askConsent(
  options: Pick<RunOptions, 'yes' | 'maxSpendUsd'>,
  { worstCaseUsd, isFree = false, many }: AskedFor,
  io: Io,
): Promise<void> {
  if (options.yes) return;
  const canAsk = io.stdin.isTty && io.stderr.isTty;
  if (!canAsk && options.maxSpendUsd !== undefined) return;
  const manyText =
    many === undefined ? '' : `These are ${formatNumberOf(many.count, 'configuration')}, more than ${many.most}`;
  if (!canAsk) {
    throw new TuneError('CONSENT', 'Nobody can be asked here, and neither --yes nor --max-spend-usd is given.', {
      hint: isFree
        ? `Nothing was created. ${manyText === '' ? '' : `${manyText}; `}no account is used: agree with --yes.`
        : `Nothing was created. ${manyText === '' ? '' : `${manyText}. `}The worst case of this run is US$ ${worstCaseUsd.toPrecision(2)}: give --max-spend-usd <US$> or --yes.`,
    });
  }
  const question = 'Create these copies and invoke them? [y/N] ';
  if (await io.ask(manyText === '' ? question : `${manyText}. ${question}`)) return;
  throw new TuneError('CONSENT', 'Not confirmed; nothing was created.');
}
