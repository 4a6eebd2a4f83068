import { readFileSync } from 'node:fs';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { createOrders, openAccount, savedRun, startTune } from '../e2e/support.ts';

/** 10,000 invocations over 24 configurations, 100 in flight: the real program against the endpoint without processes. */

const memorySizes = [128, 256, 384, 512, 640, 768, 896, 1024, 1280, 1536, 1769, 2048];
const environments = 5;
const warmEach = 417;
const atOnce = 100;
/** Long enough that two cores, which the endpoint shares, are not what is measured. */
const durationMs = 2000;

export interface LoadFigures {
  readonly invocations: number;
  readonly mostInFlight: number;
  /** From the first Invoke to the last answer. */
  readonly wallS: number;
  /** All calls' time shared out over 100 places. */
  readonly idealS: number;
  readonly ratio: number;
  /** Resident memory of the program when a quarter of the calls was made, and at its highest after that. */
  readonly quarterMb: number;
  readonly peakMb: number;
}

export async function runUnderLoad(): Promise<LoadFigures> {
  let busyMs = 0;
  let running = 0;
  let mostInFlight = 0;
  const executor = scriptedExecutor(() => ({ durationMs, initDurationMs: 0, maxMemoryUsedMb: 60 }), {
    waiting: async (ms) => {
      busyMs += ms;
      running += 1;
      mostInFlight = Math.max(mostInFlight, running);
      await new Promise((resolve) => setTimeout(resolve, ms));
      running -= 1;
    },
  });
  const account = await openAccount({ executor, concurrentExecutions: 3000, maxEnvironments: 200 });
  try {
    await createOrders(account);
    account.under({ otherArchitectures: { arm64: { durationFactor: 1 } } });
    const run = startTune(
      [
        ['--function', 'orders', '--memory', memorySizes.join(','), '--invocations', String(warmEach)],
        ['--concurrency', String(environments), '--max-in-flight', String(atOnce), '--yes', '--json'],
      ].flat(),
      account.env,
    );
    const invokes = () => account.endpoint.calls().filter(({ operation }) => operation === 'Invoke');
    const expected = memorySizes.length * 2 * warmEach;
    let quarterMb = 0;
    let peakMb = 0;
    const watch = setInterval(() => {
      const mb = residentMb(run.pid);
      if (invokes().length < expected / 4) quarterMb = mb;
      else peakMb = Math.max(peakMb, mb);
    }, 500);
    const finished = await run.finished;
    clearInterval(watch);
    if (finished.code !== 0) throw new Error(`The run under load ended with ${finished.code}: ${finished.stderr}`);
    const sent = invokes();
    // The first call tries the reference alone; the load begins after it.
    const from = Math.min(...sent.slice(1).map(({ atMs }) => atMs));
    const to = Math.max(...sent.map(({ endedAtMs = 0 }) => endedAtMs));
    const wallS = (to - from) / 1000;
    const idealS = (busyMs - durationMs) / atOnce / 1000;
    const { invocations } = savedRun(finished).spend;
    return { invocations, mostInFlight, wallS, idealS, ratio: wallS / idealS, quarterMb, peakMb };
  } finally {
    await account.close();
  }
}

export function loadSentence(load: LoadFigures): string {
  return (
    `Load: ${load.invocations} invocations of ${durationMs} ms over 24 configurations, at most ${load.mostInFlight} in flight, ` +
    `took ${load.wallS.toFixed(1)} s, ${load.ratio.toFixed(2)} times the ideal schedule; the program's memory was ` +
    `${Math.round(load.quarterMb)} MB after a quarter of the calls and at most ${Math.round(load.peakMb)} MB afterwards.`
  );
}

/** 0 where there is no /proc. */
function residentMb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
