import { type Configuration, keyOf } from '../model/configuration.ts';
import type { RunEvent, Stage } from '../model/engine/events.ts';
import { advanceEta, type Eta, startEta } from './eta.ts';

/** What a run is expected to take; told once its plan is made. */
export interface Expectation {
  readonly calls: number;
  /** false: it ends when it has its answer, with fewer calls or more. */
  readonly isFixed: boolean;
  /** Of each configuration, where all get the same. */
  readonly callsEach?: number | undefined;
  readonly estimateUsd?: number;
  readonly capUsd?: number | undefined;
}

/** All that a view shows of a run; pure data, so that a stream of events can be replayed in a test. */
export interface ProgressState {
  readonly stage: Stage;
  readonly startedMs: number;
  readonly expectation?: Expectation;
  readonly done: number;
  readonly spentUsd: number;
  readonly throttles: number;
  readonly inFlightLimit?: number;
  readonly copies: Copies;
  readonly leftBehind: number;
  readonly lanes: ReadonlyMap<string, LaneProgress>;
  readonly eta?: Eta | undefined;
  /** Interrupted: the planned calls are not made any more. */
  readonly isStopping?: true;
}

/** Names of the shadow functions of this run; log groups, versions and staged objects are not counted. */
interface Copies {
  readonly made: ReadonlySet<string>;
  readonly ready: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

/** One configuration of one function. */
export interface LaneProgress {
  readonly functionName?: string | undefined;
  readonly configuration: Configuration;
  readonly done: number;
  /** Warm calls that succeeded, and the sum of their durations. */
  readonly succeeded: number;
  readonly sumMs: number;
  readonly hasEnded: boolean;
}

export function openState(stage: Stage, nowMs: number): ProgressState {
  return {
    stage,
    startedMs: nowMs,
    done: 0,
    spentUsd: 0,
    throttles: 0,
    copies: { made: new Set(), ready: new Set(), removed: new Set() },
    leftBehind: 0,
    lanes: new Map(),
  };
}

export function reduce(state: ProgressState, event: RunEvent, nowMs: number): ProgressState {
  switch (event.kind) {
    case 'stage':
      return { ...state, stage: event.stage, eta: event.stage === 'measure' ? startEta(nowMs) : state.eta };
    case 'account':
      return { ...state, copies: countCopy(state.copies, event) };
    case 'measured': {
      const { measurement } = event;
      const isWarmSuccess = measurement.outcome === 'succeeded' && measurement.start === 'warm';
      const counted = { ...state, done: state.done + 1, spentUsd: event.spentUsd };
      return tick(
        withLane(counted, event, (lane) => ({
          ...lane,
          done: lane.done + 1,
          succeeded: lane.succeeded + (isWarmSuccess ? 1 : 0),
          sumMs: lane.sumMs + (isWarmSuccess ? measurement.durationMs : 0),
        })),
        nowMs,
      );
    }
    case 'throttled':
      return { ...state, throttles: state.throttles + 1, inFlightLimit: event.inFlightLimit };
    case 'laneEnded':
      return withLane(state, event, (lane) => ({ ...lane, hasEnded: true }));
    case 'leftBehind':
      return { ...state, leftBehind: event.items.length };
    case 'warning':
      return state;
  }
}

/** Lets time pass. */
export function tick(state: ProgressState, nowMs: number): ProgressState {
  const left = callsLeft(state);
  if (state.eta === undefined || left === undefined) return state;
  return { ...state, eta: advanceEta(state.eta, { nowMs, done: state.done, left }) };
}

/** What is planned now: a configuration that cannot work is not called to its end. */
export function callsPlanned({ expectation, lanes }: ProgressState): number | undefined {
  if (expectation === undefined) return undefined;
  const { callsEach } = expectation;
  if (callsEach === undefined) return expectation.calls;
  const spared = [...lanes.values()].map((lane) => (lane.hasEnded ? Math.max(0, callsEach - lane.done) : 0));
  return Math.max(0, expectation.calls - spared.reduce((sum, calls) => sum + calls, 0));
}

/** Undefined when nobody can say: a race that has made more calls than such races usually take. */
function callsLeft(state: ProgressState): number | undefined {
  const planned = callsPlanned(state);
  if (planned === undefined) return undefined;
  if (state.expectation?.isFixed === false && state.done >= planned) return undefined;
  return planned - state.done;
}

function countCopy(copies: Copies, event: Extract<RunEvent, { kind: 'account' }>): Copies {
  // `/aws/lambda/…`, `s3://…` and `name:version` are not functions.
  if (/[/:]/.test(event.name)) return copies;
  switch (event.action) {
    case 'created':
      return { ...copies, made: new Set([...copies.made, event.name]) };
    case 'ready':
      return { ...copies, ready: new Set([...copies.ready, event.name]) };
    case 'removed':
      // Also one whose creation was never answered.
      return {
        ...copies,
        made: new Set([...copies.made, event.name]),
        removed: new Set([...copies.removed, event.name]),
      };
    case 'creating':
    case 'removing':
      return copies;
  }
}

function withLane(
  state: ProgressState,
  {
    configuration,
    functionName,
  }: { readonly configuration: Configuration; readonly functionName?: string | undefined },
  change: (lane: LaneProgress) => LaneProgress,
): ProgressState {
  const key = `${functionName ?? ''} ${keyOf(configuration)}`;
  const lane = state.lanes.get(key) ?? {
    functionName,
    configuration,
    done: 0,
    succeeded: 0,
    sumMs: 0,
    hasEnded: false,
  };
  return { ...state, lanes: new Map([...state.lanes, [key, change(lane)]]) };
}
