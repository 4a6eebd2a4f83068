/**
 * What the Telemetry API tells of an environment's life, and the same as the older Logs API tells it (AWS docs,
 * telemetry-schema-reference and runtimes-logs-api). Pure.
 */

export type Category = 'platform' | 'function' | 'extension';

export interface TelemetryEvent {
  readonly time: Date;
  readonly category: Category;
  readonly type: string;
  readonly record: object | string;
}

export interface Span {
  readonly name: 'responseLatency' | 'responseDuration' | 'runtimeOverhead' | 'extensionOverhead';
  readonly start: Date;
  readonly durationMs: number;
}

export function platformEvent(time: Date, name: string, record: object): TelemetryEvent {
  return { time, category: 'platform', type: `platform.${name}`, record };
}

/** A line that was written, without its line end; of a function that logs JSON, what the line holds. */
export function lineEvent(
  time: Date,
  category: 'function' | 'extension',
  line: string,
  isJson: boolean,
): TelemetryEvent {
  return { time, category, type: category, record: isJson && category === 'function' ? parsed(line) : line };
}

export function spansOf(spans: readonly Span[]): readonly object[] {
  return spans.map(({ name, start, durationMs }) => ({
    name,
    start: start.toISOString(),
    durationMs: rounded(durationMs),
  }));
}

/** Milliseconds with three digits, as the schema's examples have them. */
export function rounded(durationMs: number): number {
  return Math.max(0, Math.round(durationMs * 1000) / 1000);
}

export type SubscriptionApi = 'telemetry' | 'logs';

/** The event as a subscriber gets it; undefined where its API has no such event. */
export function rendered(event: TelemetryEvent, api: SubscriptionApi, schemaVersion: string): string | undefined {
  const { type } = event;
  if (api === 'telemetry') return logsOnly.has(type) ? undefined : line(event, event.record);
  if (telemetryOnly.has(type) || (type === 'platform.runtimeDone' && schemaVersion === '2020-08-15')) return undefined;
  return line(event, forLogs(type, event.record));
}

const telemetryOnly: ReadonlySet<string> = new Set([
  'platform.initStart',
  'platform.initRuntimeDone',
  'platform.initReport',
  'platform.telemetrySubscription',
]);

const logsOnly: ReadonlySet<string> = new Set(['platform.end', 'platform.logsSubscription', 'platform.fault']);

/** The Logs API's records are older and have fewer members. */
function forLogs(type: string, record: object | string): object | string {
  if (typeof record === 'string') return record;
  if (type === 'platform.runtimeDone') return picked(record, ['requestId', 'status', 'tracing']);
  if (type === 'platform.report') return picked(record, ['requestId', 'metrics', 'tracing']);
  return record;
}

function picked(record: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)));
}

function line({ time, type }: TelemetryEvent, record: object | string): string {
  return JSON.stringify({ time: time.toISOString(), type, record });
}

function parsed(text: string): object | string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : text;
  } catch {
    return text;
  }
}
