/** What the times of the bare reference loop say of the host, as pure arithmetic. */

/** The loop, run a few times in a row; per loop, in milliseconds. */
export interface LoopSample {
  /** The second quickest: a loop is so short that most are not interrupted, whoever else wants the core. */
  readonly quickMs: number;
  readonly meanMs: number;
}

export function loopSample(timesMs: readonly number[]): LoopSample {
  const ordered = [...timesMs].sort((one, other) => one - other);
  return {
    quickMs: ordered[Math.min(1, ordered.length - 1)] ?? 0,
    meanMs: timesMs.reduce((sum, one) => sum + one, 0) / timesMs.length,
  };
}

/** A slower loop than this is the host's doing, a quicker one ordinary scatter. */
const scatter = 1.05;

/** Not the very best sample is taken to be of the free host, but the third: two may be lucky readings of the clock. */
const luckySamples = 2;

export interface HostSpeeds {
  add(sample: LoopSample): void;
  slowness(samples: readonly (LoopSample | undefined)[]): HostSlowness;
}

/** How many times as long as on the free host the work between samples took; 1 where it is not known. */
export interface HostSlowness {
  /** Of work while it has a core: clock rate, a neighbour on the same physical core, shared caches. */
  readonly running: number;
  /** The same, at most: where the samples differ, the slower one. */
  readonly atMost: number;
  /** With the time in which the loop waited for a core: for hosts whose kernel does not count it. */
  readonly waitingToo: number;
}

/**
 * The free host is what it was in the best samples so far. Work between two samples is taken to have run as slowly
 * as both say, so as the quicker one: a moment that one of them met does not speak for the whole time between (measured on two
 * busy cores: of two samples around 100 ms, one tells nothing of the other unless the host stays slow).
 */
export function hostSpeeds(): HostSpeeds {
  /** In order. */
  const quick: number[] = [];
  const bestMs = () => quick[Math.min(luckySamples, quick.length - 1)];
  return {
    add({ quickMs }) {
      const at = quick.findIndex((other) => other >= quickMs);
      quick.splice(at === -1 ? quick.length : at, 0, quickMs);
    },
    slowness(samples) {
      const known = samples.filter((sample) => sample !== undefined);
      const best = bestMs();
      if (known.length === 0 || best === undefined || !(best > 0)) return { running: 1, atMost: 1, waitingToo: 1 };
      const times = (ms: number) => (ms < best * scatter ? 1 : ms / best);
      const quickest = known.map(({ quickMs }) => quickMs);
      return {
        running: times(Math.min(...quickest)),
        atMost: times(Math.max(...quickest)),
        waitingToo: times(Math.min(...known.map(({ meanMs }) => meanMs))),
      };
    },
  };
}
