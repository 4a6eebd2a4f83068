import type { Lexer } from './lexer.ts';
import {
  type AggregateName,
  aggregateNames,
  type BinaryOperator,
  type Expression,
  QueryProblem,
  type ScalarName,
  scalars,
} from './syntax.ts';

/** Expressions, from what binds least to what binds most. */

export function parseExpression(lexer: Lexer): Expression {
  return leftToRight(lexer, ['or'], (inner) => leftToRight(inner, ['and'], parseNot));
}

function parseNot(lexer: Lexer): Expression {
  return lexer.accept('not') ? { kind: 'not', of: parseNot(lexer) } : parseComparison(lexer);
}

const comparisons = ['=', '!=', '<=', '>=', '<', '>'] as const;

function parseComparison(lexer: Lexer): Expression {
  const of = parseSum(lexer);
  if (lexer.accept('not')) {
    const positive = parseMatch(lexer, of);
    if (positive === undefined) throw lexer.problem('"like" or "in"');
    return { kind: 'not', of: positive };
  }
  const operator = comparisons.find((each) => lexer.accept(each));
  if (operator !== undefined) return { kind: 'binary', operator, left: of, right: parseSum(lexer) };
  return parseMatch(lexer, of) ?? of;
}

function parseMatch(lexer: Lexer, of: Expression): Expression | undefined {
  if (lexer.accept('like') || lexer.accept('=~')) return { kind: 'like', of, pattern: parsePattern(lexer) };
  if (!lexer.accept('in')) return undefined;
  lexer.expect('[');
  const list = [parseSum(lexer)];
  while (lexer.accept(',')) list.push(parseSum(lexer));
  lexer.expect(']');
  return { kind: 'in', of, list };
}

/** Between slashes a regular expression, in quotes the text itself. */
function parsePattern(lexer: Lexer): RegExp {
  const pattern = lexer.pattern();
  if (pattern !== undefined) return pattern;
  const token = lexer.peek();
  if (token.kind !== 'text') throw lexer.problem('a pattern');
  lexer.next();
  return new RegExp(escaped(token.value));
}

export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

function parseSum(lexer: Lexer): Expression {
  return leftToRight(lexer, ['+', '-'], (inner) => leftToRight(inner, ['*', '/', '%'], parsePower));
}

function parsePower(lexer: Lexer): Expression {
  const left = parseUnary(lexer);
  return lexer.accept('^') ? { kind: 'binary', operator: '^', left, right: parsePower(lexer) } : left;
}

function parseUnary(lexer: Lexer): Expression {
  return lexer.accept('-') ? { kind: 'minus', of: parseUnary(lexer) } : parsePrimary(lexer);
}

function parsePrimary(lexer: Lexer): Expression {
  if (lexer.accept('(')) {
    const inner = parseExpression(lexer);
    lexer.expect(')');
    return inner;
  }
  const token = lexer.peek();
  if (token.kind === 'number' || token.kind === 'text') {
    lexer.next();
    return { kind: 'literal', value: token.value };
  }
  if (token.kind !== 'name') throw lexer.problem('a field, a number or a text');
  lexer.next();
  if (token.isQuoted || !lexer.accept('(')) return { kind: 'field', name: token.text };
  const call = parseCall(lexer, token.text);
  lexer.expect(')');
  return call;
}

function parseCall(lexer: Lexer, written: string): Expression {
  const name = written.toLowerCase();
  if (name === 'bin') return { kind: 'bin', of: { kind: 'field', name: '@timestamp' }, periodMs: parsePeriod(lexer) };
  if (name === 'datefloor') {
    const of = parseExpression(lexer);
    lexer.expect(',');
    return { kind: 'bin', of, periodMs: parsePeriod(lexer) };
  }
  if (isAggregate(name)) return parseAggregate(lexer, name);
  if (!isScalar(name)) throw new QueryProblem(`This endpoint does not have the function ${written}.`);
  const args = [parseExpression(lexer)];
  while (lexer.accept(',')) args.push(parseExpression(lexer));
  const [least, most] = scalars[name];
  if (args.length < least || args.length > most) throw new QueryProblem(`${written} has another number of arguments.`);
  return { kind: 'scalar', name, args };
}

function parsePeriod(lexer: Lexer): number {
  const token = lexer.next();
  if (token.kind !== 'period' || token.ms <= 0) throw lexer.problem('a period such as 5m');
  return token.ms;
}

function parseAggregate(lexer: Lexer, name: AggregateName): Expression {
  const star = lexer.accept('*');
  if ((star || lexer.peek().kind === 'sign') && name === 'count')
    return { kind: 'aggregate', name, of: undefined, p: 0 };
  if (star) throw lexer.problem('a field');
  const of = parseExpression(lexer);
  if (name !== 'pct') return { kind: 'aggregate', name, of, p: 0 };
  lexer.expect(',');
  const p = lexer.next();
  if (p.kind !== 'number' || p.value < 0 || p.value > 100) throw lexer.problem('a percentile from 0 to 100');
  return { kind: 'aggregate', name, of, p: p.value };
}

function isAggregate(name: string): name is AggregateName {
  return (aggregateNames as readonly string[]).includes(name);
}

function isScalar(name: string): name is ScalarName {
  return Object.hasOwn(scalars, name);
}

function leftToRight(
  lexer: Lexer,
  operators: readonly BinaryOperator[],
  operand: (lexer: Lexer) => Expression,
): Expression {
  let left = operand(lexer);
  for (;;) {
    const operator = operators.find((each) => lexer.accept(each));
    if (operator === undefined) return left;
    left = { kind: 'binary', operator, left, right: operand(lexer) };
  }
}
