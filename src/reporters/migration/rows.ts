import { shownStarts } from '../../analysis/coldStarts.ts';
import { keysOf } from '../../base/keys.ts';
import { sameConfiguration } from '../../model/configuration.ts';
import type { MigrationResult } from '../../model/migration.ts';
import type { ConfigurationResult } from '../../model/run.ts';
import type { Distribution } from '../../model/summary.ts';
import { formatDuration, formatMemory, formatUsdPerMillion } from '../../text/format.ts';

/** One line of the comparison: today's setting, the configuration that was judged, and what else was measured. */
export interface MigrationRow {
  readonly label: string;
  readonly memory: string;
  readonly cost: string;
  readonly interval: string;
  readonly p50: string;
  readonly p95: string;
  readonly init: string;
  /** Of streamed answers, by the client's clock. */
  readonly firstByte: string;
  readonly total: string;
  readonly note: string;
}

export const migrationColumns = {
  label: '',
  memory: 'memory',
  cost: '$ per million',
  interval: '95 % interval',
  p50: 'p50',
  p95: 'p95',
  init: 'init',
  firstByte: 'first byte, p50',
  total: 'complete, p50',
  note: '',
} as const satisfies Record<keyof MigrationRow, string>;

export type MigrationColumn = keyof typeof migrationColumns;

/** Those of streamed answers only where a row has them. */
export function columnsFor(rows: readonly MigrationRow[]): readonly MigrationColumn[] {
  const isStreamed = rows.some(({ firstByte, total }) => firstByte !== none || total !== none);
  const names = keysOf(migrationColumns);
  return names.filter((name) => isStreamed || (name !== 'firstByte' && name !== 'total'));
}

const none = '–';

export function migrationRows(result: MigrationResult): readonly MigrationRow[] {
  const { run, current, verdict } = result;
  const today = { ...current, label: 'today' };
  const judged = verdict.configuration && { ...verdict.configuration, label: 'judged' };
  const named = [today, judged].filter((one) => one !== undefined);
  const isNamed = (row: ConfigurationResult) => named.some((one) => sameConfiguration(row, one));
  return [
    ...named.flatMap((one) =>
      (run?.configurations ?? []).filter((row) => sameConfiguration(row, one)).map((row) => rowOf(one.label, row)),
    ),
    ...(run?.configurations ?? []).filter((row) => !isNamed(row)).map((row) => rowOf('', row)),
  ];
}

function rowOf(word: string, row: ConfigurationResult): MigrationRow {
  const label = [word, row.architecture].filter((part) => part !== '').join(' ');
  const { warm, cold, memoryMb, status, reason } = row;
  const memory = formatMemory(memoryMb);
  if (warm === undefined) {
    const cost = row.projected === undefined ? none : `~${formatUsdPerMillion(row.projected.costUsd.mean)}`;
    return {
      label,
      memory,
      cost,
      interval: none,
      p50: none,
      p95: none,
      init: none,
      firstByte: none,
      total: none,
      note: reason ?? status,
    };
  }
  const { costUsd, durationMs, stream } = warm;
  const starts = shownStarts(cold);
  return {
    label,
    memory,
    cost: formatUsdPerMillion(costUsd.mean),
    interval: `${formatUsdPerMillion(costUsd.low)}–${formatUsdPerMillion(costUsd.high).replace('$', '')}`,
    p50: durationMs.p50 === null ? none : formatDuration(durationMs.p50),
    p95: durationMs.p95 === null ? none : formatDuration(durationMs.p95),
    init: starts === undefined ? none : formatDuration(starts.mean),
    firstByte: typical(stream?.firstByteMs),
    total: typical(stream?.totalMs),
    note: status === 'measured' ? '' : (reason ?? status),
  };
}

function typical(figures: Distribution | undefined): string {
  return figures === undefined || figures.p50 === null ? none : formatDuration(figures.p50);
}
