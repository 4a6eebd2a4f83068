import type { LaneSoFar } from '../model/engine/sampler.ts';
import type { LaneStep } from '../model/engine/step.ts';
import type { Batch } from './sampling.ts';

/** A refusal may be a bad moment; the second one is believed. */
const refusalsBelieved = 2;

/** No further environment can be had: in so many rounds one was refused. `before`: the lane as each round found it. */
export function cannotOpen(lane: LaneSoFar, before: readonly LaneSoFar[]): boolean {
  const counts = [...before, lane].map(({ refused }) => refused);
  return counts.filter((count, round) => round > 0 && count > (counts[round - 1] ?? 0)).length >= refusalsBelieved;
}

/**
 * New environments each on a version of their own (a call beside others on one version may be served by any that is idle, and
 * the gate must know which is which); else the samples are dealt over those that are open. Samples of an environment that
 * is refused are not taken: in the environment of another they would pass for a host of their own.
 */
export function batchSteps(lane: LaneSoFar, before: readonly LaneSoFar[], batch: Batch): readonly LaneStep[] {
  const { samples } = batch;
  if (samples === 0) return [];
  const newEnvironments = cannotOpen(lane, before) ? 0 : batch.newEnvironments;
  const opened = lane.environments;
  const next = Math.max(-1, ...opened) + 1;
  const further = Array.from({ length: newEnvironments }, (_, index) => next + index);
  // The reference call opened the first environment; it counts as one of the new ones as long as it has no warm sample.
  const isUnused = lane.measurements.length === 1 && newEnvironments > 0;
  const ordinals = newEnvironments === 0 ? opened : isUnused ? [0, ...further.slice(0, -1)] : further;
  return ordinals.flatMap((environment, index): readonly LaneStep[] => {
    const share = Math.floor(samples / ordinals.length) + (index < samples % ordinals.length ? 1 : 0);
    const invocations = opened.includes(environment) ? share : share + 1;
    const { configuration } = lane;
    return share === 0
      ? []
      : [{ kind: 'calls', configuration, environment, invocations, further: 'ownVersionOnly', again: 0 }];
  });
}
