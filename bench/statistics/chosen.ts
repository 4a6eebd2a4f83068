import { recommendationOf } from '../../src/advice/recommendation.ts';
import { shrunk } from '../../src/advice/shrunk.ts';
import { byCost, type Candidate, differenceIn } from '../../src/analysis/choices.ts';
import type { Compared } from '../../src/analysis/compared.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { drawCandidates } from './candidates.ts';

/** Of runs of twelve configurations, twenty calls each in two environments that differ by 2 %. */
export interface Chosen {
  /** Some equal configuration is called dearer than the least. */
  readonly calledWorse: number;
  /** The current setting is said to be dearer: a saving that is not there is promised. */
  readonly currentDearer: number;
  /** Where the current setting is truly a fifth dearer than all others: what is printed as saved, as measured and as shrunk. */
  readonly saving: { readonly truth: number; readonly measured: number; readonly printed: number };
}

export function chosenAmongEqual(runs: number): Chosen {
  const random = seededRandom(3);
  let [calledWorse, currentDearer, measured, printed, saved] = [0, 0, 0, 0, 0];
  const excess = 1.2;
  for (let run = 0; run < runs; run++) {
    const equal = comparedOf(
      Array.from({ length: 12 }, () => 1),
      random,
    );
    const [current] = equal.candidates;
    const least = equal.candidates.toSorted(byCost)[0];
    if (current === undefined || least === undefined) continue;
    const isWorse = (one: Candidate) => differenceIn('costs', one, least, equal.judgement).kind === 'more';
    if (equal.candidates.some(isWorse)) calledWorse += 1;
    if (recommendationOf(equal, current, undefined).kind === 'change') currentDearer += 1;
    const dearer = comparedOf([excess, ...Array.from({ length: 11 }, () => 1)], random);
    const [dear] = dearer.candidates;
    const pick = dearer.candidates.toSorted(byCost)[0];
    if (dear === undefined || pick === undefined || pick === dear) continue;
    const difference = differenceIn('costs', pick, dear, dearer.judgement);
    saved += 1;
    measured += 1 - difference.ratio;
    printed += 1 - shrunk(difference, pick, dear, dearer).ratio;
  }
  return {
    calledWorse: calledWorse / runs,
    currentDearer: currentDearer / runs,
    saving: { truth: 1 - 1 / excess, measured: measured / saved, printed: printed / saved },
  };
}

function comparedOf(means: readonly number[], random: () => number): Compared {
  const drawn = drawCandidates({ shape: 'normal 0.1', count: 20, environments: 2, spread: 0.02, means }, random);
  return { basis: 'warm', start: 'warm', measured: drawn.candidates, ...drawn, kinds: {} };
}
