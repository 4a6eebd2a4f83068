import { rounded } from './telemetryEvents.ts';

/** What the service logs of an environment's init, beside the function's own lines. Pure; the forms are those of real logs. */

export type InitRecord =
  /** It asked for the telemetry while init ran. */
  | {
      readonly kind: 'subscription';
      readonly api: 'telemetry' | 'logs';
      readonly name: string;
      readonly types: readonly string[];
    }
  /** How far it had come when init was over. */
  | {
      readonly kind: 'extension';
      readonly name: string;
      readonly state: string;
      readonly events: readonly string[];
      readonly errorType: string | undefined;
    }
  /** Of an init that failed. One that did not is in REPORT. */
  | {
      readonly kind: 'report';
      readonly phase: 'init' | 'invoke';
      readonly status: 'error' | 'timeout';
      readonly errorType: string | undefined;
      readonly durationMs: number;
    };

export interface InitLog {
  readonly format: 'Text' | 'JSON';
  /** Of the JSON format: at WARN what went well is not written. */
  readonly systemLevel: string | undefined;
}

export function initText(records: readonly InitRecord[], { format, systemLevel }: InitLog, at: Date): string {
  if (format === 'Text') return records.map((record) => `${textLine(record)}\n`).join('');
  const written = systemLevel === 'WARN' ? records.filter(({ kind }) => kind === 'report') : records;
  return written.map((record) => `${JSON.stringify({ time: at.toISOString(), ...jsonRecord(record) })}\n`).join('');
}

function textLine(record: InitRecord): string {
  switch (record.kind) {
    case 'subscription': {
      const types = record.types.map((type) => type.charAt(0).toUpperCase() + type.slice(1));
      const api = record.api === 'telemetry' ? 'TELEMETRY' : 'LOGS';
      return `${api}\tName: ${record.name}\tState: Subscribed\tTypes: [${types.join(', ')}]`;
    }
    case 'extension': {
      const line = `EXTENSION\tName: ${record.name}\tState: ${record.state}\tEvents: [${record.events.join(', ')}]`;
      return withError(line, record.errorType);
    }
    case 'report': {
      const { durationMs, phase, status, errorType } = record;
      return withError(
        `INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms\tPhase: ${phase}\tStatus: ${status}`,
        errorType,
      );
    }
  }
}

function withError(line: string, errorType: string | undefined): string {
  return errorType === undefined ? line : `${line}\tError Type: ${errorType}`;
}

function jsonRecord(record: InitRecord): { readonly type: string; readonly record: object } {
  switch (record.kind) {
    case 'subscription': {
      const { api, name, types } = record;
      const type = api === 'telemetry' ? 'platform.telemetrySubscription' : 'platform.logsSubscription';
      return { type, record: { name, state: 'Subscribed', types } };
    }
    case 'extension': {
      const { name, state, events, errorType } = record;
      return { type: 'platform.extension', record: { name, state, events, errorType } };
    }
    case 'report': {
      const { phase, status, errorType, durationMs } = record;
      const metrics = { durationMs: rounded(durationMs) };
      return {
        type: 'platform.initReport',
        record: { initializationType: 'on-demand', phase, status, errorType, metrics },
      };
    }
  }
}
