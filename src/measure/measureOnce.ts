import type { Place } from '../advice/failureWords.ts';
import { TuneError } from '../base/errors.ts';
import type { CostModel } from '../model/costModel.ts';
import type { RunEvent } from '../model/engine/events.ts';
import type { FunctionFacts } from '../model/functionFacts.ts';
import type { CallHooks } from '../model/hooks.ts';
import type { Measurement, Start } from '../model/measurement.ts';
import type { Attempt, Deployment, Platform } from '../model/platform.ts';
import { factsAs } from '../model/variant.ts';
import { measurementFrom } from '../report-line/outcome.ts';
import { parseReportLine } from '../report-line/reportLine.ts';
import { numberOf } from '../text/numberOf.ts';
import type { InFlight } from './inFlight.ts';
import type { Pacer } from './pace.ts';
import type { SpendLedger } from './spend.ts';

/** What one measurement needs of the run around it. */
export interface Measuring {
  /** Of the side that is measured, where there are several. */
  readonly name: string | undefined;
  readonly platform: Platform;
  readonly facts: FunctionFacts;
  /** Where the function runs: what can be wrong with it depends on that. */
  readonly place: Place;
  /** `ownVersions`: the chain of calls names the environment, and a log stream would be a second name for it. */
  readonly environments: 'fromLogs' | 'ownVersions';
  readonly costModel: CostModel;
  /** Function errors of these types count as answers. */
  readonly allowedErrors: readonly string[];
  readonly inFlight: InFlight;
  readonly ledger: SpendLedger;
  /** US$ of one call that runs into its timeout. */
  worstCaseUsd(deployment: Deployment): number;
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Aborted: nothing new is sent. */
  readonly stop: AbortSignal;
  /** Aborted: what is in flight is no longer waited for. */
  readonly abandon: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  /** Shared by all lanes of the run: when the account last let an invocation through. */
  readonly pressure: Pressure;
  /** What is done before and after each call. */
  readonly hooks: CallHooks | undefined;
  readonly pace: Pacer | undefined;
  /** Between two calls of an environment. */
  readonly pauseMs: number;
  /** As planned; a throttle may have lowered it since. */
  readonly maxInFlight: number;
}

export interface Pressure {
  lastSuccessMs: number;
  throttles: number;
  /** The spend cap left no room for a further call. */
  capReached: boolean;
  /** Calls since the last answer that were sent and never answered, over all lanes. */
  lostInARow: number;
  /** Hooks that failed since the last one that did not, over all lanes. */
  hookFailuresInARow: number;
}

export interface PlannedCall {
  readonly plannedStart: Start;
  readonly environment: string;
  readonly payload?: string | undefined;
  readonly body: string;
  /** The call before it in this environment ended the environment's process. */
  readonly afterEnvironmentEnd: boolean;
}

/** A run gives up when the service has let nothing through for this long. */
const patienceMs = 60_000;

/**
 * Sends one invocation, again only while the service refuses to start it (throttled, not ready), and reads its REPORT.
 * Undefined: the run stopped, or the spend cap leaves no room, before anything was sent.
 */
export async function measureOnce(
  run: Measuring,
  deployment: Deployment,
  call: PlannedCall,
): Promise<Measurement | undefined> {
  const worstUsd = run.worstCaseUsd(deployment);
  let waitingSinceMs = run.monotonicMs();
  for (let refusals = 1; ; refusals += 1) {
    const attempt = await run.inFlight.run(() => send(run, deployment, call, worstUsd));
    if (attempt === undefined) return undefined;
    if (attempt.kind === 'answered' || attempt.kind === 'lost') {
      run.inFlight.succeeded();
      run.pressure.lastSuccessMs = run.monotonicMs();
      // Outside the in-flight bound: looking for a REPORT in the logs may take long and uses no concurrency.
      const measurement = await readReport(run, deployment, call, attempt);
      // What was not reported may have been billed up to the timeout: the cap counts it so.
      run.ledger.settle(worstUsd, measurement.outcome === 'unreported' ? worstUsd : measurement.costUsd);
      return measurement;
    }
    if (attempt.kind === 'throttled') {
      run.inFlight.throttled();
      run.pressure.throttles += 1;
      run.onEvent({ kind: 'throttled', reason: attempt.reason, inFlightLimit: run.inFlight.limit });
    }
    waitingSinceMs = Math.max(waitingSinceMs, run.pressure.lastSuccessMs);
    if (run.monotonicMs() - waitingSinceMs > patienceMs) throw gaveUp(attempt);
    await pause(run, refusals, attempt.kind === 'throttled' ? attempt.retryAfterMs : undefined);
    if (run.stop.aborted) return undefined;
  }
}

/** All that were in flight when a connection broke are lost at once: that, three times over, is no accident. */
export function lostTooOften({ pressure, maxInFlight }: Measuring): TuneError | undefined {
  if (pressure.lostInARow < Math.max(10, 3 * maxInFlight)) return undefined;
  return new TuneError(
    'UNREACHABLE',
    `${numberOf(pressure.lostInARow, 'invocation')} in a row were sent and not answered.`,
    {
      hint: 'They may have run and be billed, so the run stopped. Check the network to Lambda and lower --max-in-flight.',
    },
  );
}

type Refusal = Extract<Attempt, { kind: 'throttled' | 'notReady' }>;

/** Keeps the reservation only for an attempt that may be billed. */
async function send(
  run: Measuring,
  deployment: Deployment,
  call: PlannedCall,
  worstUsd: number,
): Promise<Attempt | undefined> {
  // Whose call was the last straw says so; calls that waited for its place are not sent any more.
  if (run.stop.aborted || lostTooOften(run) !== undefined) return undefined;
  await run.pace?.(run.stop);
  if (run.stop.aborted) return undefined;
  if (!(await run.ledger.reserve(worstUsd))) {
    run.pressure.capReached = true;
    return undefined;
  }
  let billable = false;
  try {
    if (run.stop.aborted) return undefined;
    const attempt = await run.platform.invoke(deployment, call.body, run.abandon);
    billable = attempt.kind === 'answered' || attempt.kind === 'lost';
    if (billable) run.pressure.lostInARow = attempt.kind === 'lost' ? run.pressure.lostInARow + 1 : 0;
    return attempt;
  } finally {
    if (!billable) run.ledger.settle(worstUsd, 0);
  }
}

async function readReport(
  run: Measuring,
  deployment: Deployment,
  call: PlannedCall,
  attempt: Extract<Attempt, { kind: 'answered' | 'lost' }>,
): Promise<Measurement> {
  const context = {
    configuration: deployment.configuration,
    plannedStart: call.plannedStart,
    environment: call.environment,
    payload: call.payload,
    costModel: run.costModel,
    ephemeralStorageMb: run.facts.ephemeralStorageMb,
    runtime: factsAs(run.facts, deployment.configuration).runtime,
    afterEnvironmentEnd: call.afterEnvironmentEnd,
  };
  if (attempt.kind === 'lost')
    return measurementFrom(attempt, undefined, { ...context, unreportedReason: attempt.reason });
  const inTail = parseReportLine(attempt.logTail ?? '', attempt.requestId);
  if (inTail) return measurementFrom(attempt, inTail, context);
  const found = await run.platform.findReport(deployment, attempt, run.abandon);
  if (!found.found) return measurementFrom(attempt, undefined, { ...context, unreportedReason: found.reason });
  return measurementFrom(attempt, found.report, {
    ...context,
    environment: run.environments === 'ownVersions' ? call.environment : found.environment,
  });
}

/** Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"), never below what the service asked for. */
function pause(run: Measuring, refusals: number, retryAfterMs = 0): Promise<void> {
  const ceilingMs = Math.min(10_000, 200 * 2 ** Math.min(refusals, 10));
  return run.sleep(retryAfterMs + run.random() * ceilingMs, run.stop);
}

function gaveUp(refusal: Refusal): TuneError {
  const seconds = patienceMs / 1000;
  return refusal.kind === 'throttled'
    ? new TuneError('THROTTLED', `Lambda throttled every invocation for ${seconds} s (${refusal.reason}).`, {
        hint: 'The account or function has no concurrency left. Try again later, or lower --max-in-flight.',
      })
    : new TuneError('NOT_MEASURED', `The copy did not become invokable within ${seconds} s (${refusal.reason}).`);
}
