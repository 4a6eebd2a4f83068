import { laneShouldStop } from '../analysis/feasibility.ts';
import { isContended } from '../analysis/machine/contention.ts';
import { isMadeAtSlowPace } from '../analysis/machine/pace.ts';
import { messageOf } from '../base/errors.ts';
import { nameOf } from '../model/configuration.ts';
import type { LaneStep } from '../model/engine/step.ts';
import type { Warning } from '../model/warning.ts';
import { becameReady, callLane, endLane, type Lane, type LanePayloads } from './lane.ts';
import type { Measuring } from './measureOnce.ts';
import { allSettled } from './settled.ts';

type Calls = Extract<LaneStep, { kind: 'calls' }>;

/** The steps of one lane in one round. */
export async function performSteps(
  run: Measuring,
  lane: Lane,
  steps: readonly LaneStep[],
  payloads: LanePayloads,
): Promise<void> {
  const calls = steps.filter((step) => step.kind === 'calls');
  await allSettled(calls.map((step) => makeCalls(run, lane, step, payloads)));
  for (const step of steps) {
    if (step.kind === 'coldStarts') await makeColdStarts(run, lane, step.wanted, payloads);
  }
}

/**
 * One after another in one environment. Ends early when the lane turns out infeasible, the run stops, or the step has its
 * warm samples (an environment may have been warm from the start).
 */
async function makeCalls(run: Measuring, lane: Lane, step: Calls, payloads: LanePayloads): Promise<void> {
  const { further } = step;
  const isNew = !lane.environments.has(step.environment);
  const isFurther = isNew && step.environment > 0;
  // Alone, the call that is to open another environment would be served by the idle one.
  if (isFurther && further !== 'beside') {
    const isOpen = await openOwnVersion(run, lane, step);
    if (!isOpen && further === 'ownVersionOnly') return;
  }
  const warmWanted = isNew ? step.invocations - 1 : step.invocations;
  let warm = 0;
  let most = step.invocations;
  let { again } = step;
  for (let made = 0; made < most && (made === 0 || warm < warmWanted); made += 1) {
    const measurement = await callLane(run, lane, step.environment, payloads);
    if (measurement === undefined) return;
    const isBusy = isContended(measurement) || isMadeAtSlowPace(measurement, lane.measurements);
    if (measurement.start === 'warm' && isBusy && again > 0) {
      again -= 1;
      most += 1;
    } else if (measurement.start === 'warm') warm += 1;
    // The first call that was to be warm opened an environment, because a chain beside it took this one: made up for.
    else if (further === 'beside' && made === (isNew ? 1 : 0)) most += 1;
    const verdict = laneShouldStop([...lane.earlier, ...lane.measurements], lane.configuration, run.allowedErrors);
    if (verdict) endLane(run, lane, verdict);
    // Meant to open an environment beside the first one, but that one was idle (short calls, or one in flight at a time).
    const shared = made === 0 && isFurther && further === 'beside';
    if (shared && measurement.start === 'warm' && warm < warmWanted && !(await openedBeside(lane, step.environment))) {
      await openOwnVersion(run, lane, step);
    }
  }
}

/** Whether a chain whose environment was taken has opened another one with the call that was under way. */
async function openedBeside(lane: Lane, ordinal: number): Promise<boolean> {
  const others = [...lane.environments].filter(([other, { calls }]) => other !== ordinal && calls > 1);
  const calls = await Promise.allSettled(others.map(([, { latest }]) => latest));
  return calls.some((call) => call.status === 'fulfilled' && call.value?.start === 'cold');
}

/** False: refused. Where that may be, environments are what the service makes of them, and logs tell which was which. */
async function openOwnVersion(
  run: Measuring,
  lane: Lane,
  { environment, further }: Pick<Calls, 'environment' | 'further'>,
): Promise<boolean> {
  if (lane.deployment === undefined || lane.stopped || run.stop.aborted) return false;
  try {
    const deployment = await run.platform.renew(lane.deployment, run.stop);
    becameReady(lane, deployment, run.monotonicMs());
    lane.environments.set(environment, { deployment, calls: 0 });
    return true;
  } catch (error) {
    if (run.stop.aborted) return false;
    lane.refused += 1;
    const why = messageOf(error);
    // Said once where it is what keeps from a verdict, and of every environment that is shared for it.
    if (further !== 'ownVersionOnly' || lane.refused === 1) {
      run.onEvent({ kind: 'warning', warning: refusedWarning(run, lane, further, why) });
    }
    return false;
  }
}

function refusedWarning(run: Measuring, lane: Lane, further: Calls['further'], why: string): Warning {
  const name = run.name ?? nameOf(lane.configuration);
  return further === 'ownVersionOnly'
    ? {
        code: 'environmentsRefused',
        text: `No further environment can be opened for ${name}, and a verdict needs several hosts: ${why}`,
      }
    : { code: 'environmentShared', text: `A further environment could not be opened for ${name}: ${why}` };
}

/**
 * Restores of a version that has been restored before: a further version would be a further snapshot, which is restored
 * slowly at first and takes minutes to make. Calls side by side, as many more as environments may be idle there.
 */
async function makeLaterRestores(run: Measuring, lane: Lane, missing: number, payloads: LanePayloads): Promise<void> {
  const { deployment } = lane;
  if (deployment === undefined || missing <= 0) return;
  const own = [...lane.environments.values()].filter((one) => one.deployment === deployment).length;
  const first = Math.max(-1, ...lane.environments.keys()) + 1;
  const ordinals = Array.from({ length: missing + own }, (_, index) => first + index);
  for (const ordinal of ordinals) lane.environments.set(ordinal, { deployment, calls: 0 });
  await allSettled(ordinals.map((ordinal) => callLane(run, lane, ordinal, payloads)));
}

/**
 * A further version has no environments, so that calls side by side each open one. Stops after three versions that brought
 * fewer than asked.
 */
async function makeColdStarts(run: Measuring, lane: Lane, wanted: number, payloads: LanePayloads): Promise<void> {
  const made = () => [...lane.earlier, ...lane.measurements];
  const isRestored = made().some((one) => one.outcome !== 'unreported' && one.restoreDurationMs !== undefined);
  const missing = () => wanted - made().filter((one) => one.start === 'cold').length;
  if (isRestored) {
    const later = made().filter((one) => one.outcome !== 'unreported' && one.restored?.order === 'later').length;
    await makeLaterRestores(run, lane, wanted - later, payloads);
  }
  for (let versions = 0; versions < 3 && missing() > 0 && !lane.stopped && !run.stop.aborted; versions += 1) {
    const first = Math.max(-1, ...lane.environments.keys()) + 1;
    await openOwnVersion(run, lane, { environment: first, further: 'ownVersion' });
    const opened = lane.environments.get(first);
    if (opened === undefined) return;
    const ordinals = Array.from({ length: missing() }, (_, index) => first + index);
    for (const ordinal of ordinals) lane.environments.set(ordinal, { deployment: opened.deployment, calls: 0 });
    await allSettled(ordinals.map((ordinal) => callLane(run, lane, ordinal, payloads)));
  }
}
