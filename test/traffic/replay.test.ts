import { describe, expect, it } from 'vitest';
import { arrivalsOf } from '../../src/traffic/arrivals.ts';
import { drawTableOf } from '../../src/traffic/drawTable.ts';
import { orderedUse } from '../../src/traffic/orderedUse.ts';
import { replay } from '../../src/traffic/replay.ts';
import { waitingFor } from '../../src/traffic/waiting.ts';

const tableOf = (...values: readonly number[]) => {
  const table = drawTableOf([{ weight: 1, clusters: [{ environment: 'a', values }] }]);
  if (table === undefined) throw new Error('there is a value');
  return table;
};

/** Warm and cold calls of these durations in ms. */
const times = (warmMs: readonly number[], coldMs: readonly number[]) => ({
  warm: tableOf(...warmMs),
  cold: tableOf(...coldMs),
});

const listOf = (...atS: readonly number[]) =>
  arrivalsOf({ kind: 'arrivals', atS: Float64Array.from(atS), startMinute: 0 }, 900, 1);

const poisson = (perSecond: number, seed: number) => arrivalsOf({ kind: 'rate', perSecond }, 900, seed);

/** Within 2 %, as all closed forms are asked to be. */
function expectNear(value: number, truth: number): void {
  expect(Math.abs(value / truth - 1), `${value} instead of ${truth}`).toBeLessThan(0.02);
}

describe('a list of arrivals, replayed once from an empty pool', () => {
  it('starts an environment for each call that finds none idle', () => {
    // Two at once, both cold; the third finds two idle.
    const { coldCalls, calls, environments } = replay(listOf(0, 0, 100), times([1000], [1000]), { idleLifeS: 300 });
    expect({ coldCalls, calls, most: environments.most }).toEqual({ coldCalls: 2, calls: 3, most: 2 });
  });

  it('counts init in the time that a cold call keeps its environment', () => {
    // The first is busy until 5 s, so that the call at 3 s is cold, too; the one at 6 s is not.
    const { coldCalls } = replay(listOf(0, 3, 6), times([1000], [5000]), { idleLifeS: 300 });
    expect(coldCalls).toBe(2);
  });

  it('takes the environment that was used last, so that the others end', () => {
    // One of two environments serves the calls every 200 s; the other one is gone at 700 s.
    const calls = listOf(0, 0, 200, 400, 600, 700, 700);
    expect(replay(calls, times([1000], [1000]), { idleLifeS: 300 }).coldCalls).toBe(3);
  });

  it('ends an environment that was idle for longer than an idle life', () => {
    const calls = listOf(0, 301.5, 602);
    expect(replay(calls, times([1000], [1000]), { idleLifeS: 300 }).coldCalls).toBe(2);
    expect(replay(calls, times([1000], [1000]), { idleLifeS: 900 }).coldCalls).toBe(1);
  });
});

describe('arrivals at random (Poisson), against closed forms', () => {
  it.each([
    // λT = 1 and 3; e^−1 and e^−3
    { perSecond: 1 / 300, share: 0.36788 },
    { perSecond: 1 / 100, share: 0.049787 },
  ])('sparse calls are cold with e^(−λT): $share', ({ perSecond, share }) => {
    const arrivals = poisson(perSecond, 7);
    const { coldCalls, calls } = replay(arrivals, times([1], [1]), { idleLifeS: 300 });
    expectNear(coldCalls / calls, share);
  });

  it.each([
    // B(3, 2) = (8/6) ÷ (1 + 2 + 2 + 8/6); B(10, 8) of Erlang's tables
    { environments: 3, load: 2, share: 0.21053 },
    { environments: 10, load: 8, share: 0.12166 },
  ])('calls beside $environments provisioned environments are Erlang’s loss: $share', (one) => {
    const arrivals = poisson(one.load, 11);
    const { provisionedCalls, calls } = replay(arrivals, times([200, 1800], [1000]), {
      idleLifeS: 300,
      provisionedAt: () => one.environments,
    });
    expectNear(1 - provisionedCalls / calls, one.share);
  });

  it.each([
    // C(3, 2) = 4/9; C(10, 8) = B ÷ (1 − 0.8 (1 − B)); waits of mean service time ÷ (environments − load)
    { environments: 3, load: 2, share: 0.44444, meanS: 1 },
    { environments: 10, load: 8, share: 0.40918, meanS: 0.5 },
  ])(
    'calls that wait for $environments environments are Erlang’s C: $share',
    ({ environments, load, share, meanS }) => {
      const services = Array.from({ length: 1000 }, (_, index) => -1000 * Math.log(1 - (index + 0.5) / 1000));
      const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
      const found = seeds.map((seed) => waitingFor(environments, poisson(load, seed), tableOf(...services)));
      const mean = (of: 'share' | 'meanS') => found.reduce((sum, one) => sum + one[of], 0) / seeds.length;
      expectNear(mean('share'), share);
      expectNear(mean('meanS'), meanS);
    },
  );

  it('one pass over ordered environments knows the loss of every number of them', () => {
    const { callShare } = orderedUse(poisson(2, 13), tableOf(200, 1800));
    const lost = (environments: number) => 1 - callShare.slice(0, environments).reduce((sum, share) => sum + share, 0);
    // B(1, 2) = 2/3, B(3, 2) as above, B(5, 2) = (32/120) ÷ 7.26667
    expectNear(lost(1), 0.66667);
    expectNear(lost(3), 0.21053);
    expectNear(lost(5), 0.036697);
  });

  it('finds as many others busy as a system without a limit has (M/G/∞)', () => {
    const { busy } = replay(poisson(2, 17), times([500, 1500], [1000]), { idleLifeS: 300 });
    // With four others or more: 1 − e^−2 (1 + 2 + 2 + 4/3)
    expectNear(busy.shareFrom(5), 0.14288);
  });
});

it('the same seed gives the same arrivals, another one others', () => {
  const [one, again, other] = [poisson(5, 1), poisson(5, 1), poisson(5, 2)];
  expect(one.atS).toEqual(again.atS);
  expect(one.atS).not.toEqual(other.atS);
});

it('a rate is replayed after a warm-up of twice the longest idle life, and says so', () => {
  const arrivals = poisson(2, 1);
  expect(arrivals.counted).toBe(150_000);
  expect(arrivals.warmUpSeconds).toBeGreaterThan(1700);
  expect(arrivals.warmUpSeconds).toBeLessThan(1900);
});

it('counts by the minute are replayed until enough calls are counted, and come round again', () => {
  const arrivals = arrivalsOf({ kind: 'minutes', minutesEach: 1, counts: [60, 0], startMinute: 0 }, 300, 1);
  // 12,000 calls in 200 rounds of two minutes; a month has 43,776 minutes.
  expect(arrivals.counted).toBe(12_000);
  expect(arrivals.requestsPerMonth).toBe(1_313_280);
  const inFirst = arrivals.atS.slice(arrivals.parts[0]?.counted).filter((at) => Math.floor(at / 60) % 2 === 0);
  expect(inFirst).toHaveLength(12_000);
});

it('of more calls than can be replayed, pieces are taken from all over', () => {
  const counts = Array.from({ length: 10_080 }, () => 6000);
  const arrivals = arrivalsOf({ kind: 'minutes', minutesEach: 1, counts, startMinute: 0 }, 300, 1);
  expect(arrivals.atS.length).toBeLessThanOrEqual(4_000_000);
  expect(arrivals.parts.length).toBeGreaterThan(1);
  expect(arrivals.requestsPerMonth).toBe(262_656_000);
});

it('pieces hold each time of day as often, on several days; of still more calls it is said that they do not', () => {
  const traffic = (perMinute: number) => {
    const counts = Array.from({ length: 15 * 1440 }, () => perMinute);
    return arrivalsOf({ kind: 'minutes', minutesEach: 1, counts, startMinute: 0 }, 900, 1);
  };
  const arrivals = traffic(700);
  const hours = arrivals.parts.map(({ fromS }) => (fromS % 86_400) / 1800);
  expect(hours.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 48 }, (_, slot) => slot));
  expect(new Set(arrivals.parts.map(({ fromS }) => Math.floor(fromS / 86_400))).size).toBe(15);
  expect([arrivals.coversDay, traffic(7000).coversDay]).toEqual([true, false]);
});
