import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';

/**
 * How fast a core of this machine is right now, by a reference loop (runtime/bootstraps/reference.mjs) in a thread of this process that
 * runs on that core alone. It is asked before and after a call, while that function stands still, and now and then in a long one, for the core that the function
 * ran on: on a virtual machine each core has neighbours of its own, and loops on two of them had nothing in common (correlation
 * with the function's own slowness 0.79 on the same core, 0.05 on the other). What is made of it is decided where all calls of
 * a run are known (analysis/pace.ts).
 */
export interface Reference {
  /** What the loop takes now, in ms; of a moment ago where it has just been run. Undefined: it cannot be run there. */
  timeMs(cpu: number | undefined): Promise<number | undefined>;
  close(): Promise<void>;
}

/** Some two milliseconds of work at most so often, however short the calls are: 4 % of a core. */
const leastApartMs = 50;
/** On a machine with many cores functions come to all of them, and a loop takes some 10 MB. */
const mostLoops = 16;

interface Loop {
  latest(): Promise<number | undefined>;
  end(): Promise<void>;
}

export interface ReferenceProgram {
  /** The file that a thread runs. */
  readonly loop: string;
  /** Where `taskset` is looked for. */
  readonly toolPath: string;
}

export function openReference(program: ReferenceProgram): Reference {
  /** Started by the first call on that core, not by every endpoint. */
  const loops = new Map<number, Loop>();
  let isClosed = false;
  return {
    async timeMs(cpu) {
      if (cpu === undefined || isClosed) return undefined;
      const known = loops.get(cpu);
      if (known === undefined && loops.size >= mostLoops) return undefined;
      const loop = known ?? startLoop(cpu, program);
      loops.set(cpu, loop);
      return loop.latest();
    },
    async close() {
      isClosed = true;
      await Promise.all([...loops.values()].map((loop) => loop.end()));
    },
  };
}

/** The thread inherits what precedence the main thread has (runtime/precedence.ts). */
function startLoop(cpu: number, { loop, toolPath }: ReferenceProgram): Loop {
  const worker = new Worker(loop, {
    workerData: { cpu, toolPath },
    env: {},
    execArgv: [],
  });
  let isOver = false;
  let waiting: ((timeMs: number | undefined) => void) | undefined;
  let last: { readonly atMs: number; readonly timeMs: Promise<number | undefined> } | undefined;
  const give = (timeMs: number | undefined): void => {
    worker.unref();
    waiting?.(timeMs);
    waiting = undefined;
  };
  worker.on('message', ({ referenceMs }: { readonly referenceMs: number }) => give(referenceMs));
  // Without `taskset`, or where a core may not be used: no call is held up for it, and none is corrected.
  worker.on('error', () => undefined);
  worker.on('exit', () => {
    isOver = true;
    give(undefined);
  });
  worker.unref();
  return {
    latest() {
      if (isOver) return Promise.resolve(undefined);
      const nowMs = performance.now();
      if (last !== undefined && (waiting !== undefined || nowMs - last.atMs < leastApartMs)) return last.timeMs;
      // Somebody waits for it: the process is not to end meanwhile.
      worker.ref();
      const timeMs = new Promise<number | undefined>((resolve) => {
        waiting = resolve;
      });
      worker.postMessage('run');
      last = { atMs: nowMs, timeMs };
      return timeMs;
    },
    async end() {
      await worker.terminate();
    },
  };
}
