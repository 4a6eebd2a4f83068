import { laneShouldStop } from './domain/feasibility.ts';
import type { Configuration, Measurement, Payload } from './domain/model.ts';
import { endsEnvironment } from './domain/outcome.ts';
import { fillTemplate } from './domain/payloads.ts';
import type { Deployment } from './domain/platform.ts';
import type { Step } from './domain/steps.ts';
import { type ErrorCode, TuneError } from './errors.ts';
import { type Measuring, measureOnce } from './measureOnce.ts';

/** Everything measured of one configuration, and whether it may still be called. */
export interface Lane {
  readonly configuration: Configuration;
  readonly measurements: Measurement[];
  /** Set when the configuration is not called (again), with the reason that its row shows. */
  stopped?: { readonly kind: 'infeasible' | 'unmeasured'; readonly reason: string };
  deployment?: Deployment;
  /** Each environment's calls so far (the first opens it), and the last of them. */
  readonly calls: Map<number, { readonly count: number; readonly last?: Measurement }>;
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
  /** Starts the deployment of the lane unless it was started before, and waits until it can be invoked. */
  of(lane: Lane): Promise<void>;
}

export function newLane(configuration: Configuration): Lane {
  return { configuration, measurements: [], calls: new Map() };
}

export function prepareLanes(run: Measuring): LaneDeployments {
  const started = new Map<Lane, Promise<void>>();
  const deploy = async (lane: Lane) => {
    lane.deployment = await run.platform.deploy(lane.configuration, run.stop);
  };
  return {
    of(lane) {
      const existing = started.get(lane);
      if (existing) return existing;
      const deployment = deploy(lane);
      // Started ahead of its use: whoever waits for it meets the error.
      deployment.catch(() => undefined);
      started.set(lane, deployment);
      return deployment;
    },
  };
}

/**
 * Makes the calls of one step, one after another in one environment. Ends early when the lane turns out infeasible, the
 * run stops, or the step has its warm samples (an environment may have been warm from the start).
 */
export async function runStep(run: Measuring, lane: Lane, step: Step, payloads: LanePayloads): Promise<void> {
  const opening = !lane.calls.has(step.environment);
  const warmWanted = opening ? step.invocations - 1 : step.invocations;
  let warm = 0;
  for (let made = 0; made < step.invocations && (made === 0 || warm < warmWanted); made += 1) {
    const measurement = await callLane(run, lane, step.environment, payloads);
    if (measurement === undefined) return;
    if (measurement.start === 'warm') warm += 1;
    const verdict = laneShouldStop(lane.measurements, lane.configuration);
    if (verdict) endLane(run, lane, verdict);
  }
}

/** One invocation of the lane. Undefined: nothing was sent, because the lane or the run has ended. */
export async function callLane(
  run: Measuring,
  lane: Lane,
  environment: number,
  payloads: LanePayloads,
): Promise<Measurement | undefined> {
  const { deployment } = lane;
  if (deployment === undefined || lane.stopped || run.stop.aborted) return undefined;
  const before = lane.calls.get(environment) ?? { count: 0 };
  const called = before.count;
  lane.calls.set(environment, { ...before, count: called + 1 });
  const payload = payloads.sequence(called);
  const body = payloads.template
    ? fillTemplate(payload.body, { uuid: payloads.uuid(), n: payloads.next() })
    : payload.body;
  const measurement = await measureOnce(run, deployment, {
    plannedStart: called === 0 ? 'cold' : 'warm',
    environment: String(environment + 1),
    ...(payloads.named ? { payload: payload.name } : {}),
    body,
    afterEnvironmentEnd: before.last !== undefined && endsEnvironment(before.last),
  });
  if (measurement === undefined) return undefined;
  lane.calls.set(environment, { count: called + 1, last: measurement });
  lane.measurements.push(measurement);
  run.onEvent({ kind: 'measured', configuration: lane.configuration, measurement, spentUsd: run.ledger.spentUsd });
  return measurement;
}

/** Errors that concern the whole run (credentials, permissions, the network, this machine), not one configuration. */
const runEnding: ReadonlySet<ErrorCode> = new Set([
  'ACCESS_DENIED',
  'CREDENTIALS',
  'UNREACHABLE',
  'THROTTLED',
  'STATE_DIRECTORY',
]);

/** An error of one lane is that lane's row; what concerns the whole run is passed on. */
export function stopLane(run: Measuring, lane: Lane, error: unknown, fail: (error: unknown) => void): void {
  if (!(error instanceof TuneError) || runEnding.has(error.code)) fail(error);
  else endLane(run, lane, { kind: 'unmeasured', reason: error.message });
}

function endLane(run: Measuring, lane: Lane, stopped: NonNullable<Lane['stopped']>): void {
  if (lane.stopped) return;
  lane.stopped = stopped;
  run.onEvent({ kind: 'laneEnded', configuration: lane.configuration, reason: stopped.reason });
}
