import { parentPort, workerData } from 'node:worker_threads';
import { type Job, type Settings, simulate } from './simulate.ts';

/** Answers each job (a configuration) with its tallies. */
const settings = workerData as Settings;
parentPort?.on('message', (job: Job) => parentPort?.postMessage(simulate(job, settings)));
