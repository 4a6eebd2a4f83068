import { percentileBounds } from '../../src/stats/percentiles.ts';
import { type Random, seededRandom } from '../../src/stats/random.ts';
import { stratifiedSample } from '../../src/stats/samples.ts';
import { normalDraw } from '../../test/normalDraw.ts';

/**
 * p95 of weighted payloads: calls are normal around the mean of their payload (their scatter stands in the row), each in an
 * environment of its own, and dealt by weight, as a run deals them. The truth is that of 200,000 calls.
 */
export interface PayloadMix {
  readonly name: string;
  readonly payloads: readonly { readonly weight: number; readonly mean: number }[];
}

export const payloadMixes: readonly PayloadMix[] = [
  { name: '50, 100, 400 ms, weights 6 : 3 : 1', payloads: [of(6, 50), of(3, 100), of(1, 400)] },
  { name: '100, 400 ms, weights 94 : 6', payloads: [of(94, 100), of(6, 400)] },
  { name: '100, 130 ms, weights 9 : 1', payloads: [of(9, 100), of(1, 130)] },
  { name: '100, 110, 120 ms, alike', payloads: [of(1, 100), of(1, 110), of(1, 120)] },
];

function of(weight: number, mean: number) {
  return { weight, mean };
}

export interface BoundsHeld {
  /** Of all intervals of 90 % whose bound is known: the truth lies below the lower one, above the upper one (5 % each promised). */
  readonly below: number;
  readonly above: number;
  /** Upper ÷ lower bound, less 1. */
  readonly width: number;
}

export function payloadBounds({ payloads }: PayloadMix, calls: number, cv: number, runs: number): BoundsHeld {
  const random = seededRandom(9);
  const truth = truthOf(payloads, cv, random);
  const total = payloads.reduce((sum, { weight }) => sum + weight, 0);
  const weights = payloads.map(({ weight }, index) => ({ name: `${index}`, weight }));
  const found = { below: 0, above: 0, width: 0, lows: 0, highs: 0, both: 0 };
  for (let run = 0; run < runs; run++) {
    const observations = payloads.flatMap(({ weight, mean }, index) =>
      Array.from({ length: Math.max(1, Math.round((calls * weight) / total)) }, (_, nth) => ({
        value: mean * (1 + cv * normalDraw(random)),
        environment: `${index}/${nth}`,
        stratum: `${index}`,
      })),
    );
    const { low, high } = percentileBounds(stratifiedSample(observations, weights), 0.95, undefined, 0.9);
    if (low !== null) found.lows += 1;
    if (high !== null) found.highs += 1;
    if (low !== null && truth < low) found.below += 1;
    if (high !== null && truth > high) found.above += 1;
    if (low === null || high === null) continue;
    found.both += 1;
    found.width += high / low - 1;
  }
  return {
    below: found.below / found.lows,
    above: found.above / found.highs,
    width: found.width / found.both,
  };
}

function truthOf(payloads: PayloadMix['payloads'], cv: number, random: Random): number {
  const total = payloads.reduce((sum, { weight }) => sum + weight, 0);
  const values = Float64Array.from({ length: 200_000 }, () => {
    let at = random() * total;
    const chosen = payloads.find(({ weight }) => {
      at -= weight;
      return at < 0;
    });
    return (chosen?.mean ?? 0) * (1 + cv * normalDraw(random));
  }).sort();
  return values[190_000] ?? Number.NaN;
}
