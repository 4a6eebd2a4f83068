import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { bootstrapsFolder } from './runtimes.ts';

/**
 * How fast this machine is right now, by a reference loop (bootstraps/reference.mjs) in a thread of its own. It is asked before
 * and after a call, while that function stands still. What is made of it is decided where all calls of a run are known
 * (analysis/pace.ts).
 */
export interface Reference {
  /** What the loop takes now, in ms; of a moment ago where it has just been run. Undefined: it cannot be run here. */
  timeMs(): Promise<number | undefined>;
  close(): Promise<void>;
}

/** Some 2 ms of work at most so often: 4 % of one core, however short the calls are. */
const leastApartMs = 50;

export function openReference(nowMs: () => number = () => performance.now()): Reference {
  let worker: Worker | undefined;
  let isOver = false;
  let latest: { readonly atMs: number; readonly timeMs: Promise<number | undefined> } | undefined;

  /** Started by the first call, not by every endpoint. */
  function run(): Promise<number | undefined> {
    const loop = worker ?? startLoop();
    worker = loop;
    return new Promise((resolve) => {
      const give = (timeMs: number | undefined): void => {
        loop.off('message', hear);
        loop.off('exit', stop);
        loop.unref();
        resolve(timeMs);
      };
      const hear = ({ referenceMs }: { readonly referenceMs: number }): void => give(referenceMs);
      const stop = (): void => {
        isOver = true;
        give(undefined);
      };
      loop.once('message', hear);
      loop.once('exit', stop);
      // Somebody waits for it: the process is not to end meanwhile.
      loop.ref();
      loop.postMessage('run');
    });
  }

  return {
    timeMs() {
      if (isOver) return Promise.resolve(undefined);
      if (latest === undefined || nowMs() - latest.atMs >= leastApartMs) latest = { atMs: nowMs(), timeMs: run() };
      return latest.timeMs;
    },
    async close() {
      isOver = true;
      await worker?.terminate();
    },
  };
}

function startLoop(): Worker {
  const loop = new Worker(join(bootstrapsFolder, 'reference.mjs'), { env: {}, execArgv: [] });
  // It ends then, and no call is held up for it.
  loop.on('error', () => undefined);
  loop.unref();
  return loop;
}
