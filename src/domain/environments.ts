import type { Measurement } from './model.ts';

/**
 * Names the execution environment of each measurement of one lane, given in the order they were made: the log stream where
 * the logs told it, else the chain of calls, where every further cold start began another environment.
 */
export function nameEnvironments(
  measurements: readonly Measurement[],
  logStreams: ReadonlyMap<string, string>,
): readonly Measurement[] {
  const coldStarts = new Map<string, number>();
  return measurements.map((measurement) => {
    const chain = measurement.environment;
    if (measurement.start === 'cold') coldStarts.set(chain, (coldStarts.get(chain) ?? 0) + 1);
    const opened = coldStarts.get(chain) ?? 0;
    const byChain = opened > 1 ? `${chain}.${opened}` : chain;
    return { ...measurement, environment: logStreams.get(measurement.requestId) ?? byChain };
  });
}
