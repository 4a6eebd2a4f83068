/**
 * How true and how fast the replay of traffic is: `npm run bench:traffic`. Against closed forms of queueing theory, against bursts that
 * were recorded on AWS, and a million arrivals against 24 configurations. Exits 1 where a target is missed.
 */

import { seededRandom } from '../src/stats/random.ts';
import type { Arrivals } from '../src/traffic/arrivals.ts';
import { arrivalsOf } from '../src/traffic/arrivals.ts';
import { drawTableOf } from '../src/traffic/drawTable.ts';
import { replay } from '../src/traffic/replay.ts';
import { asTable, atMost, type Figure } from './figure.ts';
import { predictedColdStarts, recordedBursts } from './traffic/bursts.ts';
import { closedForms } from './traffic/closedForms.ts';

const configurations = 24;
const limits = { seconds: 10, megabytes: 500 };

/** A day of a million calls, most of them at noon. */
const counts = Array.from({ length: 1440 }, (_, minute) => 694 * (1 + Math.sin(((minute - 360) / 1440) * 2 * Math.PI)));
const arrivals: Arrivals = arrivalsOf({ kind: 'minutes', minutesEach: 1, counts, startMinute: 0 }, 300, 1);
const random = seededRandom(2);
const times = Array.from({ length: configurations }, (_, index) => {
  const meanMs = 2000 / (1 + index / 4);
  const sample = (extraMs: number) =>
    drawTableOf([
      {
        weight: 1,
        clusters: [
          { environment: 'a', values: Array.from({ length: 50 }, () => extraMs + meanMs * (0.8 + 0.4 * random())) },
        ],
      },
    ]);
  const [warm, cold] = [sample(0), sample(400)];
  if (warm === undefined || cold === undefined) throw new Error('a sample of fifty is not empty');
  return { warm, cold };
});

const cpuBefore = process.cpuUsage();
const before = performance.now();
const cold = times.map((one) => replay(arrivals, one, { idleLifeS: 300 }).coldCalls);
const seconds = (performance.now() - before) / 1000;
const cpu = process.cpuUsage(cpuBefore);
const cpuSeconds = (cpu.user + cpu.system) / 1e6;
const megabytes = process.resourceUsage().maxRSS / 1024;

const bursts = Object.values(recordedBursts).flatMap((own) => {
  const found = predictedColdStarts(own);
  return own.map((one, index) => ({ ...one, found: found[index] ?? Number.NaN }));
});
const withCold = bursts.filter((one) => one.cold > 0);
const factors = withCold.map((one) => Math.max(one.found / one.cold, one.cold / one.found));
const warm = bursts.filter((one) => one.cold === 0);

const figures: readonly Figure[] = [
  ...closedForms().map(({ name, found, truth }) =>
    atMost(2, 100 * Math.abs(found / truth - 1), ' %', {
      name,
      note: `${found.toFixed(4)} replayed, ${truth.toFixed(4)} by the formula`,
    }),
  ),
  atMost(1.5, Math.max(...factors), ' x', {
    name: `cold starts of ${withCold.length} recorded bursts, the worst`,
    note: `by what factor they differ from the ${withCold.reduce((sum, { cold }) => sum + cold, 0)} that were recorded`,
  }),
  atMost(0, Math.max(...warm.map(({ found }) => found)), '', {
    name: `cold starts of ${warm.length} bursts that had none`,
  }),
  atMost(limits.seconds, cpuSeconds, ' s', {
    name: 'a million arrivals x 24 configurations: CPU',
    note: `${arrivals.counted} arrivals, ${seconds.toFixed(2)} s by the clock, ${Math.min(...cold)} to ${Math.max(...cold)} cold starts`,
  }),
  atMost(limits.megabytes, megabytes, ' MB', { name: 'and the most memory' }),
];
process.stdout.write(asTable(figures));
if (figures.some(({ met }) => met === false)) process.exitCode = 1;
