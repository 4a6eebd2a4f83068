import { expect, it } from 'vitest';
import { isContended } from '../../src/analysis/contention.ts';
import type { MeasuredLane } from '../../src/analysis/measuredLane.ts';
import { atCalmPace, slowThroughout } from '../../src/analysis/pace.ts';
import { watchPace } from '../../src/local/timing/watchedPace.ts';
import type { CalmPace } from '../../src/model/measurement.ts';
import { calmestOf, knownPace, knownSlope, type Paces, withPaces } from '../../src/state/machinePace.ts';
import { mean, median } from '../../src/stats/moments.ts';
import { type Random, seededRandom } from '../../src/stats/random.ts';
import { normalDraw } from '../normalDraw.ts';
import { type Call, laneOf } from './analyzing.ts';

/** Runs of one folder on a machine of two speeds, one after the other, each of which knows what the earlier ones saw. */
interface SimulatedRun {
  readonly lanes: readonly MeasuredLane[];
  readonly meansMs: readonly number[];
}

const calmMs = 0.024;
const slowFactor = 2;

/**
 * For some share of a call the core is slow. By how much the function suffers then differs from run to run, as neighbours do;
 * the loop sees the mean with an error, and the fastest moments of a call are calm only where enough of it was.
 */
function run(random: Random, calm: CalmPace | undefined, leastSlow: number): SimulatedRun {
  const suffers = 1.08 + 0.04 * normalDraw(random);
  const lanes = [512, 1024, 1769].map((memoryMb) => {
    const calls = Array.from({ length: 24 }, (): Call => {
      const slow = Math.max(leastSlow, Math.min(1, 1.6 * random() - 0.3));
      const truth = (1769 / memoryMb) * 64 * (1 + 0.02 * normalDraw(random));
      const seen = calmMs * (1 - slow + slow * slowFactor);
      const countedMs = truth * (1 - slow + slow * slowFactor ** suffers);
      const error = 0.03 * Math.sqrt(slow * (1 - slow)) * 2;
      const referenceMs = seen * Math.exp(error * normalDraw(random));
      const fastestMs = Math.min(referenceMs, calmMs * (slow < 0.6 ? 1 : slowFactor) * (1 + 0.004 * random()));
      return {
        durationMs: countedMs,
        rawDurationMs: countedMs,
        contendedShare: 0,
        pace: {
          countedMs,
          busyMs: countedMs,
          cpuMs: (countedMs * memoryMb) / 1769,
          referenceMs,
          fastestMs,
          error,
          ...(calm === undefined ? {} : { calm }),
        },
      };
    });
    return laneOf(memoryMb, calls);
  });
  const corrected = atCalmPace(lanes, () => 0);
  return {
    lanes: corrected,
    meansMs: corrected.map(({ measurements }) =>
      mean(measurements.flatMap((call) => (call.outcome === 'unreported' ? [] : [call.durationMs]))),
    ),
  };
}

const at = (index: number) => new Date(Date.UTC(2026, 10, 29, 10, index));
const own = { machine: 'here', code: 'mine' };

async function told({ lanes }: SimulatedRun, index: number): Promise<Paces> {
  const watched = watchPace();
  for (const { configuration, measurements } of lanes) {
    const results = [...measurements];
    const environment = watched.heard({
      spec: { codeSha256: 'mine', memoryMb: configuration.memoryMb } as never,
      invoke: async () => ({ status: 'success', ...results.shift() }) as never,
      stop: async () => undefined,
    });
    for (const _ of measurements) await environment.invoke({} as never);
  }
  const { fastestMs, slopes } = watched.seen();
  const calmest = calmestOf(fastestMs);
  const of = { machine: 'here', at: at(index).toISOString() };
  return {
    seen: calmest === undefined ? [] : [{ ...of, ...calmest }],
    slopes: slopes.map((slope) => ({ ...of, ...slope })),
  };
}

/** The last one is slow from its beginning to its end. */
async function series(seed: number, remembers: boolean): Promise<readonly SimulatedRun[]> {
  const random = seededRandom(seed);
  let paces: Paces = { seen: [], slopes: [] };
  const runs: SimulatedRun[] = [];
  for (let index = 0; index < 5; index += 1) {
    const calm = knownPace(paces.seen, 'here', at(index));
    const slope = knownSlope(paces.slopes, own, at(index));
    const known = calm === undefined || !remembers ? undefined : { ...calm, slope };
    const made = run(random, known, index === 4 ? 0.9 : 0);
    paces = withPaces(paces, await told(made, index));
    runs.push(made);
  }
  return runs;
}

/** Of all pairs of the runs that were not slow throughout: the largest difference over the sizes. */
function pairsApart(runs: readonly SimulatedRun[]): readonly number[] {
  return runs.slice(0, 4).flatMap((one, index) =>
    runs.slice(index + 1, 4).map((other) => {
      return Math.max(...one.meansMs.map((ms, size) => Math.abs(Math.log(ms / (other.meansMs[size] ?? Number.NaN)))));
    }),
  );
}

const seeds = Array.from({ length: 20 }, (_, index) => index + 1);

it('runs of one folder that know what earlier ones saw are closer together than runs that do not, and mostly within 3 %', async () => {
  const apart = async (remembers: boolean) =>
    (await Promise.all(seeds.map((seed) => series(seed, remembers)))).flatMap(pairsApart);
  const [knowing, forgetful] = [await apart(true), await apart(false)];
  expect(median(knowing)).toBeLessThan(0.85 * median(forgetful));
  expect(knowing.filter((one) => one <= 0.03).length).toBeGreaterThan(0.85 * knowing.length);
});

it('one that was slow from its beginning to its end is told in every series, by nothing else than earlier runs', async () => {
  for (const seed of seeds) {
    const last = (runs: readonly SimulatedRun[]) =>
      runs.at(-1)?.lanes.flatMap(({ measurements }) => measurements) ?? [];
    const [knowing, forgetful] = [last(await series(seed, true)), last(await series(seed, false))];
    expect(slowThroughout(knowing)?.times).toBeGreaterThan(1.8);
    expect(knowing.every(isContended)).toBe(true);
    expect(slowThroughout(forgetful)).toBeUndefined();
  }
});
