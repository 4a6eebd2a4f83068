import { seededRandom } from '../../src/stats/random.ts';
import { fallsAtFirst, type Series, steadyPartOf } from '../../src/stats/steadyState.ts';
import { armKinds } from '../simulation.ts';

/** Calls of a run: each environment one chain; lognormal, neighbours alike by `lag1`; hosts lognormal, or of the two kinds of arm64. */
export interface WarmCalls {
  readonly configurations: number;
  readonly environments: number;
  readonly calls: number;
  readonly withinCv: number;
  readonly hostCv: number;
  readonly twoKinds?: boolean;
  /** First-order correlation of neighbours. */
  readonly lag1?: number;
  /** The first call takes 1 + this times as long as the last ones; it is gone by a factor e in so many calls. */
  readonly fall?: number;
  readonly fallsIn?: number;
}

export interface SteadyShares {
  /** Runs that are taken to fall at first. */
  readonly falls: number;
  /** Runs in which some configuration is then called not steady. */
  readonly notSteady: number;
  /** Calls of an environment that are left out on average, where something falls. */
  readonly after: number;
}

export function steadyShares(run: WarmCalls, runs: number): SteadyShares {
  const random = seededRandom(17);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const { lag1 = 0, fall = 0, fallsIn = 1 } = run;
  const chain = (): Series => {
    const kind = run.twoKinds && random() < armKinds.share ? armKinds.ratio : 1;
    const host = kind * Math.exp(run.hostCv * normal());
    let state = normal();
    return Array.from({ length: run.calls }, (_, index) => {
      if (index > 0) state = lag1 * state + Math.sqrt(1 - lag1 ** 2) * normal();
      return 100 * host * (1 + fall * Math.exp(-index / fallsIn)) * Math.exp(run.withinCv * state);
    });
  };
  let [falls, notSteady, after, rows] = [0, 0, 0, 0];
  for (let made = 0; made < runs; made += 1) {
    const lanes = Array.from({ length: run.configurations }, () => Array.from({ length: run.environments }, chain));
    if (!fallsAtFirst(lanes.flat())) continue;
    falls += 1;
    const parts = lanes.map((series) => steadyPartOf(series));
    if (parts.some(({ isReached }) => !isReached)) notSteady += 1;
    after += parts.reduce((sum, part) => sum + part.after, 0);
    rows += parts.length;
  }
  return { falls: falls / runs, notSteady: notSteady / runs, after: rows === 0 ? 0 : after / rows };
}
