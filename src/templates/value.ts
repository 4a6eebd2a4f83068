/** What an expression of a template comes to. */

const mark: unique symbol = Symbol('unresolved');

/** It is known elsewhere only: in an account, at deployment, in another file. */
export interface Unresolved {
  readonly [mark]: true;
  /** What is not known, as it is written: never the text around it, which may be a secret. */
  readonly reference: string;
  /** By which name `--parameter` gives it. */
  readonly parameter?: string | undefined;
}

export function unresolved(reference: string, parameter?: string): Unresolved {
  return { [mark]: true, reference, parameter };
}

export function isUnresolved(value: unknown): value is Unresolved {
  return typeof value === 'object' && value !== null && mark in value;
}

/** Undefined is `AWS::NoValue`: as if it were not written. */
export type Value = string | readonly Value[] | ValueMap | Unresolved | undefined;
export interface ValueMap {
  readonly [key: string]: Value;
}

export type Given<T> = T | Unresolved;

export function isValueMap(value: Value): value is ValueMap {
  return typeof value === 'object' && !Array.isArray(value) && !isUnresolved(value);
}

export function isValueList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Text that is known; undefined for anything else. */
export function textOf(value: Value): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
