import type { BinaryOperator, Expression, ScalarName } from './syntax.ts';

/** What an expression is for one row. A time is a Date; true and false are 1 and 0, as they are shown. */
export type QueryValue = string | number | Date | undefined;
export type QueryRow = ReadonlyMap<string, QueryValue>;

export type AggregateExpression = Extract<Expression, { kind: 'aggregate' }>;

/** @param aggregate what aggregates are over the group that is being counted */
export function evaluate(
  expression: Expression,
  row: QueryRow,
  aggregate: (call: AggregateExpression) => QueryValue = () => undefined,
): QueryValue {
  const of = (inner: Expression): QueryValue => evaluate(inner, row, aggregate);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'field':
      return row.get(expression.name);
    case 'minus': {
      const amount = numberOf(of(expression.of));
      return amount === undefined ? undefined : -amount;
    }
    case 'not':
      return isTrue(of(expression.of)) ? 0 : 1;
    case 'like':
      return expression.pattern.test(textOf(of(expression.of)) ?? '') ? 1 : 0;
    case 'in': {
      const value = of(expression.of);
      return expression.list.some((each) => compared(value, of(each)) === 0) ? 1 : 0;
    }
    case 'binary':
      return binary(expression.operator, of(expression.left), () => of(expression.right));
    case 'scalar':
      return scalar(expression.name, expression.args.map(of));
    case 'aggregate':
      return aggregate(expression);
    case 'bin': {
      const ms = numberOf(of(expression.of));
      return ms === undefined ? undefined : new Date(Math.floor(ms / expression.periodMs) * expression.periodMs);
    }
  }
}

export function isTrue(value: QueryValue): boolean {
  return value !== undefined && value !== 0 && value !== '' && value !== 'false';
}

export function numberOf(value: QueryValue): number | undefined {
  if (value instanceof Date) return value.getTime();
  const amount = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof amount === 'number' && Number.isFinite(amount) ? amount : undefined;
}

export function textOf(value: QueryValue): string | undefined {
  if (value === undefined) return undefined;
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace('Z', '');
  return typeof value === 'number' ? shownNumber(value) : value;
}

/** At most four decimals; from 10⁷ on as `1.28E8`, as the service (written in Java) shows doubles. */
function shownNumber(amount: number): string {
  const rounded = Math.round(amount * 10_000) / 10_000;
  if (Math.abs(rounded) < 1e7) return String(rounded);
  const [digits = '', exponent = ''] = rounded.toExponential().split('e+');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${exponent}`;
}

/** As numbers where both are some. Undefined: one of them is missing. */
export function compared(a: QueryValue, b: QueryValue): number | undefined {
  if (a === undefined || b === undefined) return undefined;
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== undefined && y !== undefined) return Math.sign(x - y);
  const [left = '', right = ''] = [textOf(a), textOf(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function binary(operator: BinaryOperator, left: QueryValue, right: () => QueryValue): QueryValue {
  if (operator === 'and') return isTrue(left) && isTrue(right()) ? 1 : 0;
  if (operator === 'or') return isTrue(left) || isTrue(right()) ? 1 : 0;
  const holds = comparison(operator, compared(left, right()));
  if (holds !== undefined) return holds ? 1 : 0;
  const [x, y] = [numberOf(left), numberOf(right())];
  if (x === undefined || y === undefined) return undefined;
  const amount = arithmetic(operator, x, y);
  return Number.isFinite(amount) ? amount : undefined;
}

/** What is missing is unequal to everything, and neither more nor less. [memory] */
function comparison(operator: BinaryOperator, order: number | undefined): boolean | undefined {
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order === -1;
    case '<=':
      return order === -1 || order === 0;
    case '>':
      return order === 1;
    case '>=':
      return order === 1 || order === 0;
    default:
      return undefined;
  }
}

function arithmetic(operator: BinaryOperator, x: number, y: number): number {
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return x / y;
    case '%':
      return x % y;
    case '^':
      return x ** y;
    default:
      return Number.NaN;
  }
}

function scalar(name: ScalarName, args: readonly QueryValue[]): QueryValue {
  const [first, second] = args;
  const amounts = args.map(numberOf).filter((amount) => amount !== undefined);
  const [amount] = amounts;
  const text = textOf(first);
  switch (name) {
    case 'ispresent':
      return first === undefined ? 0 : 1;
    case 'isempty':
      return first === undefined || text === '' ? 1 : 0;
    case 'isblank':
      return (text ?? '').trim() === '' ? 1 : 0;
    case 'coalesce':
      return args.find((value) => value !== undefined);
    case 'concat':
      return args.map((value) => textOf(value) ?? '').join('');
    case 'abs':
      return amount === undefined ? undefined : Math.abs(amount);
    case 'ceil':
      return amount === undefined ? undefined : Math.ceil(amount);
    case 'floor':
      return amount === undefined ? undefined : Math.floor(amount);
    case 'sqrt':
      return amount === undefined ? undefined : Math.sqrt(amount);
    case 'least':
      return amounts.length === 0 ? undefined : Math.min(...amounts);
    case 'greatest':
      return amounts.length === 0 ? undefined : Math.max(...amounts);
    case 'strlen':
      return text?.length;
    case 'strcontains':
      return text?.includes(textOf(second) ?? '') === true ? 1 : 0;
    case 'tolower':
      return text?.toLowerCase();
    case 'toupper':
      return text?.toUpperCase();
    case 'tomillis':
      return amount;
  }
}
