import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { type HostSpeeds, hostSpeeds, type LoopSample, loopSample } from './hostSpeed.ts';
import { bootstrapsFolder } from './runtimes.ts';

/**
 * The state of the host, from a bare loop that is timed just before and just after each invocation (never inside its time), in
 * a thread of this process. A neighbour slows single cores (another machine on the same hardware: measured up to 3.6 times, for
 * seconds), so the loop is run on the core that the function last ran on. See hostSpeed.ts for what the times say.
 */
export interface ReferenceLoop {
  /** Runs the loop on this core: about 1.3 ms. Undefined when its thread is gone: then nothing is known. */
  sample(cpu: number | undefined): Promise<LoopSample | undefined>;
  readonly slowness: HostSpeeds['slowness'];
  close(): Promise<void>;
}

export interface ReferenceLoopOptions {
  /** Where `taskset` is looked for; undefined where there is none, and one loop runs on whatever core it is given. */
  readonly toolPath: string | undefined;
  /** Is told the id of each loop's thread, where the host tells it. */
  readonly onThread: (threadId: string) => void;
}

/** Before the first invocation on a core: so many times, to know what the loop takes at its best. */
const calibrations = 40;

export function startReferenceLoop({ toolPath, onThread }: ReferenceLoopOptions): ReferenceLoop {
  const speeds = hostSpeeds();

  async function calibrated(cpu: number | undefined): Promise<LoopThread> {
    const loop = startLoop();
    const threadId = await loop.threadId;
    if (threadId !== undefined) {
      onThread(threadId);
      if (cpu !== undefined) await pin(threadId, cpu, toolPath ?? '');
    }
    for (let count = 0; count < calibrations; count += 1) await timed(loop);
    return loop;
  }

  async function timed(loop: LoopThread): Promise<LoopSample | undefined> {
    const sample = await loop.run();
    if (sample !== undefined) speeds.add(sample);
    return sample;
  }

  const calibrating = new Map<number | undefined, Promise<LoopThread>>();
  return {
    async sample(wanted) {
      const cpu = toolPath === undefined ? undefined : wanted;
      const starting = calibrating.get(cpu) ?? calibrated(cpu);
      calibrating.set(cpu, starting);
      return timed(await starting);
    },
    slowness: speeds.slowness,
    async close() {
      const started = await Promise.all(calibrating.values());
      await Promise.all(started.map((loop) => loop.end()));
    },
  };
}

interface LoopThread {
  /** Undefined where the host does not tell. */
  readonly threadId: Promise<string | undefined>;
  run(): Promise<LoopSample | undefined>;
  end(): Promise<void>;
}

function startLoop(): LoopThread {
  const worker = new Worker(join(bootstrapsFolder, 'reference.mjs'));
  worker.unref();
  const waiting: ((sample: LoopSample | undefined) => void)[] = [];
  let isGone = false;
  let tellThread: (threadId: string | undefined) => void = () => undefined;
  const threadId = new Promise<string | undefined>((resolve) => {
    tellThread = resolve;
  });
  worker.on('message', (told: readonly number[] | string | null) => {
    if (told === null || typeof told === 'string') tellThread(told ?? undefined);
    else waiting.shift()?.(loopSample(told));
  });
  const gone = (): void => {
    isGone = true;
    tellThread(undefined);
    for (const resolve of waiting.splice(0)) resolve(undefined);
  };
  worker.on('error', gone);
  worker.on('exit', gone);
  return {
    threadId,
    run: () =>
      isGone
        ? Promise.resolve(undefined)
        : new Promise((resolve) => {
            waiting.push(resolve);
            worker.postMessage(null);
          }),
    async end() {
      await worker.terminate();
    },
  };
}

async function pin(threadId: string, cpu: number, toolPath: string): Promise<void> {
  const args = ['-c', '-p', String(cpu), threadId];
  // Then it runs on whatever core it is given.
  await promisify(execFile)('taskset', args, { env: { PATH: toolPath } }).catch(() => undefined);
}
