import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Job, type Settings, simulate, type Tallies } from './simulate.ts';

/** All jobs over `threads` workers (1: none, in this thread); results in the order of the jobs. */
export async function simulateAll(
  jobs: readonly Job[],
  settings: Settings,
  threads: number,
  done: (job: Job) => void,
): Promise<readonly Tallies[]> {
  const results: Tallies[] = [];
  const waiting = [...jobs.entries()];
  if (threads < 2) {
    for (const [index, job] of waiting) {
      results[index] = simulate(job, settings);
      done(job);
    }
    return results;
  }
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData: settings });
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [index, job] = next;
        results[index] = await answerOf(worker, job);
        done(job);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
  return results;
}

/** Rejects when the worker fails. */
async function answerOf(worker: Worker, job: Job): Promise<Tallies> {
  const answered = once(worker, 'message');
  worker.postMessage(job);
  const [tallies] = await answered;
  return tallies as Tallies;
}
