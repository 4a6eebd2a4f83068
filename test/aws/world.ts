import { setTimeout as wait } from 'node:timers/promises';
import { createClients } from '../../src/aws/client/client.ts';
import type { ShadowClock } from '../../src/aws/client/stopping.ts';
import type { ShadowEvent, ShadowOptions } from '../../src/aws/shadow/context.ts';
import { createAwsPlatform } from '../../src/aws/shadow/shadow.ts';
import { describeTarget } from '../../src/aws/target/target.ts';
import type { TestingOptions } from '../../src/local/testing/testing.ts';
import type { Architecture, Configuration } from '../../src/model/configuration.ts';
import type { Journal } from '../../src/state/journal.ts';
import { type Resource, resourceKey } from '../../src/state/journalFormat.ts';
import { type Lab, settled, startLab } from '../local/lab.ts';

/** Waits take a fortieth of their time, so that they cost little. */
const speed = 40;
/** Moves only when a wait has ended: on a busy machine, too, what gives up after a minute has waited for a minute. */
let waitedMs = 0;

export const fastClock: ShadowClock = {
  now: () => new Date(),
  monotonicMs: () => waitedMs,
  random: () => 0.5,
  sleep: async (ms, signal) => {
    const wakesAtMs = waitedMs + ms;
    await wait(ms / speed, undefined, signal ? { signal } : {}).then(
      () => {
        waitedMs = Math.max(waitedMs, wakesAtMs);
      },
      () => undefined,
    );
  },
};

/** As it passes. */
export const realClock: ShadowClock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  random: () => 0.5,
  sleep: async (ms, signal) => {
    await wait(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
  },
};

/** Time passes only while something is waited for: what is to happen within seconds happens so on any machine. */
export function steppedClock(): ShadowClock {
  let nowMs = 0;
  return {
    now: () => new Date(),
    monotonicMs: () => nowMs,
    random: () => 0.5,
    sleep: async (ms, signal) => {
      const untilMs = nowMs + ms;
      await wait(0);
      if (!signal?.aborted) nowMs = Math.max(nowMs, untilMs);
    },
  };
}

export const never = new AbortController().signal;

/** A journal in memory: what it holds, and every word in order. */
function memoryJournal(runId: string) {
  const mayExist = new Map<string, Resource>();
  const words: string[] = [];
  const note = (word: string, resource: Resource) => {
    words.push(`${word} ${resource.kind === 'stagedObject' ? resource.key : resource.name}`);
  };
  const journal: Journal = {
    runId,
    file: 'memory',
    intend(resource) {
      mayExist.set(resourceKey(resource), resource);
      note('intend', resource);
    },
    made: (resource) => note('made', resource),
    removed(resource) {
      mayExist.delete(resourceKey(resource));
      note('removed', resource);
    },
    renewed: (until) => void words.push(`renewed ${until.toISOString()}`),
    close: () => undefined,
  };
  return { journal, words, open: () => [...mayExist.values()] };
}

export interface WorldOptions {
  readonly lab?: Parameters<typeof startLab>[0];
  readonly create?: Parameters<Lab['create']>[0];
  readonly reference?: string;
  readonly shadow?: Partial<ShadowOptions>;
  readonly runId?: string;
  readonly clock?: ShadowClock;
  /** Conditions from after the description on. */
  readonly testing?: Omit<TestingOptions, 'forTestsOnly'>;
}

/** An endpoint with the function `orders`, described, and a platform for one run on it. Calls are counted from here on. */
export async function startWorld(options: WorldOptions = {}) {
  const lab = await startLab({ testing: settled, ...options.lab });
  const clock = options.clock ?? fastClock;
  await lab.create(options.create);
  const clients = await createClients(
    { region: 'us-east-1', endpointUrl: lab.endpoint.url, credentials: { accessKeyId: 'lab', secretAccessKey: 'lab' } },
    clock,
  );
  const target = await describeTarget(clients, options.reference ?? 'orders');
  const events: ShadowEvent[] = [];
  const runId = options.runId ?? 'k3x9';
  const memory = memoryJournal(runId);
  const platform = createAwsPlatform({
    clients,
    ...target,
    run: {
      id: runId,
      target: 'orders',
      createdAt: new Date('2026-11-23T10:00:00.000Z'),
      expiresAt: new Date('2026-11-23T11:00:00.000Z'),
    },
    options: { env: {}, tags: {}, copyTags: true, maxInFlight: 8, ...options.shadow },
    journal: memory.journal,
    clock,
    onEvent: (event) => void events.push(event),
  });
  const before = lab.endpoint.snapshot();
  lab.endpoint.setTesting({ ...settled, ...options.testing });
  return {
    lab,
    clients,
    platform,
    target,
    events,
    memory,
    before,
    warnings: () => events.flatMap((event) => (event.kind === 'warning' ? [event.warning] : [])),
    calls: (operation: string) => lab.endpoint.calls().filter((call) => call.operation === operation),
    functionNames: () => lab.endpoint.snapshot().functions.map(({ functionName }) => functionName),
    close: async () => {
      clients.destroy();
      await lab.close();
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;

export function sized(memoryMb: number, architecture: Architecture = 'x86_64'): Configuration {
  return { memoryMb, architecture };
}
