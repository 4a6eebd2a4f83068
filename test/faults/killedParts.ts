import { type Random, seededRandom } from '../../src/stats/random.ts';
import { accountPicture, type Running } from '../e2e/support.ts';
import type { Schedule, Verdict } from './disturbedRuns.ts';
import { type Attempt, violationsOfAttempt, violationsOfFleet } from './fleetInvariants.ts';
import { type FleetStage, fleetNames, openFleetStage, partOf, parts } from './fleetUnderTest.ts';

/** Parts of a fleet that are killed at random points, once or several times, and started again as they were. */

type Kill =
  /** At a call of all that reach the account, or so long after it; the call itself may never take effect. */
  | {
      readonly kind: 'call';
      readonly part: number;
      readonly index: number;
      readonly afterMs: number;
      readonly isLost: boolean;
    }
  /** At a change of a file: between what is paid and what says that it is done. */
  | { readonly kind: 'file'; readonly part: number; readonly diesAt: string };

/** Calls that both parts make together, and files that a part replaces, about. */
const calls = 130;
const renames = 11;
const unlinks = 6;
const mostAttempts = 8;

export function killedParts(seed: number): Schedule {
  const random = seededRandom(seed);
  const machines = random() < 0.5 ? 'one' : 'many';
  const kills = Array.from({ length: 1 + Math.floor(random() * 4) }, () => killOf(random));
  return {
    fault: 'parts of a fleet killed and resumed',
    name: `parts of a fleet killed and resumed @${seed}`,
    run: () => play(machines, kills),
  };
}

function killOf(random: Random): Kill {
  const part = 1 + Math.floor(random() * parts);
  if (random() < 0.4) {
    const moment = random() < 0.5 ? 'before' : 'after';
    const isRename = random() < 0.7;
    const nth = 1 + Math.floor(random() * (isRename ? renames : unlinks));
    return { kind: 'file', part, diesAt: `${isRename ? 'rename' : 'unlink'} ${nth} ${moment}` };
  }
  const afterMs = random() < 0.5 ? 0 : random() * 60;
  return { kind: 'call', part, index: Math.floor(random() * calls), afterMs, isLost: random() < 0.5 };
}

async function play(machines: 'one' | 'many', kills: readonly Kill[]): Promise<Verdict> {
  const stage = await openFleetStage(machines);
  try {
    const before = accountPicture(stage.account.endpoint.snapshot());
    const running = new Map<number, Running>();
    const end = (part: number) => running.get(part)?.kill('SIGKILL');
    const open = new Set(kills);
    stage.account.under({
      latencyMs: 2,
      faults: ({ index, resource }) => {
        for (const kill of open) {
          if (kill.kind !== 'call' || kill.index > index) continue;
          open.delete(kill);
          if (kill.afterMs > 0) {
            setTimeout(() => end(kill.part), kill.afterMs);
            continue;
          }
          end(kill.part);
          const isOwn = fleetNames.some((name) => partOf(name) === kill.part && resource.includes(name));
          if (kill.isLost && isOwn) return 'resetBefore';
        }
        return undefined;
      },
    });
    /** The next process of the part. */
    const start = (part: number) => {
      const [death] = [...open].filter((kill) => kill.kind === 'file' && kill.part === part);
      if (death !== undefined) open.delete(death);
      const run = stage.start(part, death?.kind === 'file' ? death.diesAt : undefined);
      running.set(part, run);
      return run;
    };
    const played = await Promise.all(Array.from({ length: parts }, (_, nth) => playPart(nth + 1, stage, start)));
    const attempts = played.flat();
    return {
      code: attempts.some(({ finished }) => finished.code === null) ? null : 0,
      violations: [...attempts.flatMap(violationsOfAttempt), ...(await violationsOfFleet(stage, before, attempts))],
    };
  } finally {
    await stage.close();
  }
}

/** Until it ends by itself. */
async function playPart(
  part: number,
  stage: FleetStage,
  start: (part: number) => Running,
): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  let { length: from } = stage.account.endpoint.calls();
  while (attempts.length < mostAttempts) {
    const known = await stage.progressOf(part);
    const finished = await start(part).finished;
    // What a dead process had sent arrives.
    await new Promise((resolve) => setTimeout(resolve, 30));
    const to = stage.account.endpoint.calls().length;
    attempts.push({ part, known, left: await stage.progressOf(part), calls: stage.invoked(part, from, to), finished });
    from = to;
    if (finished.signal === null) break;
  }
  return attempts;
}
