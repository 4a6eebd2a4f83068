import { aggregate } from './aggregate.ts';
import { compared, evaluate, isTrue, numberOf, type QueryRow, type QueryValue, textOf } from './evaluate.ts';
import type { Command, Query, SortKey } from './syntax.ts';

export interface QueryAnswer {
  /** In the order of the columns; what a row does not have is left out. */
  readonly rows: readonly (readonly { readonly field: string; readonly value: string }[])[];
  /** Those that the filters left. */
  readonly recordsMatched: number;
}

/** @param events their fields, newest first @param limit where the query names none */
export function runQuery(query: Query, events: readonly QueryRow[], limit: number): QueryAnswer {
  let table: Table = { rows: events, columns: [], isOfEvents: true };
  let recordsMatched = events.length;
  let isLimited = false;
  for (const command of query.commands) {
    table = applied(command, table);
    if (command.kind === 'filter' && table.isOfEvents) recordsMatched = table.rows.length;
    isLimited ||= command.kind === 'limit';
  }
  const { columns, isOfEvents } = table;
  const named = columns.length === 0 && isOfEvents ? ['@timestamp', '@message'] : columns;
  const shown = isOfEvents && !named.includes('@ptr') ? [...named, '@ptr'] : named;
  const rows = isLimited ? table.rows : table.rows.slice(0, limit);
  return { recordsMatched, rows: rows.map((row) => cells(row, shown)) };
}

interface Table {
  readonly rows: readonly QueryRow[];
  /** What is shown; none for events means their time and message. */
  readonly columns: readonly string[];
  /** Until they are counted. */
  readonly isOfEvents: boolean;
}

function applied(command: Command, table: Table): Table {
  switch (command.kind) {
    case 'filter':
      return { ...table, rows: table.rows.filter((row) => isTrue(evaluate(command.condition, row))) };
    case 'limit':
      return { ...table, rows: table.rows.slice(0, command.count) };
    case 'sort':
      return { ...table, rows: sortedRows(table.rows, command.keys) };
    case 'fields':
    case 'display': {
      const names = command.columns.map(({ name }) => name);
      const before = command.kind === 'fields' ? table.columns.filter((name) => !names.includes(name)) : [];
      const rows = table.rows.map((row) => {
        const more = new Map(row);
        for (const { name, expression } of command.columns) set(more, name, evaluate(expression, more));
        return more;
      });
      return { ...table, rows, columns: [...before, ...names] };
    }
    case 'parse': {
      const rows = table.rows.map((row) => {
        const found = command.pattern.exec(textOf(evaluate(command.of, row)) ?? '');
        if (found === null) return row;
        const more = new Map(row);
        for (const [index, name] of command.names.entries()) set(more, name, found.groups?.[name] ?? found[index + 1]);
        return more;
      });
      return { ...table, rows };
    }
    case 'stats':
      return counted(command, table);
  }
}

function counted({ columns, by }: Extract<Command, { kind: 'stats' }>, { rows }: Table): Table {
  const groups = new Map<string, { readonly keys: readonly QueryValue[]; readonly rows: QueryRow[] }>();
  if (by.length === 0) groups.set('', { keys: [], rows: [...rows] });
  else {
    for (const row of rows) {
      const keys = by.map(({ expression }) => evaluate(expression, row));
      const name = JSON.stringify(keys.map((key) => textOf(key) ?? null));
      const group = groups.get(name) ?? { keys, rows: [] };
      groups.set(name, group);
      group.rows.push(row);
    }
  }
  const made = [...groups.values()].map((group) => {
    const row = new Map<string, QueryValue>();
    for (const [index, { name }] of by.entries()) set(row, name, group.keys[index]);
    // Later ones may use what earlier ones are called.
    for (const { name, expression } of columns) {
      set(
        row,
        name,
        evaluate(expression, row, (call) => aggregate(call, group.rows)),
      );
    }
    return row;
  });
  return { rows: made, columns: [...by, ...columns].map(({ name }) => name), isOfEvents: false };
}

/** Stable. What is no number comes before the numbers, and what is missing before both. */
function sortedRows(rows: readonly QueryRow[], keys: readonly SortKey[]): readonly QueryRow[] {
  return [...rows].sort((a, b) => {
    for (const { expression, isDescending } of keys) {
      const order = orderOf(evaluate(expression, a), evaluate(expression, b));
      if (order !== 0) return isDescending ? -order : order;
    }
    return 0;
  });
}

function orderOf(a: QueryValue, b: QueryValue): number {
  const [rankA, rankB] = [rankOf(a), rankOf(b)];
  return rankA === rankB ? (compared(a, b) ?? 0) : rankA - rankB;
}

function rankOf(value: QueryValue): number {
  return value === undefined ? 0 : numberOf(value) === undefined ? 1 : 2;
}

function set(row: Map<string, QueryValue>, name: string, value: QueryValue): void {
  if (value === undefined) row.delete(name);
  else row.set(name, value);
}

function cells(row: QueryRow, columns: readonly string[]) {
  return columns.flatMap((field) => {
    const value = textOf(row.get(field));
    return value === undefined ? [] : [{ field, value }];
  });
}
