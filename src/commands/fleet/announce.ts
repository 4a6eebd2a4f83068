import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { shardName } from '../../fleet/shards.ts';
import type { RankedFunction } from '../../model/fleet/fleet.ts';
import type { ChosenFunction } from '../../model/fleet/shard.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { formatNumberOf, formatUsd } from '../../text/format.ts';
import { type Foreseen, foreseenTexts } from './foreseen.ts';
import type { RunFlags, ShardRun } from './shardRun.ts';

interface Announcing {
  readonly run: ShardRun;
  readonly todo: readonly ChosenFunction[];
  readonly foreseen: Foreseen;
  readonly cut: number;
  readonly capUsd: number | undefined;
  readonly spentBeforeUsd: number;
}

export function announce({ run, todo, foreseen, cut, capUsd, spentBeforeUsd }: Announcing): void {
  const { ranked, work, progress } = run;
  const places = new Set(todo.map(({ accountId, region }) => `${accountId} ${region}`)).size;
  const part = work.shard.of === 1 ? '' : `Part ${shardName(work.shard)}: `;
  const before = ranked.length - todo.length;
  const notes = [
    ...(before > 0 ? [`${formatNumberOf(before, 'function')} measured before`] : []),
    ...(cut > 0 ? [`${formatNumberOf(cut, 'function')} to go on with`] : []),
  ];
  progress.say(
    `${part}${formatNumberOf(todo.length, 'function')} of ${work.functions.length} to measure in ${formatNumberOf(places, 'account and region', 'accounts and regions')}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}. Copies of each are created, invoked and deleted; yours are only read.`,
  );
  const spent = spentBeforeUsd > 0 ? `; ${formatUsd(spentBeforeUsd)} of it are spent` : '';
  progress.say(
    `As ranked, measuring costs about ${formatUsd(expectedUsd(todo, ranked))}${capUsd === undefined ? '' : `, at most ${formatUsd(capUsd)} (--max-spend-usd${work.shard.of === 1 ? '' : `, the share of part ${shardName(work.shard)}`}${spent})`}. Saved runs: ${escapeTerminal(work.shown, 200)}`,
  );
  for (const text of foreseenTexts(foreseen)) progress.say(text);
}

function expectedUsd(todo: readonly ChosenFunction[], ranked: readonly RankedFunction[]): number {
  const open = new Set(todo.map(({ functionArn }) => functionArn));
  return ranked
    .filter(({ functionArn }) => open.has(functionArn))
    .reduce((sum, { costToMeasureUsd }) => sum + (costToMeasureUsd ?? 0), 0);
}

/** Nothing is created without a yes: `--yes`, an answer on the terminal, or, where nobody can be asked, a cap. */
export async function agree(
  { yes }: RunFlags,
  capUsd: number | undefined,
  todo: readonly ChosenFunction[],
  ranked: readonly RankedFunction[],
  io: Io,
): Promise<void> {
  if (yes) return;
  const canAsk = io.stdin.isTty && io.stderr.isTty;
  if (!canAsk && capUsd !== undefined) return;
  if (!canAsk) {
    throw new TuneError('CONSENT', 'Nobody can be asked here, and neither --yes nor --max-spend-usd is given.', {
      hint: `Nothing was created. Measuring costs about ${formatUsd(expectedUsd(todo, ranked))}: give --max-spend-usd <US$> or --yes.`,
    });
  }
  if (await io.ask(`Create copies of ${formatNumberOf(todo.length, 'function')} and invoke them? [y/N] `)) return;
  throw new TuneError('CONSENT', 'Not confirmed; nothing was created.');
}
