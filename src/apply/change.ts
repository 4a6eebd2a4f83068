import type { Property } from './definition/definition.ts';

/** What an answer changes of one property. */
export interface PropertyChange {
  readonly property: Property;
  readonly value: string;
  /** What the function had when it was measured. */
  readonly measured?: string | undefined;
  /** What the reader of the diff has to know of it. */
  readonly notes?: readonly string[] | undefined;
}
