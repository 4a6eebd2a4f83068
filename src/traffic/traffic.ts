import { TuneError } from '../base/errors.ts';
import { secondsPerMonth } from '../pricing/monthlyPrices.ts';

/** Arrivals as they are given, before any of them is drawn. */
export type Traffic =
  /** Calls come one by one, at random, at the same rate all the time. */
  | { readonly kind: 'rate'; readonly perSecond: number }
  /** Counts of equal stretches one after another; over and over again. */
  | {
      readonly kind: 'minutes';
      readonly minutesEach: number;
      readonly counts: readonly number[];
      /** Minute of the day (UTC) at which the first one begins. */
      readonly startMinute: number;
    }
  /** Seconds, ascending; 0 is the beginning of the minute that the first one is in. */
  | { readonly kind: 'arrivals'; readonly atS: Float64Array; readonly startMinute: number };

const units = { k: 1e3, m: 1e6, b: 1e9 } as const;
const spans = { s: 1, second: 1, min: 60, minute: 60, h: 3600, hour: 3600, d: 86_400, day: 86_400 } as const;

const example = 'Examples: --traffic rps=20, --traffic 1M/month, --traffic arrivals.csv';

/** `rps=20`, `1M/month`, `300/minute`; undefined for anything else, which is the name of a file. @throws TuneError USAGE */
export function parseRate(text: string): Traffic | undefined {
  const given = text.trim();
  const rps = /^rps=(.*)$/i.exec(given);
  const per = /^(\d+(?:\.\d+)?|\.\d+)\s*([kmb]?)\s*\/\s*(s|second|min|minute|h|hour|d|day|month)$/i.exec(given);
  if (rps === null && per === null) return undefined;
  const perSecond =
    rps === null ? perSecondOf(per?.[1] ?? '', per?.[2] ?? '', per?.[3] ?? '') : plainNumber(rps[1] ?? '');
  if (!(perSecond > 0) || perSecond > mostPerSecond) {
    throw new TuneError(
      'USAGE',
      `--traffic: "${given.slice(0, 60)}" is no rate from above 0 to ${mostPerSecond} a second.`,
      {
        hint: example,
      },
    );
  }
  return { kind: 'rate', perSecond };
}

/** Ten thousand environments of a tenth of a second each: more than any account has. */
const mostPerSecond = 100_000;

function perSecondOf(amount: string, unit: string, span: string): number {
  const factor = units[unit.toLowerCase() as keyof typeof units] ?? 1;
  const seconds = spans[span.toLowerCase() as keyof typeof spans] ?? secondsPerMonth;
  return (Number(amount) * factor) / seconds;
}

function plainNumber(text: string): number {
  return /^(\d+(\.\d+)?|\.\d+)$/.test(text.trim()) ? Number(text) : Number.NaN;
}

/** Of a list or of counts: more would take minutes to replay, and more memory than this machine may have. */
const mostLines = 20_000_000;

/** A CSV file of `minute,count`, or one arrival time in seconds a line. @throws TuneError TRAFFIC naming the line */
export function parseArrivals(content: string, shown: string): Traffic {
  const lines = content.split(/\r\n|\n|\r/);
  if (lines.length > mostLines) throw refused(shown, `it has more than ${mostLines} lines`);
  const first = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('#'));
  const head = lines[first]?.replace(/^\uFEFF/, '').trim() ?? '';
  if (head === '') throw refused(shown, 'it is empty');
  const isCounts = head.includes(',');
  const hasHeader = isCounts ? /^"?minute"?\s*,\s*"?count"?$/i.test(head) : /^"?[a-z_ ]+"?$/i.test(head);
  const rows = lines.map((text, index) => ({ text: text.replace(/^\uFEFF/, '').trim(), line: index + 1 }));
  const body = rows.slice(hasHeader ? first + 1 : first).filter(({ text }) => text !== '' && !text.startsWith('#'));
  return isCounts ? countsOf(body, shown) : timesOf(body, shown);
}

interface Line {
  readonly text: string;
  readonly line: number;
}

/** Minutes that are not named have no calls. Minute 0 is midnight UTC where minutes are counted, not dated. */
function countsOf(body: readonly Line[], shown: string): Traffic {
  const counts = new Map<number, number>();
  for (const { text, line } of body) {
    const [minuteText = '', countText = '', ...rest] = text.split(',').map((cell) => cell.trim().replace(/^"|"$/g, ''));
    const minute = minuteOf(minuteText);
    const calls = /^\d{1,9}(\.\d+)?$/.test(countText) ? Number(countText) : Number.NaN;
    if (minute === undefined || Number.isNaN(calls) || rest.length > 0) {
      throw refused(shown, `line ${line} is not "minute,count" but "${text.slice(0, 60)}"`);
    }
    if (counts.has(minute)) throw refused(shown, `line ${line} has minute ${minuteText} a second time`);
    counts.set(minute, calls);
  }
  const minutes = [...counts.keys()];
  const least = minutes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = minutes.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (most - least > mostMinutes) throw refused(shown, `it spans more than ${mostMinutes} minutes`);
  const all = Array.from({ length: most - least + 1 }, (_, index) => counts.get(least + index) ?? 0);
  return profileOf({ minutesEach: 1, counts: all, startMinute: least % 1440 }, shown);
}

/** A year and a bit. */
const mostMinutes = 600_000;

/** A number, or a date with its time. */
function minuteOf(text: string): number | undefined {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/.test(text)) return undefined;
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`;
  const at = Date.parse(zoned.replace(' ', 'T'));
  return Number.isNaN(at) ? undefined : Math.floor(at / 60_000);
}

/** @throws TuneError TRAFFIC where nothing arrives */
export function profileOf(
  { minutesEach, counts, startMinute }: Omit<Extract<Traffic, { kind: 'minutes' }>, 'kind'>,
  shown: string,
): Traffic {
  if (!counts.some((calls) => calls > 0)) throw refused(shown, 'no call arrives in it');
  return { kind: 'minutes', minutesEach, counts, startMinute };
}

function timesOf(body: readonly Line[], shown: string): Traffic {
  const times = new Float64Array(body.length);
  let isSorted = true;
  for (const [index, { text, line }] of body.entries()) {
    if (!/^(\d+(\.\d+)?|\.\d+)([eE][+-]?\d{1,2})?$/.test(text)) {
      throw refused(shown, `line ${line} is not an arrival time in seconds but "${text.slice(0, 60)}"`);
    }
    times[index] = Number(text);
    if (index > 0 && (times[index] ?? 0) < (times[index - 1] ?? 0)) isSorted = false;
  }
  if (times.length === 0) throw refused(shown, 'no call arrives in it');
  if (!isSorted) times.sort();
  const start = Math.floor((times[0] ?? 0) / 60);
  for (let index = 0; index < times.length; index++) times[index] = (times[index] ?? 0) - start * 60;
  return { kind: 'arrivals', atS: times, startMinute: start % 1440 };
}

function refused(shown: string, why: string): TuneError {
  return new TuneError('TRAFFIC', `The traffic in ${shown} cannot be used: ${why}.`, {
    hint: 'A file of arrivals has one time in seconds a line, or lines of minute,count. Nothing was measured.',
  });
}
