import type { Measurement } from '../model/measurement.ts';
import { median } from '../stats/moments.ts';
import { fallsAtFirst, type Series, type SteadyPart, steadyPartOf } from '../stats/steadyState.ts';
import { isSucceeded, type PayloadShare, type Succeeded } from './summarize.ts';

/**
 * Code that is compiled while it is used (Java, .NET, Node) answers its first warm calls slower than the later ones, and a
 * function in production is in that part for a short time only. Where a run shows that, its sizes are judged by what comes
 * after it. Asked once of a run: everything that compares warm calls leaves the same ones out. Method, source and where it fails:
 * stats/steadyState.ts.
 */

type Calls = readonly Measurement[];

/** One for each lane; undefined where all of its warm calls are judged. `isExpected`: the runtime is known to compile in use. Calls of an environment are in the order in which they were made. */
export function steadyPartsOf(
  lanes: readonly { readonly measurements: Calls }[],
  payloads: readonly PayloadShare[] = [],
  isExpected = false,
): readonly (SteadyPart | undefined)[] {
  const all = lanes.map(({ measurements }) => seriesOf(measurements, payloads));
  // Where it is expected, sizes that take their time (as small ones do, which are compiled last) hide none that falls by itself.
  const falls =
    fallsAtFirst(all.flat(), isExpected) || (isExpected && all.some((series) => fallsAtFirst(series, true)));
  if (!falls) return lanes.map(() => undefined);
  return all.map((series) => {
    if (series.length === 0) return undefined;
    const part = steadyPartOf(series, isExpected);
    return part.after === 0 && part.isReached ? undefined : part;
  });
}

/** Whether its part, above, is reached wherever it is asked for: known before anything is of the other lanes. */
export function isSteadyByItself(
  measurements: Calls,
  payloads: readonly PayloadShare[] = [],
  isExpected = false,
): boolean {
  const series = seriesOf(measurements, payloads);
  return series.length === 0 || steadyPartOf(series, isExpected).isReached;
}

/** Without the first so many warm calls of each environment. */
export function withoutFirstWarm(measurements: Calls, after: number): Calls {
  if (after === 0) return measurements;
  const made = new Map<string, number>();
  return measurements.filter((call) => {
    if (!isWarmAnswer(call)) return true;
    const before = made.get(call.environment) ?? 0;
    made.set(call.environment, before + 1);
    return before >= after;
  });
}

/** Durations of each environment's warm answers; those of payloads in units of their own median. */
function seriesOf(measurements: Calls, payloads: readonly PayloadShare[]): readonly Series[] {
  const answers = measurements.filter(isWarmAnswer);
  const unitOf = new Map<string | undefined, number>();
  if (payloads.length > 1) {
    for (const name of new Set(answers.map(({ payload }) => payload))) {
      unitOf.set(name, median(answers.filter(({ payload }) => payload === name).map(({ durationMs }) => durationMs)));
    }
  }
  const byEnvironment = new Map<string, number[]>();
  for (const { environment, durationMs, payload } of answers) {
    const value = durationMs / (unitOf.get(payload) || 1);
    const values = byEnvironment.get(environment);
    if (values === undefined) byEnvironment.set(environment, [value]);
    else values.push(value);
  }
  return [...byEnvironment.values()];
}

function isWarmAnswer(call: Measurement): call is Succeeded {
  return call.start === 'warm' && isSucceeded(call);
}
