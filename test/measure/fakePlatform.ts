import type { RunDependencies } from '../../src/measure/measuring.ts';
import type { Source } from '../../src/measure/subject.ts';
import { type Configuration, keyOf } from '../../src/model/configuration.ts';
import type { CostModel } from '../../src/model/costModel.ts';
import type { RunEvent } from '../../src/model/engine/events.ts';
import type { FunctionFacts } from '../../src/model/functionFacts.ts';
import type { HostTime } from '../../src/model/measurement.ts';
import type { Attempt, Deployment, LeftBehind, Platform } from '../../src/model/platform.ts';

export const costModel: CostModel = {
  region: 'test-1',
  gbSecondUsd: { x86_64: 0.01, arm64: 0.008 },
  requestUsd: { x86_64: 0, arm64: 0 },
  source: 'option',
  asOf: '2026-11-01',
  confidence: 'given',
};

/** A call that runs into the timeout is billed 13 s with its init: US$ 0.13 at 1,024 MB. */
export const facts = {
  functionName: 'orders',
  memoryMb: 1024,
  architecture: 'x86_64',
  timeoutS: 3,
  ephemeralStorageMb: 512,
  snapStart: false,
} as FunctionFacts;

/** What one call does; the first of a version is cold. */
interface PlayedCall {
  /** Which call of its configuration, from 0. */
  readonly nth: number;
  readonly configuration: Configuration;
  readonly isCold: boolean;
}

interface Played {
  readonly billedMs?: number;
  readonly functionError?: string;
  readonly hostTime?: HostTime;
  /** Instead of an answer. */
  readonly refused?: Attempt;
}

export interface Script {
  readonly call?: (call: PlayedCall) => Played | Promise<Played>;
  readonly deploy?: (configuration: Configuration) => Promise<void> | void;
  readonly renew?: (configuration: Configuration) => Promise<void> | void;
  readonly leftBehind?: readonly LeftBehind[];
}

export interface FakePlatform extends Platform {
  /** What was asked of it, in order: "deploy x86_64 512", "invoke x86_64 512 v1", …, "remove". */
  readonly log: readonly string[];
  /** When leases were held and let go. */
  readonly leases: readonly string[];
  /** Most calls in flight at once. */
  readonly widest: number;
}

/** A Lambda service in memory: every version has one environment, whose first call is cold. */
export function fakePlatform(script: Script = {}): FakePlatform {
  const log: string[] = [];
  const calls = new Map<string, number>();
  const warm = new Set<string>();
  let versions = 0;
  let requests = 0;
  let inFlight = 0;
  let widest = 0;
  const publish = (configuration: Configuration): Deployment => {
    versions += 1;
    return { configuration, functionName: 'copy', version: String(versions) };
  };
  const leases: string[] = [];
  return {
    log,
    leases,
    get widest() {
      return widest;
    },
    async deploy(configuration, _signal, accepted) {
      log.push(`deploy ${keyOf(configuration)}`);
      await script.deploy?.(configuration);
      accepted?.();
      // Until every creation that was asked for beside this one has begun.
      await new Promise((resolve) => setTimeout(resolve, 0));
      return publish(configuration);
    },
    async renew({ configuration }) {
      await script.renew?.(configuration);
      log.push(`renew ${keyOf(configuration)}`);
      return publish(configuration);
    },
    async invoke({ configuration, version }) {
      const key = keyOf(configuration);
      log.push(`invoke ${key}`);
      const nth = calls.get(key) ?? 0;
      calls.set(key, nth + 1);
      const isCold = !warm.has(version);
      warm.add(version);
      inFlight += 1;
      widest = Math.max(widest, inFlight);
      await Promise.resolve();
      try {
        const played = (await script.call?.({ nth, configuration, isCold })) ?? {};
        if (played.refused !== undefined) return played.refused;
        requests += 1;
        const requestId = `00000000-0000-4000-8000-${String(requests).padStart(12, '0')}`;
        const { billedMs = 10, functionError, hostTime } = played;
        const init = isCold ? '\tInit Duration: 90.00 ms' : '';
        return {
          kind: 'answered',
          requestId,
          startedAt: new Date(0),
          responseBody: functionError === undefined ? 'null' : `{"errorType":"${functionError}","errorMessage":"no"}`,
          logTail: `REPORT RequestId: ${requestId}\tDuration: ${billedMs}.00 ms\tBilled Duration: ${billedMs + (isCold ? 90 : 0)} ms\tMemory Size: ${configuration.memoryMb} MB\tMax Memory Used: 40 MB${init}\t\n`,
          ...(functionError === undefined ? {} : { functionError: 'Unhandled' }),
          ...(hostTime === undefined ? {} : { hostTime }),
        };
      } finally {
        inFlight -= 1;
      }
    },
    redacted: (text) => text,
    findReport: async () => ({ found: false, reason: 'no logs here' }),
    async environments() {
      log.push('environments');
      return new Map();
    },
    async release({ configuration }) {
      log.push(`release ${keyOf(configuration)}`);
    },
    holdLease() {
      leases.push(`held after ${log.length}`);
      return () => leases.push(`let go after ${log.at(-1)}`);
    },
    async remove() {
      log.push('remove');
      return script.leftBehind ?? [];
    },
  };
}

export function sourceOn(platform: Platform, source: Partial<Source> = {}): Source {
  return {
    facts,
    platform,
    payloads: { list: [{ name: 'payload', body: '{}', weight: 1 }], template: false, dealt: 'perEnvironment' },
    environments: 'fromLogs',
    ...source,
  };
}

export interface Clockless extends RunDependencies {
  readonly events: readonly RunEvent[];
}

/** No time passes; what happens is kept. */
export function dependencies(interrupted: AbortSignal = new AbortController().signal): Clockless {
  const events: RunEvent[] = [];
  return {
    events,
    now: () => new Date(0),
    monotonicMs: () => 0,
    random: () => 0.5,
    uuid: () => 'uuid',
    sleep: async () => undefined,
    interrupted,
    onEvent: (event) => void events.push(event),
  };
}
