import type { Random } from '../src/stats/random.ts';
import { type Sample, sampleOf } from '../src/stats/samples.ts';
import { normalDraw } from '../test/normalDraw.ts';

/** Distributions with mean 1, so that the truth is known. */
export const shapes = {
  'normal 0.1': (random) => 1 + 0.1 * normalDraw(random),
  'lognormal 0.2': lognormal(0.2),
  'lognormal 0.5': lognormal(0.5),
  'lognormal 1.5': lognormal(1.5),
  bimodal: (random) => (random() < 0.5 ? 0.75 : 1.25) + 0.03 * normalDraw(random),
  'outliers 3 %': (random) => ((random() < 0.03 ? 5 : 1) * (1 + 0.05 * normalDraw(random))) / 1.12,
} as const satisfies Record<string, (random: Random) => number>;

export type Shape = keyof typeof shapes;

export const shapeNames = Object.keys(shapes) as Shape[];

export interface SimulatedRun {
  readonly shape: Shape;
  /** Values per configuration, dealt in turn to its environments. */
  readonly count: number;
  readonly environments: number;
  /** Relative standard deviation of the factor that each environment has. */
  readonly spread: number;
  /** True mean of each configuration. */
  readonly means: readonly number[];
}

export function simulate(run: SimulatedRun, random: Random): Sample[] {
  const draw = shapes[run.shape];
  const factor = lognormal(run.spread);
  return run.means.map((trueMean) => {
    const factors = Array.from({ length: run.environments }, () => factor(random));
    return sampleOf(
      Array.from({ length: run.count }, (_, index) => {
        const environment = index % run.environments;
        return { environment: `e${environment}`, value: trueMean * (factors[environment] ?? 1) * draw(random) };
      }),
    );
  });
}

function lognormal(cv: number): (random: Random) => number {
  const sigma = Math.sqrt(Math.log(1 + cv * cv));
  return (random) => Math.exp(sigma * normalDraw(random) - (sigma * sigma) / 2);
}
