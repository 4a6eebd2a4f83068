import type { Measurement } from '../model/measurement.ts';

/**
 * Names the execution environment of each measurement of one lane, given in the order they were made: the log stream where
 * the logs told it. A call that the logs do not show yet is put where the call before it in its chain was, unless it was a
 * cold start; without any logs the chain of calls stands for the environment, and every further cold start in it for
 * another one.
 */
export function nameEnvironments(
  measurements: readonly Measurement[],
  logStreams: ReadonlyMap<string, string>,
): readonly Measurement[] {
  const chains = new Map<string, { coldStarts: number; name: string }>();
  return measurements.map((measurement) => {
    const label = measurement.environment;
    const chain = chains.get(label) ?? { coldStarts: 0, name: label };
    chains.set(label, chain);
    if (measurement.start === 'cold') {
      chain.coldStarts += 1;
      chain.name = chain.coldStarts > 1 ? `${label}.${chain.coldStarts}` : label;
    }
    chain.name = logStreams.get(measurement.requestId) ?? chain.name;
    return { ...measurement, environment: chain.name };
  });
}
