import type { Random } from '../src/stats/random.ts';
import { type Sample, sampleOf } from '../src/stats/samples.ts';
import { normalDraw } from '../test/normalDraw.ts';

/** Distributions with mean 1, so that the truth is known. */
export const shapes = {
  'normal 0.1': (random) => 1 + 0.1 * normalDraw(random),
  'lognormal 0.2': lognormal(0.2),
  'lognormal 0.5': lognormal(0.5),
  'lognormal 0.6': lognormal(0.6),
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
  /** Relative standard deviation of the factor that each environment has (inside a kind of hosts, where there are two). */
  readonly spread: number;
  /** A share of the hosts takes `ratio` times as long as the others. The mean over all hosts stays 1. */
  readonly kinds?: HostKinds | undefined;
  /** True mean of each configuration. */
  readonly means: readonly number[];
}

export interface HostKinds {
  readonly ratio: number;
  readonly share: number;
}

/** As recorded on arm64: 3.9 and 5.3 ms for the same function, and 17 to 22 % from one month to the next. */
export const armKinds: HostKinds = { ratio: 1.22, share: 0.35 };

/** The factor of one environment; its mean over all hosts is 1. */
export function hostFactor({ spread, kinds }: Pick<SimulatedRun, 'spread' | 'kinds'>): (random: Random) => number {
  const factor = lognormal(spread);
  if (kinds === undefined) return factor;
  const mean = 1 + kinds.share * (kinds.ratio - 1);
  return (random) => (factor(random) * (random() < kinds.share ? kinds.ratio : 1)) / mean;
}

export function simulate(run: SimulatedRun, random: Random): Sample[] {
  const draw = shapes[run.shape];
  const factor = hostFactor(run);
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

export function lognormal(cv: number): (random: Random) => number {
  const sigma = Math.sqrt(Math.log(1 + cv * cv));
  return (random) => Math.exp(sigma * normalDraw(random) - (sigma * sigma) / 2);
}
