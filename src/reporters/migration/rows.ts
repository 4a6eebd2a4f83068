import type { MigrationResult } from '../../domain/migrate/result.ts';
import type { Architecture } from '../../domain/model.ts';
import type { ConfigurationResult } from '../../domain/result.ts';
import { formatDuration, formatMemory, formatUsdPerMillion } from '../format.ts';
import { movesTo } from './wording.ts';

/** One line of the comparison: today's setting, the same size on the other architecture, and each one's own best. */
export interface MigrationRow {
  readonly label: string;
  readonly memory: string;
  readonly cost: string;
  readonly interval: string;
  readonly p50: string;
  readonly p95: string;
  readonly init: string;
  readonly tied: string;
}

export const migrationColumns = {
  label: '',
  memory: 'memory',
  cost: '$ per million',
  interval: '95 % interval',
  p50: 'p50',
  p95: 'p95',
  init: 'init',
  tied: 'tied with',
} as const satisfies Record<keyof MigrationRow, string>;

export function migrationRows(result: MigrationResult): readonly MigrationRow[] {
  const { run, current, best } = result;
  if (run === undefined) return [];
  const to = movesTo(result);
  const row = (label: string, architecture: Architecture, memoryMb: number, tied: readonly number[] = []) => {
    const found = run.configurations.find((one) => one.architecture === architecture && one.memoryMb === memoryMb);
    return found === undefined ? [] : [rowOf(`${label} ${architecture}`, found, tied)];
  };
  return [
    ...row('current', current.architecture, current.memoryMb),
    ...row('same size', to, current.memoryMb),
    ...(best === undefined
      ? []
      : [
          ...row('best', to, best.memoryMb[to], best.tiedWith[to]),
          ...row(
            'best',
            current.architecture,
            best.memoryMb[current.architecture],
            best.tiedWith[current.architecture],
          ),
        ]),
  ];
}

function rowOf(label: string, row: ConfigurationResult, tied: readonly number[]): MigrationRow {
  const { warm, cold, memoryMb, status, reason } = row;
  const memory = formatMemory(memoryMb);
  const none = '–';
  if (warm === undefined) {
    const cost = row.projected === undefined ? none : `~${formatUsdPerMillion(row.projected.costUsd.mean)}`;
    return { label, memory, cost, interval: none, p50: none, p95: none, init: none, tied: reason ?? status };
  }
  const { costUsd, durationMs } = warm;
  return {
    label,
    memory,
    cost: formatUsdPerMillion(costUsd.mean),
    interval: `${formatUsdPerMillion(costUsd.low)}–${formatUsdPerMillion(costUsd.high).replace('$', '')}`,
    p50: durationMs.p50 === null ? none : formatDuration(durationMs.p50),
    p95: durationMs.p95 === null ? none : formatDuration(durationMs.p95),
    init: cold?.initDurationMs === undefined ? none : formatDuration(cold.initDurationMs.mean),
    tied: tied.map(formatMemory).join(', '),
  };
}
