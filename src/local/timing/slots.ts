/**
 * What the endpoint and the reference loops of its cores share: one slot per call that runs, in which the loops add up how fast
 * the core was, weighted by the time that the function was on the CPU between two looks.
 */
export interface Slots {
  /** For the threads of the loops. */
  readonly shared: Readonly<Record<string, unknown>>;
  /** Of a thread by its id below /proc. Undefined: too many calls at once. */
  take(thread: string): Slot | undefined;
  /** A loop is to look at once: the number that it answers with. */
  ask(place: number): number;
  /** There is something to look at from now on. */
  wakeAll(): void;
}

interface Slot {
  /** The function stands still again. */
  ends(): void;
  speed(): CallSpeed | undefined;
  free(): void;
}

/** How fast the cores were that a call ran on; what the reference loop takes, in ms. */
export interface CallSpeed {
  /** At the mean speed, weighted by the function's time on the CPU. */
  readonly referenceMs: number;
  /** At the highest speed that was seen for a while (`stretch` looks); of a shorter call, at the mean of its looks. */
  readonly fastestMs: number;
  /** One standard error of the logarithm of `referenceMs`, by how far two halves of the looks are apart; 0 of a single look. */
  readonly error: number;
  /** For so long the loop itself had the core that the function would have run on. */
  readonly heldMs: number;
}

/** An account's environments at once are fewer. */
const mostCalls = 256;

const names = [
  /** The thread's time on the CPU up to the last look; negative before the first. */
  'accountedNs',
  'weightNs',
  /** Loops per ms × ns. */
  'work',
  /** The same by every second look, and by the others. */
  'halfWeightNs',
  'otherWeightNs',
  'halfWork',
  'otherWork',
  'speeds',
  'looks',
  'fastest',
  'heldMs',
  'lastSpeed',
  'lastCpu',
  'lastMs',
] as const;
/** Some 45 ms. */
const stretch = 8;
const fields = { ...fieldNumbers(), count: names.length, stretch };

function fieldNumbers(): Readonly<Record<(typeof names)[number], number>> {
  return Object.fromEntries(names.map((name, index) => [name, index])) as Record<(typeof names)[number], number>;
}

export function openSlots(mostLoops: number): Slots {
  const wake = new Int32Array(new SharedArrayBuffer(4 * mostLoops));
  const asked = new Int32Array(new SharedArrayBuffer(4 * mostLoops));
  /** Id of the thread that a call runs in; 0: nobody's. */
  const threads = new Int32Array(new SharedArrayBuffer(4 * mostCalls));
  /** 1: it runs; 2: it has ended. */
  const states = new Int32Array(new SharedArrayBuffer(4 * mostCalls));
  const sums = new Float64Array(new SharedArrayBuffer(8 * mostCalls * names.length));
  /** The speeds that were seen last, by slot. */
  const latest = new Float64Array(new SharedArrayBuffer(8 * mostCalls * stretch));
  const rouse = (place: number): void => {
    Atomics.add(wake, place, 1);
    Atomics.notify(wake, place);
  };

  return {
    shared: { wake, asked, threads, states, sums, latest, fields },
    take(thread) {
      const index = threads.indexOf(0);
      const id = Number(thread.split('/').at(-1));
      if (index === -1 || !Number.isInteger(id)) return undefined;
      const from = index * names.length;
      sums.fill(0, from, from + names.length);
      sums[from + fields.accountedNs] = -1;
      states[index] = 1;
      Atomics.store(threads, index, id);
      const sum = (field: number): number => sums[from + field] ?? 0;
      return {
        ends() {
          states[index] = 2;
        },
        speed() {
          const looks = sum(fields.looks);
          if (looks === 0) return undefined;
          const weight = sum(fields.weightNs);
          const mean = weight > 0 ? sum(fields.work) / weight : sum(fields.speeds) / looks;
          const fastest = Math.max(sum(fields.fastest), looks < stretch ? sum(fields.speeds) / looks : 0, mean);
          const half = sum(fields.halfWork) / sum(fields.halfWeightNs);
          const other = sum(fields.otherWork) / sum(fields.otherWeightNs);
          return {
            referenceMs: 1 / mean,
            fastestMs: 1 / fastest,
            error: half > 0 && other > 0 ? Math.abs(Math.log(half / other)) / 2 : 0,
            heldMs: sum(fields.heldMs),
          };
        },
        free() {
          Atomics.store(threads, index, 0);
        },
      };
    },
    ask(place) {
      const ticket = Atomics.add(asked, place, 1) + 1;
      rouse(place);
      return ticket;
    },
    wakeAll() {
      for (let place = 0; place < mostLoops; place += 1) rouse(place);
    },
  };
}
