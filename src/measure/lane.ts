import { type ErrorCode, TuneError } from '../base/errors.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Payload } from '../model/payload.ts';
import type { Deployment } from '../model/platform.ts';
import { fillTemplate } from '../plan/payloads/template.ts';
import { endsEnvironment } from '../report-line/outcome.ts';
import { hookedCall } from './hookedCall.ts';
import { lostTooOften, type Measuring } from './measureOnce.ts';
import type { KnownLane, LaneStop } from './subject.ts';

/** Everything measured of one configuration, and whether it may still be called. */
export interface Lane extends KnownLane {
  readonly measurements: Measurement[];
  stopped?: LaneStop | undefined;
  deployment?: Deployment;
  /** By ordinal. */
  readonly environments: Map<number, LaneEnvironment>;
  /** Versions with environments that were restored from a snapshot, and since when each version could be called. */
  readonly restored: Map<string, { readonly readyMs: number; restores: number }>;
  /** Further environments that were refused. */
  refused: number;
}

/** A chain of calls, one after another: one execution environment, as long as nothing else keeps the version busy. */
interface LaneEnvironment {
  /** The lane's, or a version of its own. */
  deployment: Deployment;
  calls: number;
  last?: Measurement;
  /** When the last call had its answer. */
  endedMs?: number;
  /** The latest call; settled when none is under way. */
  latest?: Promise<Measurement | undefined>;
}

export interface LanePayloads {
  /** The n-th payload of an environment: the same order everywhere, by weight. */
  readonly sequence: (n: number) => Payload;
  readonly named: boolean;
  readonly template: boolean;
  readonly uuid: () => string;
  /** Running number over the whole run, for `{{n}}`. */
  next(): number;
}

export interface LaneDeployments {
  /**
   * Starts the deployment of the lane unless it was started before, and waits until it can be invoked. `accepted` is called
   * when its copy was made, though perhaps not ready yet.
   */
  of(lane: Lane, accepted?: () => void): Promise<void>;
}

export function newLane({ configuration, earlier, stopped }: KnownLane): Lane {
  return {
    configuration,
    earlier,
    stopped,
    measurements: [],
    environments: new Map(),
    restored: new Map(),
    refused: 0,
  };
}

export function prepareLanes(run: Measuring): LaneDeployments {
  const started = new Map<Lane, Promise<void>>();
  const deploy = async (lane: Lane, accepted?: () => void) => {
    lane.deployment = await run.platform.deploy(lane.configuration, run.stop, accepted);
    becameReady(lane, lane.deployment, run.monotonicMs());
  };
  return {
    of(lane, accepted) {
      const existing = started.get(lane);
      if (existing) return existing;
      const deployment = deploy(lane, accepted);
      // Started ahead of its use: whoever waits for it meets the error.
      deployment.catch(() => undefined);
      started.set(lane, deployment);
      return deployment;
    },
  };
}

/** One invocation of the lane. Undefined: nothing was sent, because the lane or the run has ended. */
export async function callLane(
  run: Measuring,
  lane: Lane,
  ordinal: number,
  payloads: LanePayloads,
): Promise<Measurement | undefined> {
  if (lane.deployment === undefined || lane.stopped || run.stop.aborted) return undefined;
  await pauseBefore(run, lane.environments.get(ordinal));
  if (lane.stopped || run.stop.aborted) return undefined;
  const environment = lane.environments.get(ordinal) ?? { deployment: lane.deployment, calls: 0 };
  lane.environments.set(ordinal, environment);
  // The first call is the cold one. Cold starts are dealt over the payloads by themselves, warm calls from the first on.
  const payload = payloads.sequence(environment.calls === 0 ? ordinal : environment.calls - 1);
  const body = payloads.template
    ? fillTemplate(payload.body, { uuid: payloads.uuid(), n: payloads.next() })
    : payload.body;
  environment.calls += 1;
  const version = lane.restored.get(versionKey(environment.deployment));
  const restore = version && restoredNow(version, run.monotonicMs());
  environment.latest = hookedCall(run, environment.deployment, {
    plannedStart: environment.calls === 1 ? 'cold' : 'warm',
    environment: String(ordinal + 1),
    payload: payloads.named ? payload.name : undefined,
    body,
    afterEnvironmentEnd: environment.last !== undefined && endsEnvironment(environment.last),
  });
  const measured = await environment.latest;
  environment.endedMs = run.monotonicMs();
  const measurement = measured && withRestore(measured, restore, version);
  if (measurement === undefined) return undefined;
  environment.last = measurement;
  lane.measurements.push(measurement);
  run.onEvent({ kind: 'measured', configuration: lane.configuration, measurement, spentUsd: run.ledger.spentUsd });
  const lost = run.stop.aborted ? undefined : lostTooOften(run);
  if (lost) throw lost;
  return measurement;
}

/** A version of this lane can be called from now on. */
export function becameReady(lane: Lane, deployment: Deployment, readyMs: number): void {
  lane.restored.set(versionKey(deployment), { readyMs, restores: 0 });
}

function versionKey({ functionName, version }: Deployment): string {
  return `${functionName}:${version}`;
}

type Restored = NonNullable<Extract<Measurement, { outcome: 'succeeded' }>['restored']>;

/** What a restore would be that begins now. */
function restoredNow({ readyMs, restores }: { readonly readyMs: number; restores: number }, nowMs: number): Restored {
  return { order: restores > 0 ? 'later' : 'first', sinceReadyMs: Math.max(0, Math.round(nowMs - readyMs)) };
}

/** Only Lambda tells that an environment was restored: in the REPORT. */
function withRestore(
  measurement: Measurement,
  restored: Restored | undefined,
  version: { restores: number } | undefined,
): Measurement {
  if (measurement.outcome === 'unreported' || measurement.restoreDurationMs === undefined) return measurement;
  if (version !== undefined) version.restores += 1;
  return restored === undefined ? measurement : { ...measurement, restored };
}

/** Whoever is called by the function has time to settle; what has passed since the last answer counts. */
async function pauseBefore(run: Measuring, environment: LaneEnvironment | undefined): Promise<void> {
  if (run.pauseMs === 0 || environment?.endedMs === undefined) return;
  const leftMs = environment.endedMs + run.pauseMs - run.monotonicMs();
  if (leftMs > 0) await run.sleep(leftMs, run.stop);
}

/** Errors that concern the whole run (credentials, permissions, the network, this machine), not one configuration. */
const runEnding: ReadonlySet<ErrorCode> = new Set([
  'ACCESS_DENIED',
  'CREDENTIALS',
  'UNREACHABLE',
  'THROTTLED',
  'STATE_DIRECTORY',
  'HOOK',
]);

/** An error of one lane is that lane's row; what concerns the whole run is passed on. */
export function stopLane(run: Measuring, lane: Lane, error: unknown, fail: (error: unknown) => void): void {
  if (!(error instanceof TuneError) || runEnding.has(error.code)) fail(error);
  else endLane(run, lane, { kind: 'unmeasured', reason: error.message, error });
}

export function endLane(run: Measuring, lane: Lane, stopped: LaneStop): void {
  if (lane.stopped) return;
  lane.stopped = stopped;
  run.onEvent({ kind: 'laneEnded', configuration: lane.configuration, reason: stopped.reason });
}
