/**
 * How long a million arrivals take to be replayed against 24 configurations, and how much memory: `npm run bench:traffic`.
 * Exits 1 above 10 s or 500 MB.
 */

import { seededRandom } from '../src/stats/random.ts';
import type { Arrivals } from '../src/traffic/arrivals.ts';
import { arrivalsOf } from '../src/traffic/arrivals.ts';
import { drawTableOf } from '../src/traffic/drawTable.ts';
import { replay } from '../src/traffic/replay.ts';

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

print(`${arrivals.counted} arrivals × ${configurations} configurations`);
print(`${seconds.toFixed(2)} s by the clock, ${cpuSeconds.toFixed(2)} s of CPU (at most ${limits.seconds})`);
print(`${megabytes.toFixed(0)} MB at most (at most ${limits.megabytes})`);
print(`cold starts from ${Math.min(...cold)} to ${Math.max(...cold)}`);
if (cpuSeconds > limits.seconds || megabytes > limits.megabytes) process.exitCode = 1;

function print(line: string): void {
  // biome-ignore lint/suspicious/noConsole: a script for people
  console.log(line);
}
