import type { ReportLine } from '../model/measurement.ts';
import { parseReportLine } from './reportLine.ts';

/**
 * The report that one log event of production is, whoever's request it was: text or JSON. Undefined for any other event. What a
 * function printed may look the same: see `withoutForged` of `observe/`.
 */
export function reportOfEvent(message: string): ReportLine | undefined {
  const requestId = /^REPORT RequestId:[\t ]*([\w-]{1,100})(?=\s)/.exec(message)?.[1] ?? idOfRecord(message);
  return requestId === undefined ? undefined : parseReportLine(message, requestId);
}

function idOfRecord(message: string): string | undefined {
  if (!message.startsWith('{') || !message.includes('"platform.report"')) return undefined;
  return /"requestId"\s*:\s*"([\w-]{1,100})"/.exec(message)?.[1];
}
