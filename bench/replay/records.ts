import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Architecture, Configuration } from '../../src/model/configuration.ts';
import { chargeUsd } from './charge.ts';

/** One size of one recorded function; times as they are billed today (a cold start with its init), before rounding up. */
export interface RecordedConfiguration extends Configuration {
  readonly warmMs: readonly number[];
  /** Warm ones where the authors kept no cold start. */
  readonly coldMs: readonly number[];
  /** The most memory that a call used, where the authors kept it. */
  readonly usedMb?: number | undefined;
  /** The truth to find: mean cost of all warm records. */
  readonly costUsd: number;
}

export interface RecordedFunction {
  readonly dataset: string;
  readonly name: string;
  /** Ascending memory inside each architecture; two at least. */
  readonly configurations: readonly RecordedConfiguration[];
}

interface Row extends Configuration {
  readonly dataset: string;
  readonly name: string;
  readonly start: string;
  readonly billableMs: number;
  readonly usedMb: number;
}

/** Every function of every `.csv` and `.csv.gz` of a folder; columns are found by name (see the folder's README). */
export function readRecords(folder: string): RecordedFunction[] {
  const files = readdirSync(folder).filter((name) => /\.csv(\.gz)?$/.test(name));
  const byFunction = new Map<string, Row[]>();
  for (const file of files.sort()) {
    for (const row of parseRows(readFileSync(join(folder, file)), file))
      append(byFunction, `${row.dataset} ${row.name}`, row);
  }
  return [...byFunction.values()].flatMap((rows) => {
    const configurations = configurationsOf(rows);
    const first = rows[0];
    // One size alone leaves nothing to search.
    return first === undefined || configurations.length < 2
      ? []
      : [{ dataset: first.dataset, name: first.name, configurations }];
  });
}

function parseRows(bytes: Buffer, file: string): Row[] {
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [header = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const names = header.split(',');
  const column = (name: string) => {
    const index = names.indexOf(name);
    if (index < 0) throw new Error(`${file} has no column ${name}`);
    return index;
  };
  const [dataset, name, architecture, memory, start, duration, init, used] = [
    column('dataset'),
    column('function'),
    column('architecture'),
    column('memory_mb'),
    column('start'),
    column('duration_ms'),
    column('init_ms'),
    column('max_memory_used_mb'),
  ];
  return lines.flatMap((line) => {
    const cells = line.split(',');
    const durationMs = Number(cells[duration] || Number.NaN);
    if (!(durationMs >= 0)) return [];
    return [
      {
        dataset: cells[dataset] ?? '',
        name: cells[name] ?? '',
        architecture: cells[architecture] === 'arm64' ? ('arm64' as Architecture) : 'x86_64',
        memoryMb: Number(cells[memory]),
        start: cells[start] ?? '',
        billableMs: durationMs + Number(cells[init] || 0),
        usedMb: Number(cells[used] || 0),
      },
    ];
  });
}

function configurationsOf(rows: readonly Row[]): RecordedConfiguration[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) append(groups, `${row.architecture} ${row.memoryMb}`, row);
  return [...groups.values()]
    .flatMap((group) => {
      const of = (start: string) => group.filter((row) => row.start === start).map((row) => row.billableMs);
      const [warmMs, coldMs, first] = [of('warm'), of('cold'), group[0]];
      if (first === undefined || warmMs.length === 0) return [];
      const { memoryMb, architecture } = first;
      const costs = warmMs.map((ms) => chargeUsd({ memoryMb, architecture }, ms));
      const costUsd = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
      const usedMb = group.reduce((most, row) => Math.max(most, row.usedMb), 0) || undefined;
      return [{ memoryMb, architecture, warmMs, coldMs: coldMs.length > 0 ? coldMs : warmMs, usedMb, costUsd }];
    })
    .sort((a, b) => a.architecture.localeCompare(b.architecture) || a.memoryMb - b.memoryMb);
}

function append<T>(groups: Map<string, T[]>, key: string, item: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}
