import { aborted } from '../client/stopping.ts';

/** What a copy waits for: its creation, a change of its settings, the publication of a further version. */
export type Settling = 'creation' | 'update' | 'publication';

/**
 * How long the service takes to settle things of one kind. The first one that waits finds out by looking often; those beside
 * it wait for what it found, and look when their own time has come: mostly once.
 */
export interface Pace {
  /** Whether the caller is the first one: it must then say what it found with `found`, or `gaveUp`. */
  lead(): boolean;
  found(settledMs: number): void;
  gaveUp(): void;
  /** What the first one found; undefined: it gave up. @throws AbortError */
  expectedMs(signal: AbortSignal): Promise<number | undefined>;
}

export type SettlingPaces = Readonly<Record<Settling, Pace>>;

export function newPaces(): SettlingPaces {
  return { creation: newPace(), update: newPace(), publication: newPace() };
}

export function newPace(): Pace {
  let led = false;
  let tell: (settledMs: number | undefined) => void = () => undefined;
  let told = new Promise<number | undefined>((resolve) => {
    tell = resolve;
  });
  return {
    lead() {
      if (led) return false;
      led = true;
      return true;
    },
    found: (settledMs) => tell(settledMs),
    gaveUp() {
      // Those that wait go on by themselves, and the next one to come is the first again.
      tell(undefined);
      led = false;
      told = new Promise((resolve) => {
        tell = resolve;
      });
    },
    expectedMs: (signal) => unlessAborted(told, signal),
  };
}

/** A function that is not in a VPC is mostly Pending for a second or so [infer]. */
const firstLookMs = 200;
/** One that took much longer (a VPC's first network interface) says little of those that come later. */
const longestExpectedMs = 5000;
/** From look to look: so much of the time waited so far, which bounds what is lost to it, whether that is long or short. */
const intervalShare = 0.15;
const shortestIntervalMs = 100;
const longestIntervalMs = 5000;

/**
 * How long to wait before the next look at something asked for `elapsedMs` ago. `sinceLookMs`: since the one before was sent;
 * undefined: there was none. @param random 0 ≤ n < 1
 */
export function pauseBeforeLookMs(waited: {
  readonly elapsedMs: number;
  readonly sinceLookMs: number | undefined;
  readonly expectedMs: number | undefined;
  readonly random: number;
}): number {
  const { elapsedMs, sinceLookMs, expectedMs, random } = waited;
  if (sinceLookMs === undefined) {
    return Math.max(0, Math.min(expectedMs ?? firstLookMs, longestExpectedMs) - elapsedMs);
  }
  const intervalMs = Math.min(longestIntervalMs, Math.max(shortestIntervalMs, elapsedMs * intervalShare));
  // What waits side by side must not ask all at the same moment.
  return Math.max(0, intervalMs * (0.75 + 0.5 * random) - sinceLookMs);
}

/** Stops waiting when the signal is aborted; what was begun goes on to its own end. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(aborted());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
