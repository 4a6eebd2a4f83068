import { type LogEvent, logStreamName, type PastEvents } from '../../service/logStore.ts';
import { type InvocationLog, jsonRecords, textRecords } from '../../service/reportText.ts';
import {
  callsIn,
  memoryUsedMb,
  minuteMs,
  minutesIn,
  requestIdOf,
  type SyntheticCall,
  type SyntheticProduction,
  usualBytesPerCall,
} from './syntheticProduction.ts';

/** A function that logs, and how. */
export interface LoggedProduction {
  readonly functionName: string;
  readonly production: SyntheticProduction;
  readonly format?: 'text' | 'json' | undefined;
  /** Of JSON: at WARN, calls that end well leave no record. */
  readonly systemLevel?: 'INFO' | 'WARN' | undefined;
  readonly isTraced?: boolean | undefined;
  /** Its cold starts are restores. */
  readonly isSnapStart?: boolean | undefined;
}

/** Since then the init of ZIP functions is billed. */
const initBilledSinceMs = Date.UTC(2025, 7, 1);

/** Everything that functions wrote into one group. Request ids of two functions may be the same: streams tell them apart. */
export function pastEvents(
  logGroupName: string,
  functions: readonly LoggedProduction[],
  storedBytes: number,
): PastEvents {
  return {
    storedBytes,
    between: (fromMs, toMs) =>
      functions
        .flatMap((one) => eventsOf(one, logGroupName, fromMs, toMs))
        .sort((one, other) => one.timestamp - other.timestamp),
    bytesBetween: (fromMs, toMs) =>
      functions.reduce((sum, { production }) => sum + bytesOf(production, fromMs, toMs), 0),
  };
}

function eventsOf(one: LoggedProduction, logGroupName: string, fromMs: number, toMs: number): readonly LogEvent[] {
  const events: LogEvent[] = [];
  // What ends within the next minute may have begun, and logged, before.
  for (const minute of minutesIn(one.production, fromMs, toMs + minuteMs)) {
    callsIn(one.production, minute).forEach((call, index) => {
      const written = recordsOf(one, call, requestIdOf(minute, index));
      const environment = call.environment.toString(16).padStart(32, '0');
      const stream = logStreamName(new Date(call.atMs), one.functionName, call.version, logGroupName, environment);
      for (const { message, at } of written) {
        const timestamp = at.getTime();
        if (timestamp < fromMs || timestamp >= toMs) continue;
        const eventId = `${timestamp}${String(events.length)}`.padEnd(56, '0');
        events.push({ logStreamName: stream, timestamp, ingestionTime: timestamp + 500, message, eventId });
      }
    });
  }
  return events;
}

function recordsOf(one: LoggedProduction, call: SyntheticCall, requestId: string) {
  const log = logOf(one, call, requestId);
  if (one.format === 'json') {
    return jsonRecords(log, { systemLevel: one.systemLevel ?? 'INFO', applicationLevel: 'INFO' });
  }
  const isFree = call.atMs < initBilledSinceMs && call.initMs !== undefined;
  return textRecords(log).map((record) =>
    isFree && record.kind === 'report'
      ? {
          ...record,
          message: record.message.replace(/Billed Duration: \d+/, `Billed Duration: ${Math.ceil(call.durationMs)}`),
        }
      : record,
  );
}

function logOf(one: LoggedProduction, call: SyntheticCall, requestId: string): InvocationLog {
  const { initMs, durationMs, outcome, memoryMb } = call;
  const isRestore = one.isSnapStart === true;
  return {
    functionName: one.functionName,
    version: call.version,
    runtime: 'nodejs22.x',
    runtimeVersionArn: 'arn:aws:lambda:us-east-1::runtime:synthetic',
    startedAt: new Date(call.atMs - Math.min(durationMs, minuteMs)),
    endedAt: new Date(call.atMs),
    cold: initMs !== undefined,
    initOutput: '',
    output: '',
    modelled: false,
    report: {
      requestId,
      durationMs,
      initDurationMs: isRestore ? undefined : initMs,
      restoreDurationMs: isRestore ? initMs : undefined,
      memoryMb,
      maxMemoryUsedMb: memoryUsedMb(call),
      status: outcome === 'success' || outcome === 'timeout' ? outcome : 'error',
      errorType: outcome === 'outOfMemory' ? 'Runtime.OutOfMemory' : undefined,
      xray:
        one.isTraced === true
          ? { traceId: `1-${requestId.slice(0, 8)}-000000000000`, segmentId: requestId.slice(-16) }
          : undefined,
    },
  };
}

/** So much of the minutes as lies in the range. */
function bytesOf(of: SyntheticProduction, fromMs: number, toMs: number): number {
  let calls = 0;
  for (const minute of minutesIn(of, fromMs, toMs)) {
    calls += callsIn(of, minute).filter(({ atMs }) => atMs >= fromMs && atMs < toMs).length;
  }
  return calls * (of.bytesPerCall ?? usualBytesPerCall);
}
