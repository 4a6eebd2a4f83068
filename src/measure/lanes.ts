import { findMadeOf } from '../model/configuration.ts';
import type { LaneSoFar } from '../model/engine/sampler.ts';
import type { LaneStep } from '../model/engine/step.ts';
import { type Lane, newLane } from './lane.ts';

/** A lane as it is now; what is measured later does not change it. */
export function laneSoFar(lane: Lane): LaneSoFar {
  const { configuration, earlier, measurements, environments, refused, stopped } = lane;
  return {
    configuration,
    earlier,
    measurements: [...measurements],
    environments: [...environments.keys()].sort((one, other) => one - other),
    refused,
    stopped: stopped?.reason,
  };
}

/** The steps of each lane together, in order; a configuration that is named for the first time gets its lane. */
export function byLane(steps: readonly LaneStep[], lanes: Lane[]): ReadonlyMap<Lane, readonly LaneStep[]> {
  const grouped = new Map<Lane, LaneStep[]>();
  for (const step of steps) {
    const known = findMadeOf(lanes, step.configuration);
    const lane = known ?? newLane({ configuration: step.configuration, earlier: [] });
    if (known === undefined) lanes.push(lane);
    grouped.set(lane, [...(grouped.get(lane) ?? []), step]);
  }
  return grouped;
}
