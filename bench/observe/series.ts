import type { Point } from '../../src/observe/series.ts';
import { unitsOf } from '../../src/observe/series.ts';
import { type FoundStep, unknownSteps } from '../../src/observe/steps.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { beginning, dayMs } from './production.ts';

interface Made {
  readonly days?: number;
  /** Ratio of what comes after to what was before. */
  readonly step?: number;
  readonly stepAtDay?: number;
  /** How much one day differs from the next, and resembles the one before. */
  readonly dayNoise?: number;
  readonly resemblance?: number;
}

/** Means of 360 stretches with a weekly cycle, as a sample of 190 calls each has them. */
export function pointsOf(seed: number, made: Made = {}): readonly Point[] {
  const { days = 28, step = 1, stepAtDay = days * 0.6, dayNoise = 0.006, resemblance = 0.3 } = made;
  const random = seededRandom(seed + 1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const ofDay: number[] = [];
  for (let day = 0; day < days; day += 1) {
    ofDay.push(resemblance * (ofDay.at(-1) ?? 0) + Math.sqrt(1 - resemblance ** 2) * dayNoise * normal());
  }
  const weekdays = Array.from({ length: 7 }, () => 1 + 0.1 * normal());
  return Array.from({ length: 360 }, (_, index) => {
    const at = (index + random()) / 360;
    const day = Math.floor(at * days);
    const hour = ((at * days) % 1) * 24;
    const cycle = (weekdays[day % 7] ?? 1) * (1 + 0.15 * Math.sin((hour / 12) * Math.PI));
    const level = cycle * (at * days >= stepAtDay ? step : 1) * (1 + (ofDay[day] ?? 0));
    return {
      atMs: beginning + at * days * dayMs,
      mean: 2e-6 * level * (1 + (0.8 / Math.sqrt(190)) * normal()),
      calls: 190,
    };
  });
}

export function foundIn(seed: number, made: Made = {}): readonly FoundStep[] {
  const range = { fromMs: beginning, toMs: beginning + (made.days ?? 28) * dayMs };
  return unknownSteps(unitsOf(pointsOf(seed, made), range, []), 0, seed);
}
