import type { ReportLine } from '../model/measurement.ts';
import {
  completeReport,
  type FoundReport,
  isPlausible,
  type ReportNumber,
  type ReportNumbers,
} from './reportFields.ts';
import { lastPlatformReport } from './reportRecord.ts';

/**
 * Lambda's closing line of one invocation, found in the log tail of its answer or in its log events joined by newlines;
 * text (`REPORT RequestId: …`) or JSON (`platform.report`). Undefined when there is none for this request, or when a
 * mandatory field is missing or damaged: never a guess. Never throws; time is linear in the length of the log.
 *
 * The log also holds whatever the function printed, reports with its own request id included. The platform writes its
 * line after the function's output, so the last one wins, even when it cannot be read: falling back to an earlier one
 * would let a function choose its own figures. Only an unreadable mention in the *middle* of a line is passed over
 * ("saw REPORT RequestId: …" of an extension); a readable one there may be the real line, glued to output that ended
 * without a newline.
 */
export function parseReportLine(logTail: string, requestId: string): ReportLine | undefined {
  if (typeof logTail !== 'string' || typeof requestId !== 'string' || !/^\S+$/.test(requestId)) return undefined;
  const text = lastTextReport(logTail, requestId);
  const record = lastPlatformReport(logTail, requestId, text?.at ?? 0);
  return (record ?? text)?.report;
}

const marker = 'REPORT RequestId:';
/** Longer than any REPORT (about 300 characters) and as long as the whole tail that Lambda returns. */
const maxLineLength = 4096;

function lastTextReport(log: string, requestId: string): FoundReport | undefined {
  let end = log.length;
  let at = log.lastIndexOf(marker);
  while (at >= 0) {
    const idAt = skipBlanks(log, at + marker.length);
    const fieldsAt = idAt + requestId.length;
    if (log.startsWith(requestId, idAt) && isBoundary(log.charCodeAt(fieldsAt))) {
      const report =
        usualReport(log, fieldsAt, requestId) ??
        parseFields(firstLine(log.slice(fieldsAt, Math.min(end, fieldsAt + maxLineLength))), requestId);
      if (report !== undefined || startsLine(log, at)) return { at, report };
    }
    end = at;
    at = at === 0 ? -1 : log.lastIndexOf(marker, at - 1);
  }
  return undefined;
}

const whole = '(0|[1-9]\\d{0,7})';
const decimals = '((?:0|[1-9]\\d{0,7})(?:\\.\\d{1,6})?)';
const usual = new RegExp(
  `\\tDuration: ${decimals} ms\\tBilled Duration: ${whole} ms\\tMemory Size: ${whole} MB\\tMax Memory Used: ${whole} MB` +
    `(?:\\tInit Duration: ${decimals} ms)?\\t?(?=[\\r\\n]|$)`,
  'y',
);

/**
 * Nearly all lines look like this one, and one pattern reads it four times as fast as `parseFields`, which reads the same
 * out of it (and everything else).
 */
function usualReport(log: string, at: number, requestId: string): ReportLine | undefined {
  usual.lastIndex = at;
  const found = usual.exec(log);
  if (found === null) return undefined;
  const init = found[5];
  const numbers = {
    durationMs: Number(found[1]),
    billedDurationMs: Number(found[2]),
    memorySizeMb: Number(found[3]),
    maxMemoryUsedMb: Number(found[4]),
    initDurationMs: init === undefined ? undefined : Number(init),
  };
  const isUsual =
    isPlausible('durationMs', numbers.durationMs) &&
    isPlausible('billedDurationMs', numbers.billedDurationMs) &&
    isPlausible('initDurationMs', numbers.initDurationMs ?? 0) &&
    isPlausible('memorySizeMb', numbers.memorySizeMb) &&
    isPlausible('maxMemoryUsedMb', numbers.maxMemoryUsedMb);
  return isUsual ? completeReport(requestId, numbers, undefined, undefined) : undefined;
}

const numericLabels = new Map<string, { field: ReportNumber; unit: 'ms' | 'MB' }>([
  ['Duration', { field: 'durationMs', unit: 'ms' }],
  ['Billed Duration', { field: 'billedDurationMs', unit: 'ms' }],
  ['Memory Size', { field: 'memorySizeMb', unit: 'MB' }],
  ['Max Memory Used', { field: 'maxMemoryUsedMb', unit: 'MB' }],
  ['Init Duration', { field: 'initDurationMs', unit: 'ms' }],
  ['Restore Duration', { field: 'restoreDurationMs', unit: 'ms' }],
  ['Billed Restore Duration', { field: 'billedRestoreDurationMs', unit: 'ms' }],
]);

/**
 * `Label: value [unit]`, parted by tabs or spaces, in any order. A label counts only when it is exactly one of Lambda's
 * (`Runtime Duration` is not `Duration`); other fields are passed over. Two different values for one label, a number
 * Lambda cannot have written, or a missing unit (a cut line) make the whole line unusable.
 */
function parseFields(line: string, requestId: string): ReportLine | undefined {
  const numbers: ReportNumbers = {};
  let status: string | undefined;
  let errorType: string | undefined;
  let at = 0;
  for (let colon = line.indexOf(':'); colon >= 0; colon = line.indexOf(':', at)) {
    const label = labelOf(line.slice(at, colon));
    const valueAt = skipSpaces(line, colon + 1);
    const valueEnd = tokenEnd(line, valueAt);
    at = valueEnd;

    const known = numericLabels.get(label);
    if (known !== undefined) {
      const amount = decimal(line, valueAt, valueEnd);
      const unitAt = skipSpaces(line, valueEnd);
      at = tokenEnd(line, unitAt);
      const hasUnit = at - unitAt === known.unit.length && line.startsWith(known.unit, unitAt);
      if (amount === undefined || !hasUnit || !isPlausible(known.field, amount)) return undefined;
      const earlier = numbers[known.field];
      if (earlier !== undefined && earlier !== amount) return undefined;
      numbers[known.field] = amount;
      continue;
    }
    const value = line.slice(valueAt, valueEnd);
    if (value === '' || value === 'XRAY') {
      // An empty value in a line whose tabs became spaces: what follows is the next label.
      at = valueAt;
    } else if (label === 'Status') {
      status ??= value;
    } else if (label === 'Error Type') {
      errorType ??= value;
    } else if (decimal(line, valueAt, valueEnd) !== undefined) {
      // An unknown field with a unit, such as `Streamed: 12 bytes`; in a copy with spaces the next label would swallow it.
      const unitAt = skipSpaces(line, valueEnd);
      const unitEnd = tokenEnd(line, unitAt);
      if (/^(?:[a-z]{1,10}|[KMGT]i?B)$/.test(line.slice(unitAt, unitEnd))) at = unitEnd;
    }
  }
  return completeReport(requestId, numbers, status, errorType);
}

/**
 * Up to 8 digits and a fraction of up to 6: no sign, exponent, hexadecimal, NaN, and nothing too long to be exact. Read
 * digit by digit: the whole parser is a fifth faster than with a pattern for every number.
 */
function decimal(line: string, from: number, to: number): number | undefined {
  let digits = 0;
  let point = to;
  for (let at = from; at < to; at += 1) {
    const code = line.charCodeAt(at);
    if (code === dot && point === to) point = at;
    else if (code >= zero && code <= nine) digits = digits * 10 + (code - zero);
    else return undefined;
  }
  const whole = point - from;
  const fraction = Math.max(0, to - point - 1);
  const leadingZero = whole > 1 && line.charCodeAt(from) === zero;
  if (whole < 1 || whole > 8 || fraction > 6 || leadingZero || (point < to && fraction === 0)) return undefined;
  // Both are exact, so the quotient is the double nearest to what is written.
  return digits / 10 ** fraction;
}

const dot = 46;
const zero = 48;
const nine = 57;
const tab = 9;
const newline = 10;
const carriageReturn = 13;
const space = 32;

/** What stands between the last tab, or the end of the value before, and the colon. */
function labelOf(text: string): string {
  const from = skipSpaces(text, text.lastIndexOf('\t') + 1);
  return text.slice(from);
}

function firstLine(text: string): string {
  const lineFeed = text.indexOf('\n');
  const line = lineFeed < 0 ? text : text.slice(0, lineFeed);
  const returned = line.indexOf('\r');
  return returned < 0 ? line : line.slice(0, returned);
}

function startsLine(log: string, at: number): boolean {
  const before = log.charCodeAt(at - 1);
  return at === 0 || before === newline || before === carriageReturn;
}

/** Whether a token ends before this character; NaN is the end of the text. */
function isBoundary(code: number): boolean {
  return code === tab || code === space || code === newline || code === carriageReturn || Number.isNaN(code);
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === space || text.charCodeAt(at) === tab) at += 1;
  return at;
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === space) at += 1;
  return at;
}

/** Fields lie on one line, so only blanks part them. */
function tokenEnd(line: string, from: number): number {
  let at = from;
  for (; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if (code === tab || code === space) break;
  }
  return at;
}
