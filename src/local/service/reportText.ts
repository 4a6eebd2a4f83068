import { runtimeVersion } from './runtimeVersion.ts';

/**
 * The lines that the service writes around an invocation. Pure; the formats come from real lines (tabs, the tab before
 * the newline, fields in this order), and JSON records from the Telemetry API's event schema.
 */

export interface ReportFields {
  readonly requestId: string;
  readonly durationMs: number;
  /** Only on a cold start whose initialization succeeded or timed out outside the invocation. */
  readonly initDurationMs?: number | undefined;
  /** Of a cold start with SnapStart, in place of the init duration. */
  readonly restoreDurationMs?: number | undefined;
  readonly memoryMb: number;
  readonly maxMemoryUsedMb: number;
  readonly status: 'success' | 'error' | 'timeout';
  /** `Runtime.OutOfMemory` and the like. A handler that throws gives a plain REPORT without status. */
  readonly errorType?: string | undefined;
  /** Active X-Ray tracing adds a second line to the same event. */
  readonly xray?: { readonly traceId: string; readonly segmentId: string } | undefined;
}

type SystemLogLevel = 'DEBUG' | 'INFO' | 'WARN';

export interface JsonLevels {
  readonly systemLevel: SystemLogLevel;
  /** For what the function itself writes. */
  readonly applicationLevel: string;
}

export interface InvocationLog {
  readonly functionName: string;
  readonly version: string;
  readonly runtime: string;
  readonly runtimeVersionArn: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly cold: boolean;
  /** What was written before the invocation began; untrusted as the rest. */
  readonly initOutput: string;
  /** What the function itself wrote; untrusted, passed on as it is. */
  readonly output: string;
  /** Durations were computed from CPU time. */
  readonly modelled: boolean;
  readonly report: ReportFields;
}

export interface LogRecord {
  readonly message: string;
  readonly at: Date;
  readonly kind: 'init' | 'start' | 'output' | 'end' | 'report';
}

/** Since 2025-08-01 one ceil of the sum, at least 1 ms. In hundredths, since 0.01 ms is what the line shows. */
export function billedDurationMs(durationMs: number, initDurationMs = 0): number {
  const hundredths = Math.round(durationMs * 100) + Math.round(initDurationMs * 100);
  return Math.max(1, Math.ceil(hundredths / 100));
}

/** How much of a restore is billed: most real lines bill a half to two thirds of it. */
const billedRestoreShare = 0.6;

function billedRestoreMs(restoreDurationMs: number): number {
  return Math.ceil(restoreDurationMs * billedRestoreShare);
}

function billedMs({ durationMs, initDurationMs, restoreDurationMs }: ReportFields): number {
  return billedDurationMs(durationMs, initDurationMs) + billedRestoreMs(restoreDurationMs ?? 0);
}

/** `REPORT RequestId: …` with its newline. */
export function reportLine(report: ReportFields): string {
  const fields = [
    `REPORT RequestId: ${report.requestId}`,
    `Duration: ${report.durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedMs(report)} ms`,
    `Memory Size: ${report.memoryMb} MB`,
    `Max Memory Used: ${Math.ceil(report.maxMemoryUsedMb)} MB`,
  ];
  if (report.initDurationMs !== undefined) fields.push(`Init Duration: ${report.initDurationMs.toFixed(2)} ms`);
  if (report.restoreDurationMs !== undefined) {
    fields.push(`Restore Duration: ${report.restoreDurationMs.toFixed(2)} ms`);
    fields.push(`Billed Restore Duration: ${billedRestoreMs(report.restoreDurationMs)} ms`);
  }
  const status = statusFields(report);
  // Lines without a status end with a tab, those with one do not (both seen in real logs).
  const line = status.length === 0 ? `${fields.join('\t')}\t\n` : `${[...fields, ...status].join('\t')}\n`;
  if (report.xray === undefined) return line;
  return `${line}XRAY TraceId: ${report.xray.traceId}\tSegmentId: ${report.xray.segmentId}\tSampled: true\t\n`;
}

/** Everything one invocation leaves in the log, in order, in text format. */
export function textRecords(log: InvocationLog): readonly LogRecord[] {
  const { requestId } = log.report;
  const records: LogRecord[] = [];
  const add = (kind: LogRecord['kind'], at: Date, message: string) => records.push({ kind, at, message });
  if (log.cold) {
    const kind = log.report.restoreDurationMs === undefined ? 'INIT_START' : 'RESTORE_START';
    const init = `${kind} Runtime Version: ${runtimeVersion(log.runtime)}\tRuntime Version ARN: ${log.runtimeVersionArn}\n`;
    add('init', log.startedAt, init);
  }
  for (const line of outputLines(log.initOutput)) add('output', log.startedAt, line);
  add('start', log.startedAt, `START RequestId: ${requestId} Version: ${log.version}\n`);
  for (const line of outputLines(log.output)) add('output', log.endedAt, line);
  if (log.modelled) add('end', log.endedAt, 'TUNE_LOCAL duration modelled from CPU time\n');
  add('end', log.endedAt, `END RequestId: ${requestId}\n`);
  add('report', log.endedAt, reportLine(log.report));
  return records;
}

/**
 * The same as JSON records, with those below the level left out (levels per event: AWS's table of the Telemetry API).
 * At WARN a successful report is not written.
 */
export function jsonRecords(log: InvocationLog, levels: JsonLevels): readonly LogRecord[] {
  const { report } = log;
  const failed = report.status !== 'success';
  const records: LogRecord[] = [];
  const add = (kind: LogRecord['kind'], at: Date, eventLevel: SystemLogLevel, type: string, record: object) => {
    if (severity[eventLevel] < severity[levels.systemLevel]) return;
    records.push({ kind, at, message: `${JSON.stringify({ time: at.toISOString(), type, record })}\n` });
  };
  if (log.cold) {
    const isRestore = report.restoreDurationMs !== undefined;
    add('init', log.startedAt, 'INFO', isRestore ? 'platform.restoreStart' : 'platform.initStart', {
      initializationType: isRestore ? undefined : 'on-demand',
      phase: isRestore ? undefined : 'init',
      functionName: log.functionName,
      functionVersion: log.version,
      runtimeVersion: runtimeVersion(log.runtime),
      runtimeVersionArn: log.runtimeVersionArn,
    });
  }
  const addOutput = (at: Date, output: string) => {
    for (const line of outputLines(output)) {
      if (isWritten(line, levels.applicationLevel)) records.push({ kind: 'output', at, message: line });
    }
  };
  addOutput(log.startedAt, log.initOutput);
  add('start', log.startedAt, 'INFO', 'platform.start', { requestId: report.requestId, version: log.version });
  addOutput(log.endedAt, log.output);
  // Written at every level: it is no record of the service but a notice of ours.
  if (log.modelled) {
    records.push({ kind: 'end', at: log.endedAt, message: 'TUNE_LOCAL duration modelled from CPU time\n' });
  }
  const outcome = {
    requestId: report.requestId,
    status: report.status,
    errorType: report.errorType,
  };
  add('end', log.endedAt, failed ? 'WARN' : 'DEBUG', 'platform.runtimeDone', {
    ...outcome,
    metrics: { durationMs: round3(report.durationMs) },
  });
  add('report', log.endedAt, failed ? 'WARN' : 'INFO', 'platform.report', { ...outcome, ...reportMetrics(report) });
  return records;
}

/**
 * The last 4 KB of what a synchronous caller gets as LogResult. INIT_START is in CloudWatch only; what an init wrote and INIT_REPORT are
 * in it, before START (both seen in answers of the real service).
 */
export function logTail(records: readonly LogRecord[]): Buffer {
  const shown = records.filter(({ kind }) => kind !== 'init');
  return Buffer.from(shown.map(({ message }) => message).join(''), 'utf8').subarray(-4096);
}

const severity = { DEBUG: 0, INFO: 1, WARN: 2 } as const satisfies Record<SystemLogLevel, number>;

function statusFields(report: ReportFields): readonly string[] {
  if (report.status === 'timeout') return ['Status: timeout'];
  if (report.status === 'error' && report.errorType !== undefined) {
    return ['Status: error', `Error Type: ${report.errorType}`];
  }
  return [];
}

function reportMetrics(report: ReportFields): object {
  return {
    metrics: {
      durationMs: round3(report.durationMs),
      billedDurationMs: billedMs(report),
      memorySizeMB: report.memoryMb,
      maxMemoryUsedMB: Math.ceil(report.maxMemoryUsedMb),
      initDurationMs: report.initDurationMs === undefined ? undefined : round3(report.initDurationMs),
      restoreDurationMs: report.restoreDurationMs === undefined ? undefined : round3(report.restoreDurationMs),
      billedRestoreDurationMs:
        report.restoreDurationMs === undefined ? undefined : billedRestoreMs(report.restoreDurationMs),
    },
    tracing:
      report.xray === undefined
        ? undefined
        : {
            spanId: report.xray.segmentId,
            type: 'X-Amzn-Trace-Id',
            value: `Root=${report.xray.traceId};Parent=${report.xray.segmentId};Sampled=1`,
          },
  };
}

/**
 * A line that is a record of its own, with a level and a timestamp, is filtered by it; every other line is written (AWS docs,
 * monitoring-cloudwatchlogs-log-level).
 */
function isWritten(line: string, applicationLevel: string): boolean {
  if (!line.startsWith('{')) return true;
  try {
    const { level, timestamp } = JSON.parse(line) as { readonly level?: unknown; readonly timestamp?: unknown };
    if (typeof level !== 'string' || typeof timestamp !== 'string' || Number.isNaN(Date.parse(timestamp))) return true;
    const rank = applicationLevels.indexOf(level.toUpperCase());
    return rank < 0 || rank >= applicationLevels.indexOf(applicationLevel);
  } catch {
    return true;
  }
}

const applicationLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** Lines with their newline; the last one may have none, and END is then glued to it in the tail, as on the service. */
export function outputLines(output: string): readonly string[] {
  return output.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function round3(durationMs: number): number {
  return Math.round(durationMs * 1000) / 1000;
}

/** Whoever watches what is run, beside the logs. Told in the order in which things end. */
export interface InvocationListener {
  ended(functionName: string, log: InvocationLog, records: readonly LogRecord[]): void;
  /** What was written when no invocation ran. */
  wroteLate(functionName: string, records: readonly LogRecord[]): void;
}
