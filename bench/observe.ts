import { asTable, atMost, type Figure } from './figure.ts';
import { type Held, heldBill, heldMonth, heldOverChange } from './observe/held.ts';
import { month } from './observe/production.ts';
import { foundIn } from './observe/series.ts';

/**
 * How well `tune observe` reads production whose truth is known: `npm run bench:observe [-- <seeds>]`. Exits 1 where a promise is
 * missed. Productions are made minute by minute from their seeds (src/local/testing/production), series of costs in
 * bench/observe/series.ts: weekdays differ by 10 %, hours by 15 %, days by 0.6 % and resemble the one before.
 */
const seeds = Array.from({ length: Number(process.argv[2] ?? 100) }, (_, seed) => seed);
const promised = { error: 0.02, held: 0.93, found: 0.9, alarms: 0.02 } as const;
const figures: Figure[] = [];

for (const [name, made] of [
  ['two weeks, 8,000 records', heldMonth],
  ['two weeks with a deployment, 8,000 records', heldOverChange],
] as const) {
  const samples: Held[] = [];
  for (const seed of seeds) samples.push(await made(seed));
  atLeast(`${name}: the interval holds the true bill`, shareOf(samples.map(({ isHeld }) => isHeld)), promised.held);
  // A seventh of what is read by default: stated, not promised.
  stated(`${name}: within 2 % of the true bill`, shareOf(samples.map(({ error }) => Math.abs(error) < promised.error)));
  stated(`${name}: half of the interval, mean`, mean(samples.map(({ halfWidth }) => halfWidth)));
}

const full: Held[] = [];
for (const seed of seeds.slice(0, 10)) full.push(await heldBill(month(seed, { dayNoise: 0.01 }, 30)));
within(`${full.length} months of a million calls, 60,000 records (default): largest error`, most(full), promised.error);

const busy = await heldBill(month(1, { callsPerDay: 1e6, dayNoise: 0.01 }, 30));
within('thirty days of a million calls each (default): error', Math.abs(busy.error), promised.error);

for (const days of [14, 28]) {
  const rises = shareOf(
    seeds.map((seed) => foundIn(1000 + seed, { days, step: 1.05 }).some(({ ratio }) => ratio.estimate > 1)),
  );
  atLeast(`a rise of 5 % is found in ${days} days`, rises, promised.found);
  const falls = shareOf(
    seeds.map((seed) => foundIn(2000 + seed, { days, step: 1 / 1.05 }).some(({ ratio }) => ratio.estimate < 1)),
  );
  atLeast(`a fall of 5 % is found in ${days} days`, falls, promised.found);
  const alarms = shareOf(seeds.map((seed) => foundIn(seed, { days }).length > 0));
  within(`a change is seen in ${days} days without one`, alarms, promised.alarms);
}
process.stdout.write(asTable(figures));
if (figures.some(({ met }) => met === false)) process.exitCode = 1;

function within(name: string, share: number, bound: number): void {
  figures.push(atMost(100 * bound, 100 * share, ' %', { name }));
}

function atLeast(name: string, share: number, bound: number): void {
  const target = `≥ ${(100 * bound).toFixed(0)} %`;
  figures.push({ name, figure: `${(100 * share).toFixed(1)} %`, value: share, target, met: share >= bound });
}

function stated(name: string, share: number): void {
  figures.push({ name, figure: `${(100 * share).toFixed(2)} %` });
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
