import { performance } from 'node:perf_hooks';
import type { InvocationEvent } from '../service/execution.ts';
import type { Agent } from './agents.ts';
import { platformEvent, rounded, type Span, spansOf, type TelemetryEvent } from './telemetryEvents.ts';

/** The function as initStart names it. */
export interface AboutFunction {
  readonly functionName: string;
  readonly functionArn: string;
  readonly version: string;
  readonly handler: string;
  readonly runtimeVersion: string;
  readonly runtimeVersionArn: string;
  readonly instanceId: string;
  readonly memoryMb: number;
}

export interface Ended {
  readonly status: 'success' | 'error' | 'timeout';
  readonly errorType?: string | undefined;
}

export interface ReportedEnd extends Ended {
  readonly durationMs: number;
  readonly billedDurationMs: number;
  readonly initDurationMs: number | undefined;
  readonly maxMemoryUsedMb: number;
}

/** The platform's events of one environment, in the order of its life. Moments are on the clock of `performance.now()`. */
export interface LifeEvents {
  initStarted(): void;
  initRuntimeDone(ended: Ended): void;
  initEnded(ended: Ended, durationMs: number, agents: readonly Agent[]): void;
  invoked(event: InvocationEvent, atMs: number): void;
  answerBegan(atMs: number): void;
  answered(bytes: number, atMs: number): void;
  /** The runtime waits again, or is gone. Only once per invocation. */
  runtimeDone(ended: Ended, atMs: number): void;
  reported(report: ReportedEnd, atMs: number): void;
}

export function createLifeEvents(
  about: AboutFunction,
  phase: 'init' | 'invoke',
  emit: (event: TelemetryEvent) => void,
): LifeEvents {
  const init = { initializationType: 'on-demand', phase };
  let running: Running | undefined;
  let isRuntimeInitDone = false;

  return {
    initStarted() {
      const { functionName, functionArn, version, runtimeVersion, runtimeVersionArn, instanceId, memoryMb } = about;
      const record = {
        ...init,
        runtimeVersion,
        runtimeVersionArn,
        functionName,
        functionArn,
        functionVersion: version,
      };
      emit(
        platformEvent(new Date(), 'initStart', { ...record, instanceId, instanceMaxMemory: memoryMb * 1024 * 1024 }),
      );
    },
    initRuntimeDone(ended) {
      if (isRuntimeInitDone) return;
      isRuntimeInitDone = true;
      emit(platformEvent(new Date(), 'initRuntimeDone', { ...init, ...ended }));
    },
    initEnded(ended, durationMs, agents) {
      for (const { name, state, events, errorType } of agents) {
        emit(platformEvent(new Date(), 'extension', { name, state, events, errorType }));
      }
      const metrics = { durationMs: rounded(durationMs) };
      emit(platformEvent(new Date(), 'initReport', { ...init, ...ended, metrics }));
    },
    invoked({ requestId, traceId }, atMs) {
      const tracing = { type: 'X-Amzn-Trace-Id', value: traceId };
      running = { requestId, tracing, invokedAtMs: atMs, bytes: 0 };
      emit(platformEvent(at(atMs), 'start', { requestId, version: about.version, tracing }));
    },
    answerBegan(atMs) {
      if (running !== undefined) running.answerBeganAtMs = atMs;
    },
    answered(bytes, atMs) {
      if (running === undefined) return;
      running.bytes = bytes;
      running.answeredAtMs = atMs;
    },
    runtimeDone(ended, atMs) {
      if (running === undefined || running.doneAtMs !== undefined) return;
      running.doneAtMs = atMs;
      const { requestId, tracing, invokedAtMs, bytes } = running;
      const metrics = { durationMs: rounded(atMs - invokedAtMs), producedBytes: bytes };
      const spans = spansOf(runtimeSpans(running, atMs));
      emit(platformEvent(at(atMs), 'runtimeDone', { requestId, ...ended, metrics, tracing, spans }));
    },
    reported({ status, errorType, ...figures }, atMs) {
      if (running === undefined) return;
      const { requestId, tracing, doneAtMs = atMs } = running;
      running = undefined;
      const metrics = {
        durationMs: rounded(figures.durationMs),
        billedDurationMs: figures.billedDurationMs,
        memorySizeMB: about.memoryMb,
        maxMemoryUsedMB: Math.ceil(figures.maxMemoryUsedMb),
        initDurationMs: figures.initDurationMs === undefined ? undefined : rounded(figures.initDurationMs),
      };
      const overhead: Span = { name: 'extensionOverhead', start: at(doneAtMs), durationMs: atMs - doneAtMs };
      const spans = status === 'success' && atMs > doneAtMs ? spansOf([overhead]) : undefined;
      emit(platformEvent(new Date(), 'report', { requestId, status, errorType, metrics, tracing, spans }));
      emit(platformEvent(new Date(), 'end', { requestId }));
    },
  };
}

interface Running {
  readonly requestId: string;
  readonly tracing: object;
  readonly invokedAtMs: number;
  bytes: number;
  answerBeganAtMs?: number;
  answeredAtMs?: number;
  doneAtMs?: number;
}

function runtimeSpans({ invokedAtMs, answerBeganAtMs, answeredAtMs }: Running, doneAtMs: number): readonly Span[] {
  if (answeredAtMs === undefined) return [];
  const beganAtMs = answerBeganAtMs ?? answeredAtMs;
  return [
    { name: 'responseLatency', start: at(invokedAtMs), durationMs: beganAtMs - invokedAtMs },
    { name: 'responseDuration', start: at(beganAtMs), durationMs: answeredAtMs - beganAtMs },
    { name: 'runtimeOverhead', start: at(answeredAtMs), durationMs: doneAtMs - answeredAtMs },
  ];
}

function at(momentMs: number): Date {
  return new Date(performance.timeOrigin + momentMs);
}
