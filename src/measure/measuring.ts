import { setMaxListeners } from 'node:events';
import type { Place } from '../advice/failureWords.ts';
import type { RunEvent } from '../model/engine/events.ts';
import type { FunctionFacts } from '../model/functionFacts.ts';
import { worstCaseUsd } from '../plan/estimate.ts';
import { payloadSequence } from '../plan/payloads/sequence.ts';
import type { LanePayloads } from './lane.ts';
import type { Measuring } from './measureOnce.ts';
import type { Source, SourcePayloads } from './subject.ts';

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

/** What all sources of a subject share. */
export type SharedMeasuring = Pick<
  Measuring,
  | 'costModel'
  | 'allowedErrors'
  | 'inFlight'
  | 'pace'
  | 'pauseMs'
  | 'ledger'
  | 'pressure'
  | 'maxInFlight'
  | 'stop'
  | 'abandon'
  | 'onEvent'
> &
  Pick<RunDependencies, 'now' | 'monotonicMs' | 'random' | 'sleep'>;

export function openMeasuring(source: Source, shared: SharedMeasuring): Measuring {
  const { name, platform, facts, path, environments, hooks } = source;
  return {
    ...shared,
    name,
    platform,
    facts,
    place: placeOf(facts, path),
    environments,
    hooks,
    worstCaseUsd: ({ configuration }) => worstCaseUsd(configuration, facts, shared.costModel),
  };
}

export function placeOf({ emulation }: FunctionFacts, path: string | undefined): Place {
  if (emulation === undefined) return 'aws';
  return path === undefined ? 'endpoint' : 'path';
}

export function lanePayloads({ list, template, dealt }: SourcePayloads, uuid: () => string): LanePayloads {
  const sequence = payloadSequence(list);
  let dealtSoFar = 0;
  let sent = 0;
  return {
    sequence(n) {
      dealtSoFar += 1;
      return sequence(dealt === 'overAll' ? dealtSoFar - 1 : n);
    },
    named: list.length > 1 || list[0]?.lines !== undefined,
    template,
    uuid,
    next: () => {
      sent += 1;
      return sent;
    },
  };
}
