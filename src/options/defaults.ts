import type { CommandName } from './rows/commands.ts';
import type { Row } from './rows/row.ts';
import type { GivenOptions } from './schema.ts';
import { defaultOf } from './shown.ts';
import { type OptionsOf, type RunKey, runRows } from './table.ts';

/**
 * What was given over the defaults of the command: done once, before anything is planned. What depends on the function or the
 * place is decided where that is read, before the plan too.
 */
export function withDefaults<C extends CommandName>(command: C, given: GivenOptions): OptionsOf<C> {
  const { $schema: _schema, functions: _functions, ...options } = given;
  const defaults = Object.fromEntries(
    Object.entries<Row>(runRows).flatMap(([key, row]) => {
      const value = defaultOf(row, command);
      return value === undefined || given[key as RunKey] !== undefined ? [] : [[key, value]];
    }),
  );
  // Every key that `OptionsOf` promises has its default in its row.
  return { ...options, ...defaults } as unknown as OptionsOf<C>;
}

/** Whether saying it changes nothing: a command line that is shown can leave it out. */
export function isDefault(key: RunKey, value: unknown, command: CommandName): boolean {
  return defaultOf(runRows[key], command) === value;
}
