import { vcpusOf } from '../../model/lambda/vcpus.ts';

/**
 * Local lanes share the cores by this rule: an invocation starts only while the CPU shares of all running ones, its own
 * included, fit the cores of the machine; the others wait in the order they came. Waiting is not part of the duration.
 */

/** Cores one invocation counts: its memory's share; at least one while it initializes (init is not throttled). */
export function coresNeeded(memoryMb: number, cold: boolean, cores: number): number {
  const share = vcpusOf(memoryMb);
  return Math.min(cores, cold ? Math.max(1, share) : share);
}

export interface Admission {
  /** Resolves when the shares fit; call the answer once when the invocation has ended. */
  admit(share: number): Promise<() => void>;
  /** Cores in use and invocations waiting. */
  load(): { readonly cores: number; readonly waiting: number };
}

export function createAdmission(cores: number): Admission {
  // Sums of shares such as 128/1769 are not exact: two halves must fit one core.
  const epsilon = 1e-9;
  const waiting: { readonly share: number; readonly start: () => void }[] = [];
  let used = 0;

  const startNext = (): void => {
    // Strictly in order: a large one at the head is not passed by small ones for ever.
    for (let next = waiting[0]; next !== undefined && used + next.share <= cores + epsilon; next = waiting[0]) {
      waiting.shift();
      used += next.share;
      next.start();
    }
  };

  return {
    admit: (wanted) => {
      const share = Math.min(wanted, cores);
      return new Promise((resolve) => {
        waiting.push({ share, start: () => resolve(onlyOnce(() => release(share))) });
        startNext();
      });
    },
    load: () => ({ cores: used, waiting: waiting.length }),
  };

  function release(share: number): void {
    used = Math.max(0, used - share);
    startNext();
  }
}

function onlyOnce(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}
