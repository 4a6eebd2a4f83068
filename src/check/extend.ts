import type { Measurement } from '../model/measurement.ts';

/**
 * A side as it would look with more calls that behave like those it has. For planning only: nothing shown is made of it. Method: its own
 * calls again (Efron's bootstrap, 1979, in order instead of drawn, so that the same data get the same answer), dealt over environments.
 * Where it fails: environments that were met are mixed with each other, so that hosts look alike in it, and what hosts add is left
 * to the belief (baselineSize.ts is sized for more than that); a tail that was not met does not come.
 *
 * Two ways, for what is asked: `extended` mixes environments, so that sizes can be told before there are many (baselineSize.ts, whose
 * numbers come from it); `extendedByEnvironment` copies them, because mixed ones would all be of a kind between the two that
 * hosts are known to come in (suggestion.ts).
 */
export interface SideSize {
  /** Warm samples, failed ones included. */
  readonly samples: number;
  readonly environments: number;
}

/**
 * The side's own calls again and again, dealt over environments: scatter and failures stay what they are, only their number
 * grows. A side that is larger already is left as it is.
 */
export function extended(side: readonly Measurement[], { samples, environments }: SideSize): readonly Measurement[] {
  const trials = side.filter((one) => one.outcome !== 'unreported' && !isColdSuccess(one));
  const starts = side.filter(isColdSuccess);
  const opened = new Set(trials.map(({ environment }) => environment)).size;
  const size = { samples: Math.max(samples, trials.length), environments: Math.max(environments, opened) };
  if (size.samples === trials.length && size.environments === opened) return side;
  return [
    ...dealt(trials, size.samples, size.environments),
    ...dealt(starts, Math.max(starts.length, size.environments), size.environments),
  ];
}

/**
 * The same, each environment by itself: further ones are copies of those that were met, so that hosts of two kinds stay of two kinds, and
 * in the mix that was met.
 */
export function extendedByEnvironment(
  side: readonly Measurement[],
  { samples, environments }: SideSize,
): readonly Measurement[] {
  const served = new Map<string, Measurement[]>();
  for (const call of side) {
    if (call.outcome === 'unreported') continue;
    const own = served.get(call.environment);
    if (own === undefined) served.set(call.environment, [call]);
    else own.push(call);
  }
  const met = [...served.values()].filter((calls) => calls.some((call) => !isColdSuccess(call)));
  if (met.length === 0) return side;
  const count = Math.max(environments, met.length);
  return Array.from({ length: count }, (_, index) => {
    const own = met[index % met.length] ?? [];
    const trials = own.filter((call) => !isColdSuccess(call));
    const wanted = Math.max(index < met.length ? trials.length : 0, Math.ceil((samples - index) / count));
    const repeated = Array.from({ length: wanted }, (__, nth) => trials[nth % trials.length] as Measurement);
    return [...own.filter(isColdSuccess), ...repeated].map((call) => ({ ...call, environment: `extended ${index}` }));
  }).flat();
}

function isColdSuccess({ outcome, start }: Measurement): boolean {
  return outcome === 'succeeded' && start === 'cold';
}

function dealt(calls: readonly Measurement[], count: number, environments: number): readonly Measurement[] {
  if (calls.length === 0) return [];
  return Array.from({ length: count }, (_, index) => ({
    ...(calls[index % calls.length] as Measurement),
    environment: `extended ${index % environments}`,
  }));
}
