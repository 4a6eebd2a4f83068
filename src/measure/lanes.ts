import { asAnswers } from '../analysis/expectedErrors.ts';
import { laneShouldStop } from '../analysis/feasibility.ts';
import { sameConfiguration } from '../model/configuration.ts';
import type { Step } from '../model/step.ts';
import type { ContinuedRun } from '../plan/continueRun.ts';
import type { Plan } from '../plan/plan.ts';
import type { LaneSoFar } from '../search/sampling.ts';
import { type Lane, newLane } from './lane.ts';

/** All lanes of a run together: which there are, what is known of them, and which steps are whose. */

/**
 * A list is known from the start; a race begins with its reference and finds out about the rest. What an earlier run
 * measured is there from the start, too.
 */
export function firstLanes(
  { sampling, configurations, reference }: Plan,
  continued: ContinuedRun | undefined,
  allowedErrors: readonly string[],
): Lane[] {
  const earlier = continued?.lanes ?? [];
  const known = sampling.kind === 'full' ? configurations : [reference];
  const further = earlier
    .map(({ configuration }) => configuration)
    .filter((one) => !known.some((other) => sameConfiguration(one, other)));
  return [...known, ...further].map((configuration) => {
    const own = earlier.find((one) => sameConfiguration(one.configuration, configuration))?.measurements ?? [];
    const stopped = laneShouldStop(own, configuration, allowedErrors);
    return { ...newLane(configuration, own), ...(stopped === undefined ? {} : { stopped }) };
  });
}

/** Lanes that may be judged: called, or known to be of no use. */
export function lanesSoFar(lanes: readonly Lane[], allowedErrors: readonly string[]): readonly LaneSoFar[] {
  return lanes
    .filter(({ earlier, measurements, stopped }) => earlier.length + measurements.length > 0 || stopped !== undefined)
    .map((lane) => {
      const earlier = asAnswers(lane.earlier, allowedErrors);
      return {
        configuration: lane.configuration,
        measurements: [...earlier, ...asAnswers(lane.measurements, allowedErrors)],
        environments: Math.max(
          new Set(earlier.map(({ environment }) => environment)).size,
          ...[...lane.environments.keys()].map((ordinal) => ordinal + 1),
        ),
        ...(lane.stopped === undefined ? {} : { infeasible: lane.stopped.reason }),
        made: lane.measurements.length,
        earlierWarm: earlier.filter(({ start, outcome }) => start === 'warm' && outcome === 'succeeded').length,
      };
    });
}

/** Grows with every call and every lane that ends: a round without either would be repeated for ever. */
export function progressOf(lanes: readonly Lane[]): number {
  return lanes.reduce((sum, { measurements, stopped }) => sum + measurements.length + (stopped ? 1 : 0), 0);
}

export function missesColdStarts({ earlier, measurements, stopped }: Lane, wanted: number | undefined): boolean {
  const made = [...earlier, ...measurements];
  return (
    wanted !== undefined &&
    stopped === undefined &&
    made.length > 0 &&
    made.filter(({ start }) => start === 'cold').length < wanted
  );
}

/** The steps of each lane together, in order; a configuration that is called for the first time gets its lane. */
export function byLane(steps: readonly Step[], lanes: Lane[]): readonly (readonly [Lane, readonly Step[]])[] {
  const grouped = new Map<Lane, Step[]>();
  for (const step of steps) {
    const known = lanes.find((lane) => sameConfiguration(lane.configuration, step.configuration));
    const lane = known ?? newLane(step.configuration);
    if (known === undefined) lanes.push(lane);
    grouped.set(lane, [...(grouped.get(lane) ?? []), step]);
  }
  return [...grouped];
}
