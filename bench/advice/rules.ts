import type { Compared } from '../../src/analysis/compared.ts';
import type { Spread } from '../../src/stats/spread.ts';
import type { Truth } from '../../test/advice/simulatedRun.ts';

/** The same measurements, judged by an interval of another width. */
export function withConfidence(compared: Compared, confidence: (configurations: number) => number): Compared {
  const { judgement, candidates } = compared;
  return { ...compared, judgement: { ...judgement, confidence: confidence(candidates.length) } };
}

/** The same measurements, judged by somebody who knows how calls and environments scatter. */
export function withKnownNoise(compared: Compared, { withinCv = 0.05, betweenCv = 0.01 }: Truth): Compared {
  const known: Spread = {
    withinVariance: withinCv ** 2,
    withinWeight: 1e6,
    tailSecond: 0,
    tailThird: 0,
    betweenVariance: betweenCv ** 2,
    betweenDf: 1e6,
  };
  const scatter = { hosts: { x86_64: known, arm64: known } };
  return { ...compared, judgement: { ...compared.judgement, costs: scatter, durations: scatter } };
}

/** A list that is judged as a race is: nothing faster is advised beyond the bound of advice/affordable.ts. */
export function heldToBound(compared: Compared): Compared {
  return { ...compared, isRaced: true };
}
