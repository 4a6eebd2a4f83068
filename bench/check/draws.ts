import type { Measurement } from '../../src/model/measurement.ts';
import type { Random } from '../../src/stats/random.ts';
import { normalDraw } from '../../test/normalDraw.ts';

/** One side of one run: costs are drawn from the records one by one, and every environment has a factor of its own. */
export interface Draws {
  /** US$ of the n-th call before its environment's factor. */
  readonly costs: readonly number[];
  readonly factors: readonly number[];
}

export function draw(
  records: readonly number[],
  samples: number,
  environments: number,
  spread: number,
  random: Random,
): Draws {
  const sigma = Math.sqrt(Math.log(1 + spread * spread));
  return {
    costs: Array.from({ length: samples }, () => records[Math.floor(random() * records.length)] ?? Number.NaN),
    factors: Array.from({ length: environments }, () =>
      sigma === 0 ? 1 : Math.exp(sigma * normalDraw(random) - (sigma * sigma) / 2),
    ),
  };
}

/** A side as the gate has it measured. The records do not say which environment served them: calls are dealt. */
export interface Lane {
  readonly measurements: Measurement[];
  readonly served: number[];
}

/** Makes the calls of one round: all in new environments, or each in the one that has served least. */
export function call(
  lane: Lane,
  { samples, newEnvironments }: { readonly samples: number; readonly newEnvironments: number },
  draws: Draws,
  scale: number,
): void {
  const first = newEnvironments > 0 ? lane.served.length : 0;
  for (let index = 0; index < newEnvironments; index++) lane.served.push(0);
  for (let index = 0; index < samples; index++) {
    let environment = first;
    for (let other = first; other < lane.served.length; other++) {
      if ((lane.served[other] ?? 0) < (lane.served[environment] ?? 0)) environment = other;
    }
    lane.served[environment] = (lane.served[environment] ?? 0) + 1;
    const factor = draws.factors[environment] ?? Number.NaN;
    const cost = draws.costs[lane.measurements.length] ?? Number.NaN;
    lane.measurements.push(warm(`${environment}`, cost * factor * scale));
  }
}

/** Dollars are judged and nothing else is recorded here. */
function warm(environment: string, costUsd: number): Measurement {
  return {
    requestId: '',
    startedAt: '',
    environment,
    start: 'warm',
    outcome: 'succeeded',
    // Of a length at which cost alone is judged.
    durationMs: 100,
    billedDurationMs: 1,
    maxMemoryUsedMb: 1,
    costUsd,
  };
}
