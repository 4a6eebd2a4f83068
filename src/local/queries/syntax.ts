/** A query of CloudWatch Logs Insights, as far as it is understood here: what its text says, without any data. */

export interface Query {
  readonly commands: readonly Command[];
}

export type Command =
  /** `display` takes the place of what was to be shown before, `fields` adds to it. */
  | { readonly kind: 'fields' | 'display'; readonly columns: readonly QueryColumn[] }
  | { readonly kind: 'filter'; readonly condition: Expression }
  | { readonly kind: 'stats'; readonly columns: readonly QueryColumn[]; readonly by: readonly QueryColumn[] }
  | { readonly kind: 'sort'; readonly keys: readonly SortKey[] }
  | { readonly kind: 'limit'; readonly count: number }
  | { readonly kind: 'parse'; readonly of: Expression; readonly pattern: RegExp; readonly names: readonly string[] };

/** Without `as`, what was written is the name. */
export interface QueryColumn {
  readonly name: string;
  readonly expression: Expression;
}

export interface SortKey {
  readonly expression: Expression;
  readonly isDescending: boolean;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '^' | '=' | '!=' | '<' | '<=' | '>' | '>=' | 'and' | 'or';

export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'minus' | 'not'; readonly of: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'like'; readonly of: Expression; readonly pattern: RegExp }
  | { readonly kind: 'in'; readonly of: Expression; readonly list: readonly Expression[] }
  | { readonly kind: 'scalar'; readonly name: ScalarName; readonly args: readonly Expression[] }
  /** Without an expression: `count(*)`. */
  | {
      readonly kind: 'aggregate';
      readonly name: AggregateName;
      readonly of: Expression | undefined;
      readonly p: number;
    }
  /** A time, rounded down. */
  | { readonly kind: 'bin'; readonly of: Expression; readonly periodMs: number };

export const aggregateNames = [
  'count',
  'count_distinct',
  'avg',
  'min',
  'max',
  'sum',
  'pct',
  'median',
  'stddev',
  'earliest',
  'latest',
] as const;

export type AggregateName = (typeof aggregateNames)[number];

/** With the number of arguments that each takes. */
export const scalars = {
  ispresent: [1, 1],
  isempty: [1, 1],
  isblank: [1, 1],
  coalesce: [1, 20],
  concat: [1, 20],
  abs: [1, 1],
  ceil: [1, 1],
  floor: [1, 1],
  sqrt: [1, 1],
  least: [1, 20],
  greatest: [1, 20],
  strlen: [1, 1],
  strcontains: [2, 2],
  tolower: [1, 1],
  toupper: [1, 1],
  tomillis: [1, 1],
} as const satisfies Record<string, readonly [number, number]>;

export type ScalarName = keyof typeof scalars;

/** Why a text is no query, in words for who wrote it. */
export class QueryProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'QueryProblem';
  }
}
