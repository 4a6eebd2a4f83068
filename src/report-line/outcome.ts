import type { Configuration } from '../model/configuration.ts';
import type { CostModel } from '../model/costModel.ts';
import type { HostTime, Measurement, Outcome, Reported, ReportLine, Start } from '../model/measurement.ts';
import type { Attempt } from '../model/platform.ts';
import { invocationCostUsd } from '../pricing/pricing.ts';
import { restoreCostUsd } from '../pricing/snapStartCost.ts';
import { streamedBytesCostUsd } from '../pricing/streamedBytesCost.ts';
import { type AnsweredError, answeredError, boundedText, maxErrorTypeLength } from './answeredError.ts';

/** What is known of a call besides its answer. */
export interface CallContext {
  readonly configuration: Configuration;
  /** The first call of an environment is planned cold. Decides only where no REPORT does. */
  readonly plannedStart: Start;
  readonly environment: string;
  readonly payload?: string | undefined;
  readonly costModel: CostModel;
  readonly ephemeralStorageMb: number;
  /** Tells whether a SnapStart restore is charged (not for Java); without it no restore is. */
  readonly runtime?: string | undefined;
  /** Why no REPORT was found, where the caller knows. */
  readonly unreportedReason?: string;
  /** The call before it ended the environment's process: this one initialized again, inside its duration and unmarked. */
  readonly afterEnvironmentEnd?: boolean | undefined;
}

/**
 * One call → one measurement. Everything the function answered is untrusted. A call whose answer was lost stays
 * unreported even when its REPORT is found: a text REPORT does not tell a handler's error from success.
 */
export function measurementFrom(
  attempt: Extract<Attempt, { kind: 'answered' | 'lost' }>,
  report: ReportLine | undefined,
  context: CallContext,
): Measurement {
  const base = {
    requestId: attempt.requestId ?? '',
    startedAt: attempt.startedAt.toISOString(),
    environment: context.environment,
    payload: context.payload,
  };
  if (attempt.kind === 'lost') {
    return {
      ...base,
      start: context.plannedStart,
      outcome: 'unreported',
      reason: context.unreportedReason ?? attempt.reason,
    };
  }
  const error = attempt.functionError === undefined ? undefined : answeredError(attempt.responseBody);
  const mismatch = report && whyNotBelieved(report, attempt.requestId, context.configuration);
  if (report === undefined || mismatch !== undefined) {
    const reason = mismatch ?? context.unreportedReason ?? 'no REPORT in the log tail';
    return { ...base, ...error, start: context.plannedStart, outcome: 'unreported', reason };
  }

  const reported = {
    start: startOf(report, context),
    durationMs: report.durationMs,
    billedDurationMs: report.billedDurationMs,
    initDurationMs: report.initDurationMs,
    restoreDurationMs: report.restoreDurationMs,
    maxMemoryUsedMb: report.maxMemoryUsedMb,
    ...hostTimeOf(attempt.hostTime, report.durationMs),
    stream: attempt.stream,
    costUsd: reportedCostUsd({ ...report, stream: attempt.stream }, context),
  };
  const outcome = outcomeOf(attempt, error, report);
  if (outcome === 'succeeded') return { ...base, outcome, ...reported };
  const errorType = error?.errorType ?? (report.errorType && boundedText(report.errorType, maxErrorTypeLength));
  return { ...base, outcome, errorType: errorType || undefined, errorMessage: error?.errorMessage, ...reported };
}

function hostTimeOf(hostTime: HostTime | undefined, countedMs: number) {
  if (hostTime === undefined) return {};
  const { pace, ...times } = hostTime;
  return pace === undefined ? times : { ...times, pace: { countedMs, ...pace } };
}

/** A report of another request or another size is not this call's: a forged one, or a deployment that is not what it should be. */
function whyNotBelieved(report: ReportLine, requestId: string, { memoryMb }: Configuration): string | undefined {
  if (report.requestId !== requestId) return 'the REPORT belongs to another request';
  if (report.memorySizeMb !== memoryMb)
    return `the REPORT names ${report.memorySizeMb} MB where ${memoryMb} MB were deployed`;
  return undefined;
}

/** Init that was suppressed (after a crash, timeout or out of memory) has no field of its own; provisioned or proactive init neither. */
function startOf(report: ReportLine, context: CallContext): Start {
  if (report.initDurationMs !== undefined || report.restoreDurationMs !== undefined) return 'cold';
  return context.afterEnvironmentEnd === true ? 'cold' : 'warm';
}

/**
 * US$ of one invocation. A restore is charged besides its billed duration, and so is what is streamed beyond the first
 * 6 MB; where such a price is not known it is left out (and named in the estimate).
 */
export function reportedCostUsd(
  { billedDurationMs, restoreDurationMs, stream }: Charged,
  {
    configuration,
    costModel,
    ephemeralStorageMb,
    runtime,
  }: Pick<CallContext, 'configuration' | 'costModel' | 'ephemeralStorageMb' | 'runtime'>,
): number {
  const invocation = invocationCostUsd({ ...configuration, billedDurationMs, ephemeralStorageMb }, costModel);
  const restored = restoreDurationMs !== undefined && runtime !== undefined;
  const restoreUsd = restored ? (restoreCostUsd(runtime, configuration.memoryMb, costModel) ?? 0) : 0;
  return invocation + restoreUsd + (streamedBytesCostUsd(stream?.bytes ?? 0, costModel.region) ?? 0);
}

/** What of a call is paid. */
export type Charged = Pick<Reported, 'billedDurationMs' | 'restoreDurationMs' | 'stream'>;

/** AWS saw 1,023 of 1,024 MB used by a process that was killed for its memory: not always the whole size. */
const exhaustedShare = 0.97;

/** The platform's own words (REPORT) go before the function's (answer). */
function outcomeOf(
  attempt: Extract<Attempt, { kind: 'answered' }>,
  error: AnsweredError | undefined,
  report: ReportLine,
): Exclude<Outcome, 'unreported'> {
  if (report.status === 'timeout') return 'timedOut';
  if (report.errorType === 'Runtime.OutOfMemory') return 'outOfMemory';
  if (error !== undefined) {
    if (ranOutOfMemory(error, report, attempt.logTail ?? '')) return 'outOfMemory';
    if (timedOut(error, attempt.requestId)) return 'timedOut';
    return 'functionError';
  }
  return report.status === 'error' || report.status === 'failure' ? 'functionError' : 'succeeded';
}

function ranOutOfMemory(
  { errorType = '', errorMessage = '' }: AnsweredError,
  report: ReportLine,
  log: string,
): boolean {
  if (errorType === 'Runtime.OutOfMemory' || errorType === 'MemoryError') return true;
  if (errorType === 'OutOfMemoryError' || errorType === 'java.lang.OutOfMemoryError') return true;
  if ((errorType || report.errorType) !== 'Runtime.ExitError') return false;
  // Node aborts itself at its own heap limit, below the memory size, and says so on stderr only.
  if (errorMessage.includes('signal: aborted')) return log.includes('heap out of memory');
  return errorMessage.includes('signal: killed') && report.maxMemoryUsedMb >= exhaustedShare * report.memorySizeMb;
}

/**
 * `Sandbox.Timedout`, or in the old style a message without a type. A handler that passes on the time-out of *another*
 * function carries a type of its own or another request id.
 */
function timedOut({ errorType, errorMessage = '' }: AnsweredError, requestId: string): boolean {
  if (errorType === 'Sandbox.Timedout') return true;
  if (!/Task timed out after \d{1,5}(?:\.\d{1,3})? seconds/.test(errorMessage)) return false;
  return errorType === undefined || errorMessage.includes(requestId);
}

/** Whether the process behind the environment is gone, so that the next call there initializes again. */
export function endsEnvironment(measurement: Measurement): boolean {
  switch (measurement.outcome) {
    case 'succeeded':
    case 'unreported':
      return false;
    case 'timedOut':
      return true;
    case 'outOfMemory':
    case 'functionError':
      // A handler's own MemoryError leaves the process alive; the platform's types mark one that ended.
      return measurement.errorType?.startsWith('Runtime.') ?? false;
  }
}
