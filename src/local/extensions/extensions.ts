import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { InvocationEvent } from '../service/execution.ts';
import { createAgents } from './agents.ts';
import { type ExtensionApi, serveExtensionApi } from './extensionApi.ts';
import type { InitRecord } from './initRecords.ts';
import { type AboutFunction, createLifeEvents, type Ended, type LifeEvents, type ReportedEnd } from './lifeEvents.ts';
import { createTelemetry } from './telemetry.ts';
import { lineEvent } from './telemetryEvents.ts';

/** What the extensions of an environment did that its life depends on; `atMs` on the clock of `performance.now()`. */
export type ExtensionHappening =
  /** Each waits for an event. */
  | { readonly kind: 'extensionsReady'; readonly atMs: number }
  /** A process of one has ended although nobody asked it to. */
  | { readonly kind: 'extensionFailed'; readonly atMs: number; readonly errorType: string; readonly reason: string };

export interface ExtensionsOptions {
  readonly about: AboutFunction;
  /** File names below /opt/extensions. */
  readonly externalNames: readonly string[];
  /** What `sandbox.localdomain` may be here. */
  readonly addresses: readonly string[];
  readonly phase: 'init' | 'invoke';
  readonly logFormat: 'Text' | 'JSON';
  /** All external ones are registered: only then the runtime is started. */
  registered(): void;
  happened(what: ExtensionHappening): void;
}

export type ShutdownReason = 'spindown' | 'timeout' | 'failure';

/** All extensions of one environment: what they are asked and told, and how far they are. */
export interface Extensions {
  /** Undefined for paths that are not of their APIs. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void> | undefined;
  hasAny(): boolean;
  /** What they asked for and how far they are. */
  initRecords(): readonly InitRecord[];
  /** Since when each of them waits for an event, 0 where there are none; undefined: one does not. */
  readySinceMs(): number | undefined;
  /** Those that are told of the shutdown, and do not have to be ended. */
  shutdownNames(): readonly string[];
  /** What an extension said before its process, or the runtime's that it is part of, ended. */
  fatalErrorType(): string | undefined;
  runtimeWaits(atMs: number): void;
  answerBegan(atMs: number): void;
  answered(bytes: number, atMs: number): void;
  initEnded(ended: Ended, durationMs: number): void;
  invoked(event: InvocationEvent, deadlineEpochMs: number, atMs: number): void;
  reported(report: ReportedEnd, atMs: number): void;
  wrote(category: 'function' | 'extension', text: string): void;
  exited(name: string, exitCode: number): void;
  shutDown(reason: ShutdownReason, deadlineEpochMs: number): void;
  /** Sends what is buffered of the telemetry. */
  flush(): Promise<void>;
  close(): void;
}

export function createExtensions(options: ExtensionsOptions): Extensions {
  const { about, happened, registered } = options;
  const agents = createAgents(options.externalNames);
  const telemetry = createTelemetry(options.addresses);
  const life: LifeEvents = createLifeEvents(about, options.phase, telemetry.emit);
  const partial = { function: '', extension: '' };
  let stage: 'registering' | 'starting' | 'running' | 'ending' = 'registering';
  let shutdownEvent: object | undefined;
  let fatal: string | undefined;
  let lastReadyMs = 0;

  const api: ExtensionApi = {
    agents,
    telemetry,
    about: { functionName: about.functionName, functionVersion: about.version, handler: about.handler },
    accountId: about.functionArn.split(':')[4] ?? '',
    changed() {
      if (stage === 'ending') return sendShutdown();
      if (stage === 'registering' && agents.areRegistered()) {
        stage = 'starting';
        registered();
      }
      if (!agents.areReady()) return;
      lastReadyMs = performance.now();
      happened({ kind: 'extensionsReady', atMs: lastReadyMs });
    },
    failed(when) {
      fatal ??= `Extension.${when}`;
    },
  };

  function sendShutdown(): void {
    if (shutdownEvent !== undefined) agents.send('SHUTDOWN', shutdownEvent);
  }

  function line(category: 'function' | 'extension', text: string): void {
    telemetry.emit(lineEvent(new Date(), category, text, options.logFormat === 'JSON'));
  }

  function endLines(): void {
    for (const category of ['function', 'extension'] as const) {
      if (partial[category] !== '') line(category, partial[category]);
      partial[category] = '';
    }
  }

  life.initStarted();
  if (options.externalNames.length === 0) stage = 'starting';

  return {
    serve: (request, response) => serveExtensionApi(api, request, response),
    hasAny: () => agents.list().length > 0,
    initRecords: () => [
      ...telemetry.subscriptions().map((one) => ({ kind: 'subscription' as const, ...one })),
      ...agents.list().map(({ name, state, events, errorType }) => ({
        ...{ kind: 'extension' as const, name, state, events, errorType },
      })),
    ],
    readySinceMs: () => (agents.areReady() ? lastReadyMs : undefined),
    shutdownNames: () =>
      agents
        .list()
        .filter(({ kind, events }) => kind === 'external' && events.includes('SHUTDOWN'))
        .map(({ name }) => name),
    fatalErrorType: () => fatal,
    runtimeWaits(atMs) {
      if (stage === 'running') {
        // What the function wrote before is read by then.
        setImmediate(() => life.runtimeDone({ status: 'success' }, atMs));
        return;
      }
      stage = 'running';
      agents.close();
      life.initRuntimeDone({ status: 'success' });
    },
    answerBegan: life.answerBegan,
    answered: life.answered,
    initEnded(ended, durationMs) {
      agents.initEnded();
      life.initRuntimeDone(ended);
      life.initEnded(ended, durationMs, agents.list());
      telemetry.closeSubscriptions();
    },
    invoked(event, deadlineEpochMs, atMs) {
      life.invoked(event, atMs);
      agents.send('INVOKE', {
        eventType: 'INVOKE',
        deadlineMs: deadlineEpochMs,
        requestId: event.requestId,
        invokedFunctionArn: event.invokedFunctionArn,
        tracing: { type: 'X-Amzn-Trace-Id', value: event.traceId },
      });
    },
    reported(report, atMs) {
      endLines();
      const { status, errorType } = report;
      life.runtimeDone({ status, errorType }, atMs);
      life.reported(report, atMs);
    },
    wrote(category, text) {
      const lines = (partial[category] + text).split('\n');
      // Without an end in sight it is passed on in pieces.
      partial[category] = lines.pop() ?? '';
      for (const whole of lines) line(category, whole);
      if (partial[category].length > maxLineLength) {
        line(category, partial[category]);
        partial[category] = '';
      }
    },
    exited(name, exitCode) {
      agents.exited(name);
      if (stage === 'ending') return;
      const errorType = fatal ?? 'Extension.Crash';
      happened({ kind: 'extensionFailed', atMs: performance.now(), errorType, reason: exitWords(exitCode) });
    },
    shutDown(reason, deadlineEpochMs) {
      stage = 'ending';
      shutdownEvent = { eventType: 'SHUTDOWN', shutdownReason: reason, deadlineMs: deadlineEpochMs };
      sendShutdown();
    },
    async flush() {
      endLines();
      await telemetry.flush();
    },
    close: telemetry.close,
  };
}

/** CloudWatch's own limit of an event is of this size. */
const maxLineLength = 256 * 1024;

/** As Lambda words it. A shell tells signals as codes above 128. */
function exitWords(exitCode: number): string {
  if (exitCode === 0) return 'exit code 0';
  const signal = signalWords[exitCode - 128];
  return signal === undefined ? `exit status ${exitCode}` : `signal: ${signal}`;
}

const signalWords: Readonly<Record<number, string>> = {
  6: 'aborted',
  9: 'killed',
  11: 'segmentation fault',
  15: 'terminated',
};
