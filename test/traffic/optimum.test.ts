import { expect, it } from 'vitest';
import { provisionedPrices } from '../../src/pricing/monthlyPrices.ts';
import { costModelFor } from '../../src/pricing/pricing.ts';
import { type Random, seededRandom } from '../../src/stats/random.ts';
import { type Arrivals, arrivalsOf } from '../../src/traffic/arrivals.ts';
import { type DrawTable, drawn, drawTableOf } from '../../src/traffic/drawTable.ts';
import {
  cheapestSchedule,
  computeUsd,
  constantCurve,
  leastAt,
  type ProvisioningChoice,
} from '../../src/traffic/optimum.ts';
import { orderedUse } from '../../src/traffic/orderedUse.ts';

const costModel = costModelFor('us-east-1');

function choiceOf(use: ProvisioningChoice['use'], gb = 1, coldFactor = 1): ProvisioningChoice {
  const provisioned = provisionedPrices(costModel, 'x86_64');
  if (provisioned === undefined) throw new Error('us-east-1 has prices');
  return { use, gb, costModel, architecture: 'x86_64', provisioned, coldFactor };
}

/** Calls in bursts and lulls over one day, its last minute among them. */
function randomDay(random: Random): Arrivals {
  const bursts = Array.from({ length: 1 + Math.floor(4 * random()) }, () => ({
    at: 86_000 * random(),
    seconds: 60 + 20_000 * random(),
    calls: Math.floor(80 * random()),
  }));
  const base = Array.from({ length: Math.floor(500 * random()) }, () => 86_399 * random());
  const times = bursts.flatMap(({ at, seconds, calls }) =>
    Array.from({ length: calls }, () => Math.min(86_399, at + seconds * random())),
  );
  return arrivalsOf(
    { kind: 'arrivals', atS: Float64Array.from([...base, ...times, 86_399]).sort(), startMinute: 0 },
    300,
    1,
  );
}

/** Plainly: k places, a call takes any that is free, else it runs on demand. Seconds as they are billed. */
function secondsInside({ atS, draws }: Arrivals, warm: DrawTable, environments: number) {
  const busyUntil = new Array<number>(environments).fill(0);
  let [inside, outside] = [0, 0];
  for (const [index, at] of atS.entries()) {
    const seconds = warm.values[drawn(warm, draws[index] ?? 0)] ?? 0;
    const billed = Math.ceil(Math.round(1e6 * seconds) / 1000) / 1000;
    const place = busyUntil.findIndex((until) => until <= at);
    if (place === -1) outside += billed;
    else {
      inside += billed;
      busyUntil[place] = at + seconds;
    }
  }
  return { inside, outside };
}

it('the cheapest constant number is that of brute force on 200 random days', () => {
  const random = seededRandom(25);
  let provisionedDays = 0;
  for (let day = 0; day < 200; day++) {
    const arrivals = randomDay(random);
    const durations = Array.from({ length: 5 }, () => Math.round(1000 + 900_000 * random()));
    const warm = drawTableOf([{ weight: 1, clusters: [{ environment: 'a', values: durations }] }]);
    if (warm === undefined) throw new Error('there are durations');
    const use = orderedUse(arrivals, warm);
    const curve = constantCurve(choiceOf(use));
    const plain = Array.from({ length: use.billedS.length + 1 }, (_, environments) => {
      const { inside, outside } = secondsInside(arrivals, warm, environments);
      return 30.4 * (environments * 86_400 * 0.0000041667 + inside * 0.0000097222 + outside * 0.0000166667);
    });
    expect(curve).toHaveLength(plain.length);
    for (const [environments, usd] of plain.entries()) expect(curve[environments]).toBeCloseTo(usd, 6);
    expect(leastAt(curve)).toBe(leastAt(plain));
    if (leastAt(plain) > 0) provisionedDays++;
  }
  // Else nothing would have been optimized.
  expect(provisionedDays).toBeGreaterThan(20);
});

it('the cheapest schedule is that of brute force on 200 random days of seven steps', () => {
  const random = seededRandom(26);
  const steps = 7;
  let changing = 0;
  for (let day = 0; day < 200; day++) {
    const level = Array.from({ length: steps }, () => 2.2 * random());
    // Each environment is used less than the one before it.
    const billedS = [0, 1, 2].map((place) =>
      Float64Array.from(level, (busy) => 300 * Math.max(0, Math.min(1, busy - place))),
    );
    // A few of them so large that volume tiers decide, too.
    const gb = day % 4 === 0 ? 3000 : 1;
    const choice = choiceOf({ billedS, callShare: [], steps }, gb, 1 + 0.1 * random());
    const mostStretches = 1 + (day % 3);
    const found = cheapestSchedule(choice, mostStretches);
    const usd = computeUsd(choice, (step) => found[step] ?? 0);
    const least = Math.min(
      ...everySchedule(steps, 3, mostStretches).map((plan) => computeUsd(choice, (step) => plan[step] ?? 0)),
    );
    expect(usd).toBeCloseTo(least, 6);
    expect(stretches(found)).toBeLessThanOrEqual(mostStretches);
    if (stretches(found) > 1) changing++;
  }
  expect(changing).toBeGreaterThan(40);
});

function stretches(plan: readonly number[]): number {
  return plan.filter((count, step) => step === 0 || plan[step - 1] !== count).length;
}

function everySchedule(steps: number, most: number, mostStretches: number): readonly (readonly number[])[] {
  let plans: readonly (readonly number[])[] = [[]];
  for (let step = 0; step < steps; step++) {
    plans = plans
      .flatMap((plan) => Array.from({ length: most + 1 }, (_, count) => [...plan, count]))
      .filter((plan) => stretches(plan) <= mostStretches);
  }
  return plans;
}
