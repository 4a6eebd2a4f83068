import { keysOf } from '../../base/keys.ts';
import { compareConfigurations } from '../../model/configuration.ts';
import type { ConfigurationResult, TuningResult } from '../../model/run.ts';
import type { Monthly, MonthlyBill } from '../../model/traffic.ts';
import { formatCount, formatDuration, formatUsd } from '../../text/format.ts';
import { namerOf } from './namer.ts';
import { coldShareText } from './trafficWording.ts';

/** The bills of a month side by side, the same in every format. */
export interface MonthlyColumn {
  readonly head: string;
  readonly align: 'left' | 'right';
  readonly cells: readonly string[];
  /** Who leaves first where there is little room: the lowest. */
  readonly leaves?: number | undefined;
}

type BilledRow = ConfigurationResult & { readonly monthly: Monthly };

export function billedRows({ configurations }: TuningResult): readonly BilledRow[] {
  return configurations.filter((row): row is BilledRow => row.monthly !== undefined).toSorted(compareConfigurations);
}

export const billLines = {
  requests: 'requests',
  duration: 'duration',
  init: 'init',
  provisioned: 'provisioned',
  snapStart: 'SnapStart',
  storage: 'storage',
} as const satisfies Record<Exclude<keyof MonthlyBill, 'total'>, string>;

export type BillLine = keyof typeof billLines;

/** Those that somebody pays something for. */
export function paidLines(rows: readonly BilledRow[]): readonly BillLine[] {
  return keysOf(billLines).filter((line) => rows.some(({ monthly }) => monthly.usd[line] > 0));
}

/** Empty without traffic. */
export function monthlyColumns(result: TuningResult): readonly MonthlyColumn[] {
  const rows = billedRows(result);
  if (rows.length === 0) return [];
  const name = namerOf(result);
  const column = (head: string, cell: (monthly: Monthly) => string, leaves?: number): MonthlyColumn => ({
    head,
    align: 'right',
    cells: rows.map(({ monthly }) => cell(monthly)),
    leaves,
  });
  return [
    { head: 'a month with', align: 'left', cells: rows.map((row) => name(row)) },
    column('total', ({ usd }) => formatUsd(usd.total)),
    ...paidLines(rows).map((line, index) => column(billLines[line], ({ usd }) => formatUsd(usd[line]), 2 + index)),
    ...(rows.some(({ monthlyAt15Min }) => monthlyAt15Min !== undefined)
      ? [
          {
            head: 'idle 15 min',
            align: 'right' as const,
            cells: rows.map(({ monthlyAt15Min: other }) => (other === undefined ? '–' : formatUsd(other.usd.total))),
            leaves: 1,
          },
        ]
      : []),
    column('cold', ({ coldShare }) => coldShareText(coldShare.estimate), 12),
    column('envs', ({ environments: { p50, max } }) => `${formatCount(p50)}–${formatCount(max)}`, 9),
    column('p50', ({ latencyMs }) => formatDuration(latencyMs.p50), 10),
    column('p95', ({ latencyMs }) => formatDuration(latencyMs.p95), 13),
    column('p99', ({ latencyMs }) => formatDuration(latencyMs.p99), 11),
    column('logs', ({ logsUsd }) => formatUsd(logsUsd), 8),
  ];
}

export const monthlyLegend =
  'total: US$ without logs · cold: share of calls · envs: environments that exist, as a rule and at most · p50, p95, p99: what callers wait, init included, drawn from the calls that were measured';
