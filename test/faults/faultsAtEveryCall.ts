import type { Interruption } from '../../src/base/io.ts';
import type { CallInfo, Fault } from '../../src/local/testing/testing.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { runDisturbed, runKilled, runKilledCleanup, runSideBySide, type Schedule } from './disturbedRuns.ts';
import { type FaultKind, type FaultName, faultKinds, faultNames } from './faultKinds.ts';

/** Every schedule of the full sweep over a run of so many calls. */
export function faultsAtEveryCall(calls: number, randomSeeds: readonly number[]): readonly Schedule[] {
  const each = Array.from({ length: calls }, (_, index) => index);
  return [
    ...faultNames.flatMap((name) => each.map((index) => once(name, index))),
    ...faultNames
      .filter((name) => (faultKinds[name] as FaultKind).persistent)
      .flatMap((name) => each.map((index) => fromThenOn(name, index))),
    ...(['SIGINT', 'SIGTERM', 'SIGHUP'] as const).flatMap((signal) => each.map((index) => interrupted(signal, index))),
    ...(['before', 'after'] as const).flatMap((moment) =>
      (['kept', 'lost'] as const).flatMap((journal) => each.map((index) => killed(moment, journal, index))),
    ),
    ...each.map((index) => interruptedTwice(index, calls)),
    ...Array.from({ length: callsOfCleanup }, (_, index) => index).flatMap((index) => [
      killedCleanup(index, 'before'),
      killedCleanup(index, 'after'),
    ]),
    ...randomSeeds.map((seed) => random(seed, calls)),
    ...randomSeeds
      .slice(0, Math.ceil(randomSeeds.length / 10))
      .flatMap((seed) => [clockSet(seed, calls), together(seed, calls)]),
  ];
}

/** A clean-up of six functions and a log group makes about so many. */
const callsOfCleanup = 24;

function once(name: FaultName, at: number): Schedule {
  const { fault, once: end } = faultKinds[name];
  const expected = end === 'absorbed' ? ({ codes: [0], answer: 'complete' } as const) : { codes: [0, 2, 3, 5] };
  return {
    fault: name,
    name: `${name} @${at}`,
    run: () =>
      runDisturbed({
        testing: () => ({ faults: ({ index }) => (index === at ? fault : undefined) }),
        expected,
        random: seededRandom(at),
      }),
  };
}

function fromThenOn(name: FaultName, from: number): Schedule {
  const { fault } = faultKinds[name];
  return {
    fault: `${name}, from then on`,
    name: `${name}, from then on @${from}`,
    run: () =>
      runDisturbed({
        testing: () => ({ faults: ({ index }) => (index >= from ? fault : undefined) }),
        expected: { codes: [0, 2, 3, 5] },
        random: seededRandom(from),
      }),
  };
}

const codeOf = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
/** The run's --max-in-flight. */
const inFlight = 3;

function interrupted(signal: Interruption['signal'], at: number): Schedule {
  return {
    fault: signal,
    name: `${signal} @${at}`,
    run: () =>
      runDisturbed({
        testing: (interrupt) => ({
          faults: ({ index }) => {
            if (index === at) interrupt(signal);
            return undefined;
          },
        }),
        expected: { codes: [codeOf[signal]], unreadAnswers: inFlight },
        random: seededRandom(at),
      }),
  };
}

function killed(moment: 'before' | 'after', journal: 'kept' | 'lost', at: number): Schedule {
  const fault = `SIGKILL just ${moment} a call${journal === 'lost' ? ', the journal lost as well' : ''}`;
  return {
    fault,
    name: `${fault} @${at}`,
    run: () =>
      runKilled({
        onCall: (index, signal) => {
          if (index !== at) return undefined;
          signal('SIGKILL');
          return moment === 'before' ? 'resetBefore' : undefined;
        },
        journal,
      }),
  };
}

function interruptedTwice(at: number, calls: number): Schedule {
  return {
    fault: 'SIGINT twice',
    name: `SIGINT twice @${at}`,
    run: () =>
      runKilled({
        onCall: (index, signal) => {
          if (index === at || index === at + 2) signal('SIGINT');
          return undefined;
        },
        journal: 'kept',
        // At the last call of all (some runs look once less often) the run may be done before the signal arrives.
        codes: at >= calls - 2 ? [0, 130, 5] : [130, 5],
        says: /tune cleanup --run faulty/,
      }),
  };
}

function killedCleanup(at: number, moment: 'before' | 'after'): Schedule {
  return {
    fault: 'SIGKILL of the clean-up',
    name: `SIGKILL of the clean-up ${moment} @${at}`,
    run: () => runKilledCleanup(at, moment),
  };
}

/** Up to four faults, a latency of its own for every call (so that calls overtake each other), states that take time. */
function random(seed: number, calls: number): Schedule {
  const next = seededRandom(seed);
  const kinds = faultNames.filter((name) => !('slow' in faultKinds[name]));
  const faults = new Map<number, Fault>();
  const count = 1 + Math.floor(next() * 4);
  const drawn = new Set<FaultName>();
  for (let n = 0; n < count; n += 1) {
    const name = kinds[Math.floor(next() * kinds.length)] ?? '500 before the effect';
    // A service that says twice that a thing does not exist is believed; nothing else could be.
    if (name === '404 not found' && drawn.has(name)) continue;
    drawn.add(name);
    faults.set(Math.floor(next() * calls), faultKinds[name].fault);
  }
  const slowestMs = next() * 40;
  const pendingMs = next() * 60;
  const signalAt = next() < 0.3 ? Math.floor(next() * calls) : -1;
  return {
    fault: 'random schedules',
    name: `random schedules @${seed}`,
    run: () =>
      runDisturbed({
        testing: (interrupt) => ({
          latencyMs: () => next() * slowestMs,
          states: { pendingMs, updateMs: 0, publishMs: pendingMs },
          faults: ({ index }: CallInfo) => {
            if (index === signalAt) interrupt('SIGTERM');
            return faults.get(index);
          },
        }),
        expected: { codes: [0, 2, 3, 5, 143], unreadAnswers: inFlight },
        random: seededRandom(seed + 1),
      }),
  };
}

const dayMs = 24 * 3600_000;

/** The clock of this machine is wrong from the start or is set while the run goes on, by up to a day, forwards or back. */
function clockSet(seed: number, calls: number): Schedule {
  const next = seededRandom(seed);
  const at = Math.floor(next() * calls) - 1;
  const byMs = Math.round((2 * next() - 1) * dayMs);
  let offMs = at < 0 ? byMs : 0;
  return {
    fault: 'clock set by up to a day',
    name: `clock set by up to a day @${seed}`,
    run: () =>
      runDisturbed({
        testing: () => ({
          faults: ({ index }) => {
            if (index === at) offMs = byMs;
            return undefined;
          },
        }),
        // Of the last calls, none may come after the clock was set.
        expected: { codes: [0], answer: 'complete', mistimed: Math.abs(byMs) > 6 * 60_000 && at < calls - 10 },
        random: seededRandom(seed + 1),
        now: () => new Date(Date.now() + offMs),
      }),
  };
}

/** Two to four runs that begin at any time of the others, calls that take different times, and a clean-up among them. */
function together(seed: number, calls: number): Schedule {
  const next = seededRandom(seed);
  const count = 2 + Math.floor(next() * 3);
  const runsAt = Array.from({ length: count }, (_, n) => (n === 0 ? 0 : Math.floor(next() * calls * n))).toSorted(
    (one, other) => one - other,
  );
  const slowestMs = next() * 20;
  return {
    fault: 'runs and a clean-up side by side',
    name: `runs and a clean-up side by side @${seed}`,
    run: () =>
      runSideBySide({
        runsAt,
        cleanupAt: Math.floor(next() * calls * count),
        testing: { latencyMs: () => next() * slowestMs },
        random: seededRandom(seed + 1),
      }),
  };
}
