import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { calmOnes, isContended } from '../../../src/analysis/machine/contention.ts';
import { atCalmPace } from '../../../src/analysis/machine/pace.ts';
import { slowThroughout } from '../../../src/analysis/machine/slowThroughout.ts';
import type { MeasuredLane } from '../../../src/analysis/measuredLane.ts';
import { watchPace } from '../../../src/local/timing/watchedPace.ts';
import { type CalmPace, referenceLoop } from '../../../src/model/measurement.ts';
import { calmestOf, knownFollows, knownPace, type Paces, withPaces } from '../../../src/state/machinePace.ts';
import { mean, median } from '../../../src/stats/moments.ts';
import { type Call, laneOf } from '../analyzing.ts';

/**
 * Recorded: eighteen runs of one folder within half an hour, on a virtual machine of two cores at a load of 9 to 14, whose cores were
 * slowed by neighbours in most calls, too. By call: memory size, whether cold, and what the endpoint told of it, in ms.
 */
const recorded = JSON.parse(
  readFileSync(new URL('../../../fixtures/pace/eighteenRuns.json', import.meta.url), 'utf8'),
) as readonly (readonly (readonly [number, 0 | 1, number, number, number, number, number, number, number, number])[])[];

type Recorded = (typeof recorded)[number];

function lanesOf(run: Recorded, calm: CalmPace | undefined): readonly MeasuredLane[] {
  return [512, 1024, 1769].map((size) => {
    const calls = run.flatMap(
      ([memoryMb, isCold, rawDurationMs, contendedShare, countedMs, busyMs, cpuMs, referenceMs, fastestMs, error]) => {
        const pace = {
          loop: referenceLoop,
          countedMs,
          busyMs,
          cpuMs,
          referenceMs,
          fastestMs,
          error,
          ...(calm === undefined ? {} : { calm }),
        };
        const call: Call = { durationMs: countedMs, rawDurationMs, contendedShare, pace };
        return memoryMb === size && isCold === 0 ? [call] : [];
      },
    );
    return laneOf(size, calls);
  });
}

const at = (index: number) => new Date(Date.UTC(2026, 10, 29, 10, index));

/** What the endpoint of a run keeps for later ones. */
async function keptOf(lanes: readonly MeasuredLane[], index: number): Promise<Paces> {
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
  const { fastestMs, codes } = watched.seen();
  const calmest = calmestOf(fastestMs);
  const of = { machine: 'here', at: at(index).toISOString() };
  return {
    seen: calmest === undefined ? [] : [{ ...of, ...calmest }],
    codes: codes.map((code) => ({ ...of, ...code })),
  };
}

/** One after the other, each with what was kept of those before it. */
async function series(remembers: boolean): Promise<readonly (readonly MeasuredLane[])[]> {
  let paces: Paces = { seen: [], codes: [] };
  const runs: (readonly MeasuredLane[])[] = [];
  for (const [index, run] of recorded.entries()) {
    const calm = remembers ? knownPace(paces.seen, 'here', at(index)) : undefined;
    const follows = knownFollows(paces.codes, { machine: 'here', code: 'mine' }, at(index));
    const lanes = atCalmPace(lanesOf(run, calm === undefined ? undefined : { ...calm, follows }), () => 0);
    paces = withPaces(paces, await keptOf(lanes, index));
    runs.push(lanes);
  }
  return runs;
}

const isSlow = (lanes: readonly MeasuredLane[]) =>
  slowThroughout(lanes.flatMap((lane) => lane.measurements)) !== undefined;
const isRough = ({ measurements }: MeasuredLane) => calmOnes(measurements).some(isContended);
const meansOf = (lanes: readonly MeasuredLane[]) =>
  lanes.map(({ measurements }) =>
    mean(calmOnes(measurements).flatMap((call) => (call.outcome === 'unreported' ? [] : [call.durationMs]))),
  );

/** Of all pairs of runs that decide something: by how much they differ most, over the sizes. */
function pairsApart(runs: readonly (readonly MeasuredLane[])[]): readonly number[] {
  const means = runs.filter((lanes) => !isSlow(lanes) && !lanes.some(isRough)).map(meansOf);
  return means.flatMap((one, index) =>
    means
      .slice(index + 1)
      .map((other) => Math.max(...one.map((ms, size) => Math.abs(Math.log(ms / (other[size] ?? Number.NaN)))))),
  );
}

it('of eighteen runs three were slow for nearly all of their calls, which decide nothing', async () => {
  const knowing = await series(true);
  expect(knowing.flatMap((lanes, index) => (isSlow(lanes) ? [index + 1] : []))).toEqual([4, 10, 17]);
  for (const index of [3, 9, 16]) expect(knowing[index]?.some(isRough)).toBe(true);
  // By the clock, without waiting, 512 MB took 1.8 times as long in one of them as it does.
  const counted = (knowing[9]?.[0]?.measurements ?? []).flatMap((call) =>
    call.outcome === 'unreported' ? [] : [call.pace?.countedMs ?? 0],
  );
  expect(Math.round(mean(counted))).toBe(171);
});

it('the others are about as far apart, whether or not they know what earlier ones saw', async () => {
  const [forgetful, knowing] = [pairsApart(await series(false)), pairsApart(await series(true))];
  const shown = (apart: readonly number[]) => [median(apart), Math.max(...apart)].map((one) => one.toFixed(3));
  expect([forgetful.length, ...shown(forgetful)]).toEqual([91, '0.039', '0.101']);
  expect([knowing.length, ...shown(knowing)]).toEqual([91, '0.045', '0.097']);
});
