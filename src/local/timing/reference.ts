import { Worker } from 'node:worker_threads';
import { type CallSpeed, openSlots, type Slots } from './slots.ts';

/**
 * How fast the cores of this machine are while a function runs, by a reference loop (runtime/bootstraps/reference.mjs) in threads
 * of this process that are bound to one core each. The loop is run on the core that the function is on: right before and after
 * the call, and every few milliseconds meanwhile, where it takes the core for some 0.15 ms. That the function waits for it the kernel
 * counts as for anything else that runs there, and it is left out of the duration.
 *
 * It has to be the same core, and often. Measured on a virtual machine: a core loses half its speed when its neighbour (another
 * thread of the same core, which is another machine's) works; cores have nothing in common (correlation with the function's own
 * slowness 0.98 on the same core, 0.05 on the other), and the neighbour comes and goes: what was seen 25 ms ago tells 0.9, 250 ms ago 0.7, a second ago
 * 0.2 of it. What is made of it is decided where all calls of a run are known (analysis/machine/pace.ts).
 */
export interface Reference {
  /** Right before a call, while the function stands still. Undefined: the loop cannot be run there. */
  begin(thread: string | undefined): Promise<Meter | undefined>;
  close(): Promise<void>;
}

interface Meter {
  /** Right after it. Undefined: the thread is gone, or nothing was seen. */
  end(thread: string | undefined): Promise<CallSpeed | undefined>;
}

/** Of the core's time 3 to 5 % go to the loop. */
const apartMs = 5.5;
/** On a machine with many cores functions come to all of them, and a loop takes some 10 MB. */
const mostLoops = 16;

interface Loop {
  /** Looks at once. False: it cannot be run. */
  ask(): Promise<boolean>;
  end(): Promise<void>;
}

export interface ReferenceProgram {
  /** The file that a thread runs. */
  readonly loop: string;
  /** Where `taskset` is looked for. */
  readonly toolPath: string;
  /** The core that a thread is on. Undefined: it is gone. */
  readonly coreOf: (thread: string) => number | undefined;
}

export function openReference(program: ReferenceProgram): Reference {
  /** Started by the first call on that core, not by every endpoint. */
  const loops = new Map<number, Loop>();
  const slots = openSlots(mostLoops);
  let isClosed = false;

  async function lookAt(cpu: number | undefined): Promise<boolean> {
    if (cpu === undefined || isClosed) return false;
    const known = loops.get(cpu);
    if (known === undefined && loops.size >= mostLoops) return false;
    const loop = known ?? startLoop(cpu, loops.size, program, slots);
    loops.set(cpu, loop);
    return loop.ask();
  }

  return {
    async begin(thread) {
      const cpu = thread === undefined ? undefined : program.coreOf(thread);
      if (thread === undefined || cpu === undefined || isClosed) return undefined;
      const slot = slots.take(thread);
      if (slot === undefined) return undefined;
      const isSeen = await lookAt(cpu);
      if (!isSeen) slot.free();
      else slots.wakeAll();
      return isSeen ? { end: (busiest) => end(slot, busiest) } : undefined;
    },
    async close() {
      isClosed = true;
      await Promise.all([...loops.values()].map((loop) => loop.end()));
    },
  };

  async function end(slot: ReturnType<Slots['take']> & object, thread: string | undefined) {
    slot.ends();
    const isSeen = await lookAt(thread === undefined ? undefined : program.coreOf(thread));
    const speed = slot.speed();
    slot.free();
    return isSeen ? speed : undefined;
  }
}

/** The thread inherits what precedence the main thread has (runtime/precedence.ts). */
function startLoop(cpu: number, place: number, { loop, toolPath }: ReferenceProgram, slots: Slots): Loop {
  const worker = new Worker(loop, {
    workerData: { cpu, toolPath, place, apartMs, ...slots.shared },
    env: {},
    execArgv: [],
  });
  let isOver = false;
  let waiting: { readonly ticket: number; readonly resolve: (isSeen: boolean) => void }[] = [];
  const answer = (isSeen: boolean, upTo: number): void => {
    for (const { ticket, resolve } of waiting) if (ticket <= upTo) resolve(isSeen);
    waiting = waiting.filter(({ ticket }) => ticket > upTo);
    if (waiting.length === 0) worker.unref();
  };
  worker.on('message', ({ ticket }: { readonly ticket: number }) => answer(true, ticket));
  // Without `taskset`, or where a core may not be used: no call is held up for it, and none is corrected.
  worker.on('error', () => undefined);
  worker.on('exit', () => {
    isOver = true;
    answer(false, Number.POSITIVE_INFINITY);
  });
  worker.unref();
  return {
    ask() {
      if (isOver) return Promise.resolve(false);
      // Somebody waits for it: the process is not to end meanwhile.
      worker.ref();
      return new Promise((resolve) => {
        waiting.push({ ticket: slots.ask(place), resolve });
      });
    },
    async end() {
      await worker.terminate();
    },
  };
}
