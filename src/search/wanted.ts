import { type Configuration, findMadeOf, keyOf } from '../model/configuration.ts';
import type { Step } from '../model/engine/step.ts';
import type { SizeSoFar } from './options.ts';

/** Warm calls that some part of the search asks for. */
export interface Wanted {
  readonly configuration: Configuration;
  readonly calls: number;
  /** In an environment that does not exist yet, which costs a cold start. */
  readonly newEnvironment: boolean;
}

/** One step per configuration: where several ask for one, the largest wish. */
export function stepsOf(wanted: readonly Wanted[], measured: readonly SizeSoFar[]): readonly Step[] {
  const merged = new Map<string, Wanted>();
  for (const wish of wanted) {
    const key = keyOf(wish.configuration);
    const other = merged.get(key);
    merged.set(key, {
      configuration: wish.configuration,
      calls: Math.max(wish.calls, other?.calls ?? 0),
      newEnvironment: wish.newEnvironment || (other?.newEnvironment ?? false),
    });
  }
  return [...merged.values()].map(({ configuration, calls, newEnvironment }) => {
    const known = findMadeOf(measured, configuration);
    const opened = known?.environments ?? 0;
    return newEnvironment || known === undefined || opened === 0
      ? { configuration, environment: opened, invocations: calls + 1 }
      : { configuration, environment: leastCalled(known), invocations: calls };
  });
}

/** The environment with the fewest calls, so that several weigh alike in the end. */
function leastCalled({ measurements, environments }: SizeSoFar): number {
  const calls = new Map<string, number>();
  for (const { environment } of measurements) calls.set(environment, (calls.get(environment) ?? 0) + 1);
  // Names may come from the logs; they can be matched with chains only where there are as many, in order of appearance.
  if (calls.size !== environments) return measurements.length % environments;
  const counts = [...calls.values()];
  return counts.indexOf(Math.min(...counts));
}
