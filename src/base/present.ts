type Absent<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T];

/** The members of an object that have a value, and those that may be missing as optional ones. */
export type Present<T> = Omit<T, Absent<T>> & { [K in Absent<T>]?: Exclude<T[K], undefined> };

/**
 * Without the members that are undefined: for readers to whom those are not the same as absent ones (HTTP headers, the
 * variables of a process, settings of the SDK). Everywhere else such members may stay: JSON leaves them out.
 */
export function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
}
