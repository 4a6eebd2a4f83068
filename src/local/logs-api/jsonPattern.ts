/**
 * Patterns for events in JSON: `{ $.type = "platform.report" && ($.record.metrics.durationMs > 100 || $.level = E*) }`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
type Condition = (event: unknown) => boolean;

const token =
  /\s*(&&|\|\||!=|<=|>=|[=<>(){}]|"(?:[^"\\]|\\.)*"|\$(?:\.[\w-]+|\[\d+\]|\["(?:[^"\\]|\\.)*"\])+|[^\s"=<>!(){}&|]+)/gy;

/** Undefined for what is no such pattern. */
export function parseJsonPattern(pattern: string): ((message: string) => boolean) | undefined {
  const tokens: string[] = [];
  const text = pattern.trim();
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const found = token.exec(text)?.[1];
    if (found === undefined) return undefined;
    tokens.push(found);
  }
  if (tokens.shift() !== '{' || tokens.pop() !== '}') return undefined;
  const condition = alternatives(tokens);
  if (condition === undefined || tokens.length > 0) return undefined;
  return (message) => {
    try {
      return condition(JSON.parse(message));
    } catch {
      return false;
    }
  };
}

function alternatives(tokens: string[]): Condition | undefined {
  return series(tokens, '||', (rest) => series(rest, '&&', single, every), some);
}

const every =
  (all: readonly Condition[]): Condition =>
  (event) =>
    all.every((one) => one(event));
const some =
  (all: readonly Condition[]): Condition =>
  (event) =>
    all.some((one) => one(event));

function series(
  tokens: string[],
  separator: string,
  part: (tokens: string[]) => Condition | undefined,
  joined: (all: readonly Condition[]) => Condition,
): Condition | undefined {
  const all: Condition[] = [];
  do {
    const one = part(tokens);
    if (one === undefined) return undefined;
    all.push(one);
  } while (tokens[0] === separator && tokens.shift() !== undefined);
  return joined(all);
}

function single(tokens: string[]): Condition | undefined {
  const first = tokens.shift();
  if (first === '(') {
    const inner = alternatives(tokens);
    return tokens.shift() === ')' ? inner : undefined;
  }
  if (!first?.startsWith('$')) return undefined;
  const [operator = '', operand = ''] = tokens.splice(0, 2);
  const said = `${operator} ${operand}`.toUpperCase();
  const keys = [...first.matchAll(/\.([\w-]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/g)].map(
    ([, name, index, quoted]) => name ?? index ?? quoted ?? '',
  );
  const test = words[said] ?? comparison(operator, operand);
  return test && ((event) => test(valueAt(event, keys)));
}

function valueAt(event: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined),
    event,
  );
}

const words: Readonly<Record<string, Condition>> = {
  'IS NULL': (value) => value === null,
  'IS TRUE': (value) => value === true,
  'IS FALSE': (value) => value === false,
  'NOT EXISTS': (value) => value === undefined,
};

/** A number is compared with a number, and a text, in which a star stands for anything, with a text. What is not there fits nothing. */
function comparison(operator: string, operand: string): Condition | undefined {
  const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(operand) ? Number(operand) : undefined;
  if (operator === '=' || operator === '!=') {
    if (!/^[^=<>(){}&|]/.test(operand)) return undefined;
    const isEqual = number === undefined ? textTest(operand) : (value: unknown) => value === number;
    return operator === '=' ? isEqual : (value) => value !== undefined && value !== null && !isEqual(value);
  }
  const order = orders[operator];
  return order && number !== undefined ? (value) => typeof value === 'number' && order(value, number) : undefined;
}

const orders: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  '<': (one, other) => one < other,
  '>': (one, other) => one > other,
  '<=': (one, other) => one <= other,
  '>=': (one, other) => one >= other,
};

function textTest(operand: string): Condition {
  const text = /^"(.*)"$/s.exec(operand)?.[1]?.replace(/\\(.)/g, '$1') ?? operand;
  const parts = text.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const whole = new RegExp(`^${parts.join('.*')}$`, 's');
  return (value) => typeof value === 'string' && whole.test(value);
}
