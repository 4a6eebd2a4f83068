import type { ReportLine } from '../model/measurement.ts';
import {
  completeReport,
  type FoundReport,
  isPlausible,
  type ReportNumber,
  type ReportNumbers,
} from './reportFields.ts';

const quotedType = '"platform.report"';
/** A record with spans and tracing has about 700 characters; output may be glued before and behind it. */
const maxRecordLength = 16_384;
/** Bounds the work on output made to look like records. Past it the answer is "cannot be read", never an earlier record. */
const maxCandidates = 64;
const maxOpenings = 8;

/**
 * The last `platform.report` record of this request that starts at `from` or later, in a log in Lambda's JSON format:
 * one record per line, in between lines of any kind, sometimes glued to output that had no newline.
 */
export function lastPlatformReport(log: string, requestId: string, from: number): FoundReport | undefined {
  if (log.indexOf(quotedType, from) < 0) return undefined;
  let candidates = 0;
  let at = log.lastIndexOf(quotedType);
  while (at >= from && at >= 0) {
    const lineStart = Math.max(from, log.lastIndexOf('\n', at) + 1);
    const nextLine = log.indexOf('\n', at);
    const line = log.slice(lineStart, nextLine < 0 ? log.length : nextLine);
    if (line.includes(requestId)) {
      for (let inLine = at - lineStart; inLine >= 0; inLine = previous(line, quotedType, inLine)) {
        candidates += 1;
        if (candidates > maxCandidates) return { at: lineStart + inLine, report: undefined };
        const envelope = envelopeAround(line, inLine);
        if (envelope === undefined || envelope.record.requestId !== requestId) continue;
        const report = reportOf(requestId, envelope.record);
        // A nested or glued one that cannot be read is somebody's mention of a record, not the platform's own line.
        if (report !== undefined || envelope.open === 0) return { at: lineStart + envelope.open, report };
      }
    }
    at = previous(log, quotedType, lineStart);
  }
  return undefined;
}

function previous(text: string, wanted: string, before: number): number {
  return before <= 0 ? -1 : text.lastIndexOf(wanted, before - 1);
}

interface Envelope {
  readonly open: number;
  readonly record: Readonly<Record<string, unknown>>;
}

/** The object with `"type": "platform.report"` and a `record` that the position lies in, trying the innermost first. */
function envelopeAround(line: string, at: number): Envelope | undefined {
  let open = previous(line, '{', at);
  for (let tries = 0; open >= 0 && at - open < maxRecordLength && tries < maxOpenings; tries += 1) {
    const end = objectEnd(line, open);
    if (end > at) {
      const parsed = parseObject(line.slice(open, end));
      const record = parsed?.record;
      if (parsed?.type === 'platform.report' && isObject(record)) return { open, record };
    }
    open = previous(line, '{', open);
  }
  return undefined;
}

/** Index behind the brace that closes the one at `open`, or -1. Braces in strings do not count. */
function objectEnd(line: string, open: number): number {
  const limit = Math.min(line.length, open + maxRecordLength);
  let depth = 0;
  let inString = false;
  for (let at = open; at < limit; at += 1) {
    const character = line[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

const metricNames = {
  durationMs: 'durationMs',
  billedDurationMs: 'billedDurationMs',
  memorySizeMB: 'memorySizeMb',
  maxMemoryUsedMB: 'maxMemoryUsedMb',
  initDurationMs: 'initDurationMs',
  restoreDurationMs: 'restoreDurationMs',
  billedRestoreDurationMs: 'billedRestoreDurationMs',
} as const satisfies Record<string, ReportNumber>;

function reportOf(requestId: string, record: Readonly<Record<string, unknown>>): ReportLine | undefined {
  const metrics = record.metrics;
  if (!isObject(metrics)) return undefined;
  const numbers: ReportNumbers = {};
  for (const [name, field] of Object.entries(metricNames)) {
    const amount = metrics[name];
    if (amount === undefined || amount === null) continue;
    if (typeof amount !== 'number' || !isPlausible(field, amount)) return undefined;
    numbers[field] = amount;
  }
  return completeReport(requestId, numbers, text(record.status), text(record.errorType));
}

function text(found: unknown): string | undefined {
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function parseObject(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isObject(found: unknown): found is Readonly<Record<string, unknown>> {
  return typeof found === 'object' && found !== null && !Array.isArray(found);
}
