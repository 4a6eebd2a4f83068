import type { AdmittedInvocation, LogRoute } from '../service/logRoute.ts';
import type { LogRecord } from '../service/reportText.ts';
import type { ReportPlace, TestingOptions } from './testing.ts';

/** The lines of an invocation, on the way that a test asks for. @param index counts the invocations from 0 */
export function logRouteOf(testing: TestingOptions, invocation: AdmittedInvocation, index: number): LogRoute {
  const { report = 'everywhere', logs = {} } = testing;
  const place: ReportPlace = typeof report === 'string' ? report : report({ ...invocation, index });
  return {
    tail: (records) => {
      if (place === 'noTail') return undefined;
      return place === 'everywhere' ? records : withoutReport(records);
    },
    stored: (records) => {
      if (logs.denied?.(invocation) === true) return undefined;
      return place === 'missing' ? withoutReport(records) : records;
    },
    delayMs: logs.delayMs ?? 0,
  };
}

function withoutReport(records: readonly LogRecord[]): readonly LogRecord[] {
  return records.filter(({ kind }) => kind !== 'report');
}
