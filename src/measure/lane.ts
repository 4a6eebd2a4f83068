import { isContended } from '../analysis/contention.ts';
import { laneShouldStop } from '../analysis/feasibility.ts';
import { type ErrorCode, TuneError } from '../base/errors.ts';
import { type Configuration, nameOf } from '../model/configuration.ts';
import type { Measurement, Payload } from '../model/measurement.ts';
import type { Deployment } from '../model/platform.ts';
import type { Step } from '../model/step.ts';
import { fillTemplate } from '../plan/payloads.ts';
import { endsEnvironment } from '../report-line/outcome.ts';
import { lostTooOften, type Measuring, measureOnce } from './measureOnce.ts';

/** Everything measured of one configuration, and whether it may still be called. */
export interface Lane {
  readonly configuration: Configuration;
  /** Of the run that this one continues: judged with the others, but neither paid nor named here. */
  readonly earlier: readonly Measurement[];
  readonly measurements: Measurement[];
  /** Set when the configuration is not called (again), with the reason that its row shows. */
  stopped?: { readonly kind: 'infeasible' | 'unmeasured'; readonly reason: string };
  deployment?: Deployment;
  /** By ordinal. */
  readonly environments: Map<number, LaneEnvironment>;
}

/** A chain of calls, one after another: one execution environment, as long as nothing else keeps the version busy. */
interface LaneEnvironment {
  /** The lane's, or a version of its own. */
  deployment: Deployment;
  calls: number;
  last?: Measurement;
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

export function newLane(configuration: Configuration, earlier: readonly Measurement[] = []): Lane {
  return { configuration, earlier, measurements: [], environments: new Map() };
}

export function prepareLanes(run: Measuring): LaneDeployments {
  const started = new Map<Lane, Promise<void>>();
  const deploy = async (lane: Lane, accepted?: () => void) => {
    lane.deployment = await run.platform.deploy(lane.configuration, run.stop, accepted);
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

/**
 * Makes the calls of one step, one after another in one environment. Ends early when the lane turns out infeasible, the
 * run stops, or the step has its warm samples (an environment may have been warm from the start). A call of a list that a busy
 * machine got in the way of is made again, up to half as many as were asked for.
 */
export async function runStep(
  run: Measuring,
  lane: Lane,
  step: Step,
  payloads: LanePayloads,
  opening: 'sideBySide' | 'alone',
): Promise<void> {
  const isNew = !lane.environments.has(step.environment);
  // Alone, the call that is to open another environment would be served by the idle one.
  if (isNew && step.environment > 0 && opening === 'alone') await ownVersion(run, lane, step.environment);
  const warmWanted = isNew ? step.invocations - 1 : step.invocations;
  let warm = 0;
  let most = step.invocations;
  // A race and a check ask for more by themselves when such calls do not count.
  let again = Math.ceil(warmWanted / 2);
  for (let made = 0; made < most && (made === 0 || warm < warmWanted); made += 1) {
    const measurement = await callLane(run, lane, step.environment, payloads);
    if (measurement === undefined) return;
    if (measurement.start === 'warm' && opening === 'sideBySide' && isContended(measurement) && again > 0) {
      again -= 1;
      most += 1;
    } else if (measurement.start === 'warm') warm += 1;
    // The first call that was to be warm opened an environment, because a chain beside it took this one: made up for.
    else if (opening === 'sideBySide' && made === (isNew ? 1 : 0)) most += 1;
    const verdict = laneShouldStop([...lane.earlier, ...lane.measurements], lane.configuration, run.allowedErrors);
    if (verdict) endLane(run, lane, verdict);
    // Meant to open an environment beside the first one, but that one was idle (short calls, or one in flight at a time).
    const shared = made === 0 && isNew && step.environment > 0 && opening === 'sideBySide';
    if (shared && measurement.start === 'warm' && warm < warmWanted && !(await openedBeside(lane, step.environment))) {
      await ownVersion(run, lane, step.environment);
    }
  }
}

/** Whether a chain whose environment was taken has opened another one with the call that was under way. */
async function openedBeside(lane: Lane, ordinal: number): Promise<boolean> {
  const others = [...lane.environments].filter(([other, { calls }]) => other !== ordinal && calls > 1);
  const calls = await Promise.allSettled(others.map(([, { latest }]) => latest));
  return calls.some((call) => call.status === 'fulfilled' && call.value?.start === 'cold');
}

/** Where no further version can be published, environments are what the service makes of them; logs tell which was which. */
async function ownVersion(run: Measuring, lane: Lane, environment: number): Promise<void> {
  if (lane.deployment === undefined || lane.stopped || run.stop.aborted) return;
  try {
    const deployment = await run.platform.renew(lane.deployment, run.stop);
    lane.environments.set(environment, { deployment, calls: 0 });
  } catch (error) {
    if (run.stop.aborted) return;
    const why = error instanceof Error ? error.message : String(error);
    const text = `A further environment could not be opened for ${nameOf(lane.configuration)}: ${why}`;
    run.onEvent({ kind: 'warning', warning: { code: 'environmentShared', text } });
  }
}

/**
 * Cold starts on purpose: a further version has no environments, so that calls side by side each open one.
 * Stops after three versions that brought fewer than asked.
 */
export async function makeColdStarts(
  run: Measuring,
  lane: Lane,
  wanted: number,
  payloads: LanePayloads,
): Promise<void> {
  const missing = () => wanted - [...lane.earlier, ...lane.measurements].filter(({ start }) => start === 'cold').length;
  for (let versions = 0; versions < 3 && missing() > 0 && !lane.stopped && !run.stop.aborted; versions += 1) {
    const first = Math.max(-1, ...lane.environments.keys()) + 1;
    await ownVersion(run, lane, first);
    const opened = lane.environments.get(first);
    if (opened === undefined) return;
    const ordinals = Array.from({ length: missing() }, (_, index) => first + index);
    for (const ordinal of ordinals) lane.environments.set(ordinal, { deployment: opened.deployment, calls: 0 });
    const calls = await Promise.allSettled(ordinals.map((ordinal) => callLane(run, lane, ordinal, payloads)));
    for (const call of calls) if (call.status === 'rejected') throw call.reason;
  }
}

/** One invocation of the lane. Undefined: nothing was sent, because the lane or the run has ended. */
export async function callLane(
  run: Measuring,
  lane: Lane,
  ordinal: number,
  payloads: LanePayloads,
): Promise<Measurement | undefined> {
  if (lane.deployment === undefined || lane.stopped || run.stop.aborted) return undefined;
  const environment = lane.environments.get(ordinal) ?? { deployment: lane.deployment, calls: 0 };
  lane.environments.set(ordinal, environment);
  // The first call is the cold one. Cold starts are dealt over the payloads by themselves, warm calls from the first on.
  const payload = payloads.sequence(environment.calls === 0 ? ordinal : environment.calls - 1);
  const body = payloads.template
    ? fillTemplate(payload.body, { uuid: payloads.uuid(), n: payloads.next() })
    : payload.body;
  environment.calls += 1;
  environment.latest = measureOnce(run, environment.deployment, {
    plannedStart: environment.calls === 1 ? 'cold' : 'warm',
    environment: String(ordinal + 1),
    ...(payloads.named ? { payload: payload.name } : {}),
    body,
    afterEnvironmentEnd: environment.last !== undefined && endsEnvironment(environment.last),
  });
  const measurement = await environment.latest;
  if (measurement === undefined) return undefined;
  environment.last = measurement;
  lane.measurements.push(measurement);
  run.onEvent({ kind: 'measured', configuration: lane.configuration, measurement, spentUsd: run.ledger.spentUsd });
  const lost = run.stop.aborted ? undefined : lostTooOften(run);
  if (lost) throw lost;
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
