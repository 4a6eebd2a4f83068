import { interpolatedQuantile, mean, squaredDeviations } from '../../stats/moments.ts';
import {
  type AggregateExpression,
  compared,
  evaluate,
  numberOf,
  type QueryRow,
  type QueryValue,
  textOf,
} from './evaluate.ts';

/** What a function of stats is over the rows of one group; undefined where it has nothing to go by. */
export function aggregate(call: AggregateExpression, rows: readonly QueryRow[]): QueryValue {
  const { name, of, p } = call;
  if (of === undefined) return rows.length;
  const values = rows.map((row) => evaluate(of, row)).filter((value) => value !== undefined);
  const amounts = values.map(numberOf).filter((amount) => amount !== undefined);
  const some = (amount: () => number): QueryValue => (amounts.length === 0 ? undefined : amount());
  switch (name) {
    case 'count':
      return values.length;
    case 'count_distinct':
      return new Set(values.map(textOf)).size;
    case 'avg':
      return some(() => mean(amounts));
    case 'sum':
      return amounts.reduce((sum, amount) => sum + amount, 0);
    case 'min':
      return amounts.length === values.length ? some(() => least(amounts)) : extreme(values, -1);
    case 'max':
      return amounts.length === values.length ? some(() => -least(amounts.map((each) => -each))) : extreme(values, 1);
    case 'pct':
      return some(() => interpolatedQuantile(amounts, p / 100));
    case 'median':
      return some(() => interpolatedQuantile(amounts, 0.5));
    case 'stddev':
      return some(() => Math.sqrt(squaredDeviations(amounts) / amounts.length));
    case 'earliest':
    case 'latest': {
      const ordered = [...rows]
        .filter((row) => evaluate(of, row) !== undefined)
        .sort((a, b) => (numberOf(a.get('@timestamp')) ?? 0) - (numberOf(b.get('@timestamp')) ?? 0));
      const row = name === 'earliest' ? ordered[0] : ordered.at(-1);
      return row && evaluate(of, row);
    }
  }
}

function least(amounts: readonly number[]): number {
  return amounts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function extreme(values: readonly QueryValue[], direction: 1 | -1): QueryValue {
  return values.reduce((best, value) => (compared(value, best) === direction ? value : best));
}
