import { type Configuration, type Curve, findMadeOf, sameConfiguration } from '../model/configuration.ts';
import type { Estimate } from './estimate.ts';
import { type Climb, type Closed, climb, ladderOf, lookAt, slackOf } from './ladder.ts';
import type { Effort, Measured, SearchOptions } from './options.ts';
import type { Question } from './question.ts';

/** A rung this much dearer than the best of both architectures ends the way in its direction. Chosen by `npm run bench:search`. */
const near = 0.25;

/** A curve that fell by so much in the last step may well fall on: the next rung is opened whatever this one costs. */
const steepFall = 1 / 3;

/**
 * The second architecture, once the first one's ladder is climbed (`leader`: its best): one function mostly leads at about the
 * same size on both, so it is opened there, and from there on in both directions while it comes near the best. Where the
 * size cannot be used, its ladder is climbed as the first one was.
 */
export function follow(
  curve: Curve,
  leader: Estimate,
  question: Question,
  estimates: readonly Estimate[],
  measured: readonly Measured[],
  options: SearchOptions,
  effort: Effort,
): Climb {
  const rungs = ladderOf(curve, question, options);
  const start = nearestTo(leader.configuration, rungs);
  const look = (index: number) => lookAt(rungs[index], estimates, measured, options, effort, leader);
  const first = look(start);
  if (first === undefined) return {};
  if (first.kind === 'wanted') return { next: first.wanted };
  if (first.kind === 'unusable') return climb(curve, question, estimates, measured, options, effort);
  const closed: Closed[] = [];
  let best = leader.centre < first.estimate.centre ? leader : first.estimate;
  for (const direction of [1, -1]) {
    let [last, own] = [first.estimate, first.estimate];
    let steep = false;
    for (let index = start; ; index += direction) {
      const beyond = rungs.filter((rung, at) => (at - index) * direction > 0 && !isMeasured(rung, measured));
      const isFar = last.centre > best.centre * (1 + near) || last.centre > own.centre * (1 + slackOf(last, effort));
      if (isFar && !steep) {
        const against = last === own ? best : own;
        const excess = last.centre / against.centre - 1;
        const { configuration: at, coldRatio } = last;
        if (beyond.length > 0) closed.push({ curve, at, best: against.configuration, excess, coldRatio, beyond });
        break;
      }
      const found = look(index + direction);
      if (found === undefined) break;
      if (found.kind === 'wanted') return { next: found.wanted };
      if (found.kind === 'unusable') continue;
      steep = found.estimate.centre < last.centre * (1 - steepFall);
      last = found.estimate;
      if (last.centre < own.centre) own = last;
      if (last.centre < best.centre) best = last;
    }
  }
  return { closed };
}

function nearestTo({ memoryMb }: Configuration, rungs: readonly Configuration[]): number {
  const distances = rungs.map((rung) => Math.abs(Math.log(rung.memoryMb / memoryMb)));
  return distances.indexOf(Math.min(...distances));
}

function isMeasured(configuration: Configuration, measured: readonly Measured[]): boolean {
  return measured.some((one) => sameConfiguration(one.configuration, configuration));
}

/** The best of the first architecture's curve, once it is climbed. */
export function leaderOf(estimates: readonly Estimate[], rungs: readonly Configuration[]): Estimate | undefined {
  const own = rungs.flatMap((rung) => findMadeOf(estimates, rung) ?? []);
  return own.length === 0 ? undefined : own.reduce((one, other) => (other.centre < one.centre ? other : one));
}
