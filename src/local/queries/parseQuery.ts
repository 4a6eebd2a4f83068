import { createLexer, type Lexer } from './lexer.ts';
import { escaped, parseExpression } from './parseExpression.ts';
import { type Command, type Expression, type Query, type QueryColumn, QueryProblem, type SortKey } from './syntax.ts';

/** @throws QueryProblem for what is no query, and for what this endpoint does not have of the language */
export function parseQuery(text: string): Query {
  const lexer = createLexer(text);
  const commands: Command[] = [];
  if (lexer.peek().kind === 'end') throw new QueryProblem('The query is empty.');
  do commands.push(parseCommand(lexer));
  while (lexer.accept('|'));
  if (lexer.peek().kind !== 'end') throw lexer.problem('"|"');
  return { commands };
}

function parseCommand(lexer: Lexer): Command {
  const token = lexer.peek();
  const name = token.kind === 'name' ? token.text.toLowerCase() : '';
  switch (name) {
    case 'fields':
    case 'display':
      lexer.next();
      return { kind: name, columns: listOf(lexer, (inner) => plain(parseColumn(inner), name)) };
    case 'filter': {
      lexer.next();
      const condition = parseExpression(lexer);
      refuseAggregates(condition, name);
      return { kind: 'filter', condition };
    }
    case 'stats': {
      lexer.next();
      const columns = listOf(lexer, parseColumn);
      for (const { expression } of columns) refuseNested(expression);
      const by = lexer.accept('by') ? listOf(lexer, (inner) => plain(parseColumn(inner), 'by')) : [];
      return { kind: 'stats', columns, by };
    }
    case 'sort':
      lexer.next();
      return { kind: 'sort', keys: listOf(lexer, parseSortKey) };
    case 'limit': {
      lexer.next();
      const count = lexer.next();
      if (count.kind !== 'number' || !Number.isInteger(count.value) || count.value < 1 || count.value > 10_000) {
        throw new QueryProblem('A limit is a whole number from 1 to 10000.');
      }
      return { kind: 'limit', count: count.value };
    }
    case 'parse':
      lexer.next();
      return parseParse(lexer);
    default:
      throw lexer.problem('one of the commands fields, display, filter, stats, sort, limit and parse');
  }
}

function listOf<Item>(lexer: Lexer, parse: (lexer: Lexer) => Item): readonly Item[] {
  const items = [parse(lexer)];
  while (lexer.accept(',')) items.push(parse(lexer));
  return items;
}

function parseColumn(lexer: Lexer): QueryColumn {
  const start = lexer.position();
  const expression = parseExpression(lexer);
  const written = expression.kind === 'field' ? expression.name : lexer.since(start);
  return { expression, name: lexer.accept('as') ? parseName(lexer) : written };
}

function parseName(lexer: Lexer): string {
  const token = lexer.peek();
  if (token.kind !== 'name') throw lexer.problem('a name');
  lexer.next();
  return token.text;
}

function parseSortKey(lexer: Lexer): SortKey {
  const start = lexer.position();
  const expression = parseExpression(lexer);
  // What stats has made, under the name that it has without `as`.
  const made = expression.kind === 'aggregate' || expression.kind === 'bin';
  const key: Expression = made ? { kind: 'field', name: lexer.since(start) } : expression;
  refuseAggregates(key, 'sort');
  // Ascending without a word is from memory [memory].
  const isDescending = lexer.accept('desc');
  if (!isDescending) lexer.accept('asc');
  return { expression: key, isDescending };
}

/** `parse @message "x=*, y=*" as x, y`, or a regular expression with named groups. */
function parseParse(lexer: Lexer): Command {
  const of: Expression = { kind: 'field', name: lexer.peek().kind === 'name' ? parseName(lexer) : '@message' };
  const pattern = lexer.pattern();
  if (pattern !== undefined) {
    const names = [...pattern.source.matchAll(/\(\?<(\w+)>/g)].map((match) => match[1] ?? '');
    if (names.length === 0) throw new QueryProblem('The pattern of parse has no named group.');
    return { kind: 'parse', of, pattern, names };
  }
  const glob = lexer.peek();
  if (glob.kind !== 'text') throw lexer.problem('a pattern');
  lexer.next();
  lexer.expect('as');
  const names = listOf(lexer, parseName);
  const parts = glob.value.split('*');
  if (parts.length !== names.length + 1) throw new QueryProblem('parse has another number of names than of "*".');
  const isOpen = parts.at(-1) === '';
  const groups = names.map((_, index) => `(.*${isOpen && index === names.length - 1 ? '' : '?'})`);
  const source = parts.map((part, index) => escaped(part) + (groups[index] ?? '')).join('');
  return { kind: 'parse', of, pattern: new RegExp(source, 's'), names };
}

function plain(column: QueryColumn, command: string): QueryColumn {
  refuseAggregates(column.expression, command);
  return column;
}

/** Only stats has groups to count in. */
function refuseAggregates(expression: Expression, command: string): void {
  const inner = partsOf(expression);
  if (expression.kind === 'aggregate') {
    throw new QueryProblem(`${expression.name} is a function of stats, not of ${command}.`);
  }
  for (const part of inner) refuseAggregates(part, command);
}

function refuseNested(expression: Expression): void {
  for (const part of partsOf(expression)) {
    if (expression.kind === 'aggregate') refuseAggregates(part, expression.name);
    else refuseNested(part);
  }
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'field':
      return [];
    case 'minus':
    case 'not':
    case 'like':
    case 'bin':
      return [expression.of];
    case 'in':
      return [expression.of, ...expression.list];
    case 'binary':
      return [expression.left, expression.right];
    case 'scalar':
      return expression.args;
    case 'aggregate':
      return expression.of === undefined ? [] : [expression.of];
  }
}
