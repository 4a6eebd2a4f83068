import { setMaxListeners } from 'node:events';
import type { Place } from '../advice/failureWords.ts';
import type { RunEvent } from '../model/events.ts';
import type { CostModel, FunctionFacts, Payload } from '../model/measurement.ts';
import type { Platform } from '../model/platform.ts';
import { worstCaseUsd } from '../plan/estimate.ts';
import { payloadSequence } from '../plan/payloads.ts';
import { inFlightBound } from './inFlight.ts';
import type { LanePayloads } from './lane.ts';
import type { Measuring } from './measureOnce.ts';
import { spendLedger } from './spend.ts';

/** What every run is given: the clock, randomness, who listens, and who may interrupt it. */
export interface RunDependencies {
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  readonly random: () => number;
  readonly uuid: () => string;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly interrupted: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/** How a run is brought to its end. */
export interface RunControls {
  /** Aborted by an interruption or a failure: nothing new is sent. */
  readonly stop: AbortController;
  /** Aborted a little later: what is in flight is no longer waited for. */
  readonly abandon: AbortSignal;
  /** Everything has settled. */
  end(): void;
}

/** Calls in flight get this long to finish after an interruption; a CI runner kills ten seconds after it asked. */
const graceMs = 1500;

export function openControls({ interrupted, sleep }: Pick<RunDependencies, 'interrupted' | 'sleep'>): RunControls {
  const stop = new AbortController();
  const abandon = new AbortController();
  const ended = new AbortController();
  // Every call in flight listens; Node would take more than ten listeners for a leak.
  setMaxListeners(0, stop.signal, abandon.signal, interrupted);
  stop.signal.addEventListener('abort', () => void sleep(graceMs, ended.signal).then(() => abandon.abort()));
  const onInterrupt = () => stop.abort();
  if (interrupted.aborted) onInterrupt();
  else interrupted.addEventListener('abort', onInterrupt, { once: true });
  return {
    stop,
    abandon: abandon.signal,
    end() {
      ended.abort();
      interrupted.removeEventListener('abort', onInterrupt);
    },
  };
}

export interface MeasuringJob {
  readonly facts: FunctionFacts;
  /** What the user named, when that was a path. */
  readonly path?: string | undefined;
  readonly costModel: CostModel;
  readonly plan: { readonly maxInFlight: number };
  readonly maxSpendUsd?: number | undefined;
  readonly allowedErrors?: readonly string[];
}

export function openMeasuring(
  { facts, path, costModel, plan, maxSpendUsd, allowedErrors = [] }: MeasuringJob,
  deps: RunDependencies & { readonly platform: Platform },
  { stop, abandon }: RunControls,
): Measuring {
  return {
    platform: deps.platform,
    facts,
    place: placeOf(facts, path),
    costModel,
    allowedErrors,
    inFlight: inFlightBound(plan.maxInFlight),
    ledger: spendLedger(maxSpendUsd),
    worstCaseUsd: (deployment) => worstCaseUsd(deployment.configuration, facts, costModel),
    now: deps.now,
    monotonicMs: deps.monotonicMs,
    random: deps.random,
    sleep: deps.sleep,
    stop: stop.signal,
    abandon,
    onEvent: deps.onEvent,
    pressure: { lastSuccessMs: deps.monotonicMs(), throttles: 0, capReached: false, lostInARow: 0 },
    maxInFlight: plan.maxInFlight,
  };
}

export function placeOf({ emulation }: FunctionFacts, path: string | undefined): Place {
  if (emulation === undefined) return 'aws';
  return path === undefined ? 'endpoint' : 'path';
}

export function lanePayloads(payloads: readonly Payload[], template: boolean, uuid: () => string): LanePayloads {
  let sent = 0;
  return {
    sequence: payloadSequence(payloads),
    named: payloads.length > 1,
    template,
    uuid,
    next: () => {
      sent += 1;
      return sent;
    },
  };
}
