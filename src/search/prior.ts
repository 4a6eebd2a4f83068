import { type Configuration, findMadeOf } from '../model/configuration.ts';
import type { Prior } from '../model/production/prior.ts';
import type { SizeEstimate } from './estimate.ts';
import type { SearchOptions, SizeSoFar } from './options.ts';
import type { Question } from './question.ts';

const wholeVcpuMb = 1769;

/** Of the processor's time that production told: threads, compilers and small sizes bend the curve that follows from it. */
const believed = [0.65, 1, 1.35];

/** A rung that is predicted to be so much dearer than the cheapest is not begun with. */
const margin = 0.05;
/** One that is surely so much dearer than what was measured is not called. All by `npm run bench:search -- --prior`. */
const closing = 0.15;

/** A step down that saves less ends the way down. */
const leastGain = 0.02;

/** What runs in 150 MB runs in 128 MB, too, as a rule: runtimes with a heap take more the more there is. */
const leastHeld = 1.5;

/**
 * The rungs that a climb is about when production has been read. Begun is with the largest of those that the time of its processor
 * makes about the cheapest; above it none is called that is surely dearer by it. It is believed only as long as nothing measured
 * speaks against it: where the first rung turns out to be the cheapest, the one before it is opened, too.
 */
export function openRungs(
  rungs: readonly Configuration[],
  question: Question,
  estimates: readonly SizeEstimate[],
  measured: readonly SizeSoFar[],
  { prior }: Pick<SearchOptions, 'prior'>,
): readonly Configuration[] {
  if (prior === undefined || question === 'fastest') return rungs;
  const fitting = rungs.filter((rung) => !isTooSmall(rung, prior));
  const ladder = rungsWith(fitting, estimates);
  const best = bestOf(ladder);
  const open = ladder.filter(
    ({ rung, centre }) =>
      centre !== undefined ||
      best === undefined ||
      rung.memoryMb < best.rung.memoryMb ||
      findMadeOf(measured, rung) !== undefined ||
      !isSurelyDearer(rung, best.rung, question, prior),
  );
  const startMb = Math.min(startOf(fitting, question, prior), best?.rung.memoryMb ?? Number.POSITIVE_INFINITY);
  let from = Math.max(
    0,
    open.findIndex(({ rung }) => rung.memoryMb >= startMb),
  );
  while (from > 0 && leadsDown(open, from, best, measured)) from--;
  return open.slice(from).map(({ rung }) => rung);
}

/** A rung that production speaks against. */
export interface Passed {
  readonly configuration: Configuration;
  /** `below`: of where the climb began. */
  readonly why: 'tooSmall' | 'below' | 'dearer';
  /** What it was compared with: what was used, where the climb began, the cheapest that was measured. */
  readonly besideMb: number;
}

export function passedOver(
  rungs: readonly Configuration[],
  question: Question,
  estimates: readonly SizeEstimate[],
  measured: readonly SizeSoFar[],
  options: Pick<SearchOptions, 'prior'>,
): readonly Passed[] {
  const { prior } = options;
  if (prior === undefined) return [];
  const open = openRungs(rungs, question, estimates, measured, options);
  const startMb = open[0]?.memoryMb ?? 0;
  return rungs.flatMap((configuration): readonly Passed[] => {
    if (open.includes(configuration)) return [];
    if (isTooSmall(configuration, prior))
      return [{ configuration, why: 'tooSmall', besideMb: Math.round(prior.usedMb ?? 0) }];
    if (configuration.memoryMb < startMb) return [{ configuration, why: 'below', besideMb: startMb }];
    const best = bestOf(rungsWith(rungs, estimates));
    return [{ configuration, why: 'dearer', besideMb: best?.rung.memoryMb ?? startMb }];
  });
}

function rungsWith(rungs: readonly Configuration[], estimates: readonly SizeEstimate[]): readonly Rung[] {
  return rungs.map((rung) => ({ rung, centre: findMadeOf(estimates, rung)?.centre }));
}

function bestOf(ladder: readonly Rung[]): Rung | undefined {
  return ladder.reduce<Rung | undefined>(
    (least, one) =>
      one.centre !== undefined && one.centre < (least?.centre ?? Number.POSITIVE_INFINITY) ? one : least,
    undefined,
  );
}

function isTooSmall({ memoryMb }: Configuration, { usedMb }: Prior): boolean {
  return usedMb !== undefined && memoryMb * leastHeld < usedMb;
}

interface Rung {
  readonly rung: Configuration;
  /** Undefined where it was not called, or without an answer. */
  readonly centre: number | undefined;
}

/** Whether the rung before is worth a call: this one is the cheapest, and it is known to be cheaper than the next. */
function leadsDown(
  ladder: readonly Rung[],
  from: number,
  best: Rung | undefined,
  measured: readonly SizeSoFar[],
): boolean {
  const [first, next] = [ladder[from], ladder[from + 1]];
  if (first?.centre === undefined || first !== best) return false;
  if (findMadeOf(measured, first.rung)?.infeasible !== undefined) return false;
  if (next === undefined) return true;
  return next.centre !== undefined && first.centre * (1 + leastGain) < next.centre;
}

/** MB. Without the time of the processor: of the first. */
function startOf(rungs: readonly Configuration[], question: Question, prior: Prior): number {
  const held = rungs.find(({ memoryMb }) => memoryMb >= (prior.usedMb ?? 0))?.memoryMb ?? 0;
  const { cpuMs } = prior;
  if (cpuMs === undefined || rungs.length === 0) return held;
  const starts = busyTimes(cpuMs).map((busyMs) => {
    const predicted = rungs.map((rung) => figureAt(rung, question, prior, busyMs));
    const least = Math.min(...predicted);
    return rungs[predicted.findLastIndex((figure) => figure <= least * (1 + margin))]?.memoryMb ?? 0;
  });
  return Math.max(held, Math.min(...starts));
}

function isSurelyDearer(rung: Configuration, than: Configuration, question: Question, prior: Prior): boolean {
  const { cpuMs } = prior;
  return (
    cpuMs !== undefined &&
    busyTimes(cpuMs).every(
      (busyMs) => figureAt(rung, question, prior, busyMs) > (1 + closing) * figureAt(than, question, prior, busyMs),
    )
  );
}

function busyTimes({ low, estimate, high }: NonNullable<Prior['cpuMs']>): readonly number[] {
  return [low, estimate, high].map((busyMs, index) => busyMs * (believed[index] ?? 1));
}

/** D(m) = W + C·max(1, 1769/m), one thread; up to a factor, what the question compares. */
function figureAt({ memoryMb }: Configuration, question: Question, prior: Prior, busyMs: number): number {
  const slowdown = (mb: number) => Math.max(1, wholeVcpuMb / mb);
  const wholeMs = Math.min(busyMs, prior.durationMs / slowdown(prior.memoryMb));
  const waitMs = prior.durationMs - wholeMs * slowdown(prior.memoryMb);
  const durationMs = waitMs + wholeMs * slowdown(memoryMb);
  const cost = memoryMb * durationMs + requestMbMs;
  return question === 'balanced' ? Math.sqrt(cost * durationMs) : cost;
}

/** What a request costs, as MB times milliseconds. */
const requestMbMs = 12_288;
