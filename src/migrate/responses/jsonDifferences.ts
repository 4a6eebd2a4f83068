import { formatPointer, type PointerPath } from './jsonPointer.ts';

/** One place where two answers differ, as it was found. */
export interface JsonDifference {
  readonly path: PointerPath;
  readonly one: unknown;
  readonly other: unknown;
}

/** The same to be saved and shown: excerpts are untrusted. Undefined: it is not there. */
interface DescribedDifference {
  readonly pointer: string;
  readonly one: string | undefined;
  readonly other: string | undefined;
  /** Both look like an id or a time, which differ by nature. */
  readonly looksVolatile: boolean;
}

export interface Differences {
  /** At most as many as asked for, in the order of the first document. */
  readonly differences: readonly JsonDifference[];
  readonly count: number;
  /** What differed and was to be ignored. */
  readonly ignored: readonly PointerPath[];
}

/** `left` and `right` are untrusted and may be deep: no recursion. */
export function differencesOf(left: string, right: string, ignore: readonly PointerPath[], most: number): Differences {
  const ignorable = new Map(ignore.map((path) => [formatPointer(path), path]));
  const ignored = new Set<PointerPath>();
  const differences: JsonDifference[] = [];
  let count = 0;
  const pending: Pair[] = [{ path: [], one: left, other: right, isText: true }];
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const { path } = pair;
    const one = pair.isText ? opened(pair.one) : pair.one;
    const other = pair.isText ? opened(pair.other) : pair.other;
    if (one === other) continue;
    const named = ignorable.get(formatPointer(path));
    if (named !== undefined && path.length > 0) {
      if (!isSame(one, other)) ignored.add(named);
      continue;
    }
    // What lies deeper is compared as text: paths would grow with the square of the depth.
    const isDeep = path.length >= deepest;
    if (isDeep && isSame(one, other)) continue;
    const inner = isDeep ? undefined : innerPairs(one, other, path);
    if (inner !== undefined) {
      pending.push(...inner.reverse());
      continue;
    }
    count += 1;
    if (differences.length < most) differences.push({ path, one, other });
  }
  return { differences, count, ignored: [...ignored] };
}

const deepest = 200;

interface Pair {
  readonly path: PointerPath;
  readonly one: unknown;
  readonly other: unknown;
  /** A string that may be JSON itself. */
  readonly isText: boolean;
}

/** Undefined where the two are not of one shape, so that the difference is here. */
function innerPairs(one: unknown, other: unknown, path: PointerPath): Pair[] | undefined {
  if (typeof one === 'string' && typeof other === 'string') {
    const [left, right] = [opened(one), opened(other)];
    const areDocuments = isContainer(left) && isContainer(right);
    return areDocuments ? [{ path, one: left, other: right, isText: false }] : undefined;
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    return Array.from({ length: Math.max(one.length, other.length) }, (_, index) => ({
      path: [...path, String(index)],
      one: index < one.length ? one[index] : absent,
      other: index < other.length ? other[index] : absent,
      isText: false,
    }));
  }
  if (!isObject(one) || !isObject(other)) return undefined;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].map((key) => ({
    path: [...path, key],
    one: Object.hasOwn(one, key) ? one[key] : absent,
    other: Object.hasOwn(other, key) ? other[key] : absent,
    isText: false,
  }));
}

const absent = Symbol('absent');

/** Only to know whether an ignored place was needed: deep differences inside of it count as one. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === absent || other === absent) return false;
  return textOf(one) === textOf(other) && textOf(one) !== tooDeep;
}

/** Nested beyond what the engine writes. */
const tooDeep = 'a deeply nested value';

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.startsWith(numberMark) ? value.slice(numberMark.length) : value;
  try {
    return JSON.stringify(value);
  } catch {
    return tooDeep;
  }
}

/** The JSON document in a text; the text itself where it is none. */
function opened(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(withExactNumbers(value));
  } catch {
    return value;
  }
}

/** Strings are matched first, so that digits in them stay as they are. */
const stringOrLongNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;
const numberMark = '\0';

/** Ids beyond 2⁵³ would be rounded, and look equal when they are not: they are compared as marked text. */
function withExactNumbers(json: string): string {
  if (!/\d{16}/.test(json)) return json;
  return json.replace(stringOrLongNumber, (match) => (match.startsWith('"') ? match : `"\\u0000${match}"`));
}

/** `shown`: takes secrets out of a text, which must be whole for that. */
export function describeDifference(
  { path, one, other }: JsonDifference,
  shown: (text: string) => string,
): DescribedDifference {
  return {
    pointer: formatPointer(path),
    one: one !== absent ? excerpt(one, other, shown) : undefined,
    other: other !== absent ? excerpt(other, one, shown) : undefined,
    looksVolatile: looksVolatile(one) && looksVolatile(other),
  };
}

const longestExcerpt = 120;
const contextBefore = 30;

/** Of long texts the part where they begin to differ. */
function excerpt(value: unknown, compared: unknown, shown: (text: string) => string): string {
  const text = shown(textOf(value));
  if (text.length <= longestExcerpt) return text;
  const others = typeof compared === 'string' ? shown(compared) : '';
  let same = 0;
  while (same < text.length && text[same] === others[same]) same += 1;
  const start = Math.max(0, Math.min(same - contextBefore, text.length - longestExcerpt));
  const part = text.slice(start, start + longestExcerpt);
  return `${start > 0 ? '…' : ''}${part}${start + longestExcerpt < text.length ? '…' : ''}`;
}

const volatileText =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*|[0-9A-HJKMNP-TV-Z]{26}|\d{10}(?:\d{3})?)$/i;

/** UUID, ULID, ISO 8601, seconds or milliseconds of this century. */
function looksVolatile(value: unknown): boolean {
  return (typeof value === 'string' || typeof value === 'number') && volatileText.test(String(value));
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
