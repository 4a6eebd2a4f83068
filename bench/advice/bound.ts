import { mayCostMore } from '../../src/advice/affordable.ts';
import { byCost } from '../../src/analysis/choices.ts';
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

export function boundHeld({ environments, calls, hostCv }: BoundCase, runs: number, seed: number): number {
  const random = seededRandom(seed);
  let [held, all] = [0, 0];
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
  }
  return held / all;
}

export function* boundTable(runs: number, seed: number): Generator<string> {
  yield 'Of sizes that cost the same as the cheapest, the share whose 80 % bound lies within twice the tolerance, in %; calls scatter by 10 %:';
  for (const hostCv of [0.01, 0.03]) {
    for (const [environments, calls] of [
      [2, 10],
      [2, 20],
      [4, 40],
      [8, 80],
      [16, 160],
    ] as const) {
      const share = boundHeld({ environments, calls, hostCv }, runs, seed);
      yield `hosts ${100 * hostCv} %, ${environments} environments, ${calls} calls: ${(100 * share).toFixed(0)}`;
    }
  }
}
