/**
 * Tables by keys that are known. TypeScript takes the keys of an object for any text, as it may have more of them than its type
 * says; a table that is written out has not.
 */

export function keysOf<Table extends object>(table: Table): readonly (keyof Table & string)[] {
  return Object.keys(table) as (keyof Table & string)[];
}

/** One entry for each key. */
export function recordOf<Key extends string, T>(
  keys: readonly Key[],
  entryOf: (key: Key) => T,
): Readonly<Record<Key, T>> {
  return Object.fromEntries(keys.map((key) => [key, entryOf(key)])) as Readonly<Record<Key, T>>;
}
