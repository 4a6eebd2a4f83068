import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { costModelFor, invocationCostUsd } from '../../src/pricing/pricing.ts';
import { type Finished, startTune } from '../../test/e2e/support.ts';
import { type FleetWorld, startFleetWorld } from '../../test/fleet/fleetWorld.ts';
import { coresOfOthers, cpuSecondsOf, machineTime } from './cpuTime.ts';

const accounts = ['111111111111', '222222222222'];
export const regions = ['us-east-1', 'eu-west-1'];
const roles = accounts.map((id) => `arn:aws:iam::${id}:role/tune`).join(',');
/** 5 % of it are in flight. */
const concurrentExecutions = 160;
export const inFlight = 8;

export interface FleetStage {
  readonly world: FleetWorld;
  readonly roles: string;
  /** What the calls cost that ran. */
  readonly usd: () => number;
  /** In a state directory of that name: that of a machine. */
  tune(args: readonly string[], machine?: string): Promise<TimedRun>;
  leftovers(): readonly string[];
  close(): Promise<void>;
}

export interface TimedRun extends Finished {
  readonly wallMs: number;
  /** Resident memory at its highest; 0 where there is no /proc. */
  readonly peakMb: number;
  readonly cpuSeconds: number | undefined;
  /** Cores that were busy with something else meanwhile: the accounts of this stage, and whatever runs on this machine. */
  readonly othersCores: number | undefined;
}

interface StageOptions {
  readonly functions: number;
  /** What a call takes at least. */
  readonly invokeMs: number;
}

/** So many functions over two accounts × two regions, each as dear as its number says. */
export async function openFleetStage({ functions, invokeMs }: StageOptions): Promise<FleetStage> {
  let usd = 0;
  const each = functions / accounts.length / regions.length;
  const prices = costModelFor('us-east-1');
  const world = await startFleetWorld({
    accounts,
    regions,
    concurrentExecutions,
    functionsOf: () =>
      Array.from({ length: each }, (_, nth) => ({
        functionName: `f${nth}`,
        memoryMb: 2048,
        invocations: 3_000_000 - 10_000 * nth,
        ...(nth % 3 === 0 ? { eventSource: 'sqs' } : {}),
        tags: { team: `team-${nth % 7}` },
        // What a call may cost at its worst is held back under a cap.
        members: { Timeout: 1 },
      })),
    script: ({ spec, environment, invocation }) => {
      const durationMs =
        100 * Math.max(1, 1769 / spec.memoryMb) * (1 + 0.01 * Math.sin(7.3 * environment + 3.1 * invocation));
      const { architecture, memoryMb } = spec;
      const billed = Math.ceil(durationMs * (architecture === 'arm64' ? 0.9 : 1)) + (invocation === 0 ? 100 : 0);
      usd += invocationCostUsd({ architecture, memoryMb, billedDurationMs: billed, ephemeralStorageMb: 512 }, prices);
      return { durationMs, maxMemoryUsedMb: 90 };
    },
    testing: { latencyMs: ({ operation }) => (operation === 'Invoke' ? invokeMs : 0) },
  });
  const folder = await mkdtemp(join(tmpdir(), 'tune-bench-fleet-'));
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    AWS_ENDPOINT_URL: world.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
  const config = { payload: { id: 1 }, memory: '1769,2048', architecture: 'x86_64,arm64', invocations: 10 };
  await writeFile(join(folder, 'tune.config.json'), JSON.stringify(config));
  return {
    world,
    roles,
    usd: () => usd,
    async tune(args, machine = 'state') {
      const startedMs = performance.now();
      const before = machineTime();
      const run = startTune(args, { ...env, TUNE_STATE_DIR: join(folder, machine) }, folder);
      let peakMb = 0;
      let cpuSeconds: number | undefined;
      const watch = setInterval(() => {
        peakMb = Math.max(peakMb, peakMbOf(run.pid));
        cpuSeconds = cpuSecondsOf(run.pid) ?? cpuSeconds;
      }, 100);
      const finished = await run.finished;
      clearInterval(watch);
      const after = machineTime();
      const othersCores =
        before === undefined || after === undefined || cpuSeconds === undefined
          ? undefined
          : coresOfOthers(before, after, cpuSeconds);
      return { ...finished, wallMs: performance.now() - startedMs, peakMb, cpuSeconds, othersCores };
    },
    leftovers: () =>
      world.places.flatMap(({ lab }) =>
        lab.endpoint
          .snapshot()
          .functions.map(({ functionName }) => functionName)
          .filter((name) => name.startsWith('tune-')),
      ),
    async close() {
      await world.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The kernel's own high-water mark. */
function peakMbOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
