import { mayCostMore } from '../../src/advice/affordable.ts';
import { byCost, differenceIn } from '../../src/analysis/choices.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { drawCandidates } from '../statistics/candidates.ts';

/**
 * Six configurations that cost the same, in a list that is measured in full: of those beside the cheapest, the share whose upper bound
 * (of the 80 % interval) lies within twice the tolerance. What is advised only where it does is another one in as many runs. Calls are
 * normal (10 %) around the factor of their environment (lognormal), x86_64.
 */
export interface BoundCase {
  readonly environments: number;
  readonly calls: number;
  readonly hostCv: number;
}

export interface BoundHeld {
  /** Of the sizes beside the cheapest. */
  readonly share: number;
  /** By how much a size may cost more, at the same sureness, whose measured mean is that of the cheapest to the last digit, as a fraction. */
  readonly atLeast: number;
}

export function boundHeld({ environments, calls, hostCv }: BoundCase, runs: number, seed: number): BoundHeld {
  const random = seededRandom(seed);
  let [held, all, atLeast] = [0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const means = [1, 1, 1, 1, 1, 1];
    const { candidates, judgement } = drawCandidates(
      { shape: 'normal 0.1', count: calls, environments, spread: hostCv, means },
      random,
    );
    const [best, ...others] = candidates.toSorted(byCost);
    if (best === undefined) continue;
    held += others.filter((one) => mayCostMore(one, best, judgement) === undefined).length;
    all += others.length;
    for (const one of others) {
      const { high, ratio } = differenceIn('costs', one, best, { ...judgement, confidence: 0.8 });
      atLeast += high / ratio - 1;
    }
  }
  return { share: held / all, atLeast: atLeast / all };
}

export function* boundTable(runs: number, seed: number): Generator<string> {
  yield 'Of sizes that cost the same as the cheapest, the share whose 80 % bound lies within twice the tolerance (6 %); and where that bound';
  yield 'would lie if a size had been measured as cheap to the last digit. In %; calls scatter by 10 %:';
  for (const hostCv of [0.01, 0.03]) {
    for (const [environments, calls] of [
      [2, 10],
      [2, 20],
      [4, 40],
      [8, 80],
      [16, 160],
    ] as const) {
      const { share, atLeast } = boundHeld({ environments, calls, hostCv }, runs, seed);
      yield `hosts ${100 * hostCv} %, ${environments} environments, ${calls} calls: ${(100 * share).toFixed(0)}, ${(100 * atLeast).toFixed(1)}`;
    }
  }
}
