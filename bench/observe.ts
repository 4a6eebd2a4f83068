import { type Held, heldBill, heldMonth } from './observe/held.ts';
import { month } from './observe/production.ts';
import { foundIn } from './observe/series.ts';

/**
 * How well `tune observe` reads production whose truth is known: `npm run bench:observe [-- <seeds>]`. Exits 1 where a promise is
 * missed. Productions are made minute by minute from their seeds (src/local/testing/production), series of costs in
 * bench/observe/series.ts: weekdays differ by 10 %, hours by 15 %, days by 0.6 % and resemble the one before.
 */
const seeds = Array.from({ length: Number(process.argv[2] ?? 100) }, (_, seed) => seed);
const promised = { error: 0.02, held: 0.93, found: 0.9, alarms: 0.02 } as const;
let isMissed = false;

const months: Held[] = [];
for (const seed of seeds) months.push(await heldMonth(seed));
const held = shareOf(months.map(({ isHeld }) => isHeld));
say('intervals hold the true bill (a sample of 8,000 records)', held, held >= promised.held);
say('  largest error of the bill', most(months));
say('  half of the interval, mean', mean(months.map(({ halfWidth }) => halfWidth)));

const full: Held[] = [];
for (const seed of seeds.slice(0, 10)) full.push(await heldBill(month(seed, { dayNoise: 0.01 }, 30)));
say('a month of a million calls, 60,000 records: largest error', most(full), most(full) < promised.error);

const busy = await heldBill(month(1, { callsPerDay: 1e6, dayNoise: 0.01 }, 30));
say('thirty days of a million calls each: error', Math.abs(busy.error), Math.abs(busy.error) < promised.error);

for (const days of [14, 28]) {
  const rises = shareOf(
    seeds.map((seed) => foundIn(1000 + seed, { days, step: 1.05 }).some(({ ratio }) => ratio.estimate > 1)),
  );
  say(`a rise of 5 % is found in ${days} days`, rises, rises >= promised.found);
  const falls = shareOf(
    seeds.map((seed) => foundIn(2000 + seed, { days, step: 1 / 1.05 }).some(({ ratio }) => ratio.estimate < 1)),
  );
  say(`a fall of 5 % is found in ${days} days`, falls, falls >= promised.found);
  const alarms = shareOf(seeds.map((seed) => foundIn(seed, { days }).length > 0));
  say(`a change is seen in ${days} days without one`, alarms, alarms <= promised.alarms);
}
if (isMissed) process.exitCode = 1;

function say(what: string, share: number, isKept = true): void {
  if (!isKept) isMissed = true;
  process.stdout.write(`${what}: ${(100 * share).toFixed(2)} %${isKept ? '' : '   MISSED'}\n`);
}

function shareOf(values: readonly boolean[]): number {
  return values.filter(Boolean).length / values.length;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function most(read: readonly { readonly error: number }[]): number {
  return read.reduce((largest, { error }) => Math.max(largest, Math.abs(error)), 0);
}
