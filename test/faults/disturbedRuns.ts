import { rm } from 'node:fs/promises';
import type { Interruption } from '../../src/base/io.ts';
import type { TestingOptions } from '../../src/local/testing/testing.ts';
import { accountPicture, type Finished, startTune } from '../e2e/support.ts';
import {
  type Expected,
  violationsBeside,
  violationsOf,
  violationsOfAccount,
  violationsOfCleanup,
} from './invariants.ts';
import { startProgram } from './programInProcess.ts';
import { cleanupArgs, openStage, runArgs, runArgsOf, type Stage } from './runUnderTest.ts';

/** One thing that happens to one run, and what came of it. */
export interface Schedule {
  /** Row of the table. */
  readonly fault: string;
  /** `fault` with the call it happens to: what to type to see it again. */
  readonly name: string;
  run(): Promise<Verdict>;
}

export interface Verdict {
  /** Null: killed. */
  readonly code: number | null;
  readonly violations: readonly string[];
}

/** A run that has not ended by then hangs (real time; its own clock is faster). */
const deadlineMs = 150_000;

interface Disturbed {
  readonly testing: (interrupt: (signal: Interruption['signal']) => void) => Partial<TestingOptions>;
  readonly expected: Expected;
  readonly random: () => number;
  readonly now?: () => Date;
}

/** A run in this process, and one clean-up when it says that something is left. */
export async function runDisturbed({ testing, expected, random, now }: Disturbed): Promise<Verdict> {
  return onStage(async (stage, before) => {
    let interrupt: (signal: Interruption['signal']) => void = () => undefined;
    stage.under(testing((signal) => interrupt(signal)));
    const program = startProgram([...runArgs, ...stage.here], stage.account.env, random, now && { now });
    interrupt = program.interrupt;
    const finished = await bounded(program.finished);
    if (finished === undefined) return { code: null, violations: ['the run did not end'] };
    const violations = [...(await violationsOf(stage.account, before, finished, expected))];
    if (finished.code === 5) violations.push(...(await cleanUp(stage, before)));
    const journals = await stage.account.journals();
    if (journals.length > 0) violations.push(`journals left: ${journals.join(', ')}`);
    return { code: finished.code, violations };
  });
}

interface Together {
  /** Each at the call of the account at which it starts. */
  readonly runsAt: readonly number[];
  readonly cleanupAt: number;
  readonly testing: Partial<TestingOptions>;
  readonly random: () => number;
}

/** Several runs on one target side by side, and a clean-up that must leave them alone. All of this process, which lives. */
export async function runSideBySide({ runsAt, cleanupAt, testing, random }: Together): Promise<Verdict> {
  return onStage(async (stage, before) => {
    const alive = { pid: process.pid };
    const start = (args: readonly string[]) =>
      startProgram([...args, ...stage.here], stage.account.env, random, alive).finished;
    const runs: { readonly id: string; readonly finished: Promise<Finished> }[] = [];
    let cleanup: Promise<Finished> | undefined;
    const startDue = (index: number) => {
      while (runs.length < runsAt.length && (runsAt[runs.length] ?? 0) <= index) {
        const id = `together-${runs.length}`;
        runs.push({ id, finished: start(runArgsOf(id)) });
      }
      if (index >= cleanupAt) cleanup ??= start(['cleanup', '--yes']);
    };
    stage.under({
      ...testing,
      faults: ({ index }) => {
        startDue(index);
        return undefined;
      },
    });
    startDue(0);
    const violations: string[] = [];
    let code: number | null = 0;
    for (let n = 0; n < runsAt.length; n += 1) {
      // The last call is made, and the next run waits for a later one.
      if (runs[n] === undefined) startDue(Number.POSITIVE_INFINITY);
      const { id = '', finished: running } = runs[n] ?? {};
      const finished = running && (await bounded(running));
      if (finished === undefined) violations.push(`${id} did not end`);
      else violations.push(...violationsBeside(id, finished));
      code = finished?.code || code;
    }
    startDue(Number.POSITIVE_INFINITY);
    const cleaned = cleanup && (await bounded(cleanup));
    if (cleaned?.code !== 0) violations.push(`the clean-up beside them ends with ${cleaned?.code}: ${cleaned?.stderr}`);
    violations.push(...violationsOfAccount(stage.account, before));
    return { code, violations };
  });
}

interface Kill {
  /** Called with every call's number and a way to signal the process; answers with what becomes of the call. */
  readonly onCall: (index: number, signal: (name: NodeJS.Signals) => void) => 'resetBefore' | undefined;
  readonly journal: 'kept' | 'lost';
  /** Undefined: the process was killed. */
  readonly codes?: readonly number[];
  /** On the run's own stderr. */
  readonly says?: RegExp;
}

/** A real process that gets signals, then one clean-up. */
export async function runKilled({ onCall, journal, codes, says }: Kill): Promise<Verdict> {
  return onStage(async (stage, before) => {
    let signal: (name: NodeJS.Signals) => void = () => undefined;
    stage.under({ faults: ({ index }) => onCall(index, (name) => signal(name)) });
    const run = startTune([...runArgs, ...stage.here], stage.account.env);
    signal = run.kill;
    const finished = await bounded(run.finished);
    if (finished === undefined) {
      run.kill('SIGKILL');
      return { code: null, violations: ['the process did not end'] };
    }
    await settled(stage);
    const violations: string[] = [];
    if (codes !== undefined && (finished.code === null || !codes.includes(finished.code)))
      violations.push(`exit code ${finished.code}`);
    if (says !== undefined && finished.code !== 5 && !says.test(finished.stderr) && isDirty(stage, before))
      violations.push('does not say how to clean up');
    if (journal === 'lost') await rm(stage.account.stateFolder, { recursive: true });
    violations.push(...(await cleanUp(stage, before)));
    return { code: finished.code, violations };
  });
}

/** A clean-up that is killed at a call of its own; the next one finishes. */
export async function runKilledCleanup(at: number, moment: 'before' | 'after'): Promise<Verdict> {
  return onStage(async (stage, before) => {
    stage.under({ deny: [{ action: '*:Delete*', resource: '*' }] });
    await startProgram([...runArgs, ...stage.here], stage.account.env, () => 0.42).finished;
    const kill = { now: () => undefined as unknown };
    stage.under({
      faults: ({ index }) => {
        if (index !== at) return undefined;
        kill.now();
        return moment === 'before' ? 'resetBefore' : undefined;
      },
    });
    const cleanup = startTune([...cleanupArgs, ...stage.here], stage.account.env);
    kill.now = () => cleanup.kill('SIGKILL');
    const finished = await cleanup.finished;
    await settled(stage);
    return { code: finished.code, violations: await cleanUp(stage, before) };
  });
}

async function cleanUp(stage: Stage, before: unknown): Promise<readonly string[]> {
  stage.under({});
  const cleanup = await bounded(startProgram([...cleanupArgs, ...stage.here], stage.account.env, () => 0.42).finished);
  if (cleanup === undefined) return ['the clean-up did not end'];
  return violationsOfCleanup(stage.account, before, cleanup);
}

function isDirty(stage: Stage, before: unknown): boolean {
  return JSON.stringify(accountPicture(stage.account.endpoint.snapshot())) !== JSON.stringify(before);
}

/** What a dead process had sent arrives. */
async function settled({ account }: Stage): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 45));
  while (account.endpoint.snapshot().invocationsInFlight > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function onStage(work: (stage: Stage, before: unknown) => Promise<Verdict>): Promise<Verdict> {
  const stage = await openStage();
  try {
    return await work(stage, accountPicture(stage.account.endpoint.snapshot()));
  } finally {
    await stage.account.close();
  }
}

async function bounded(finished: Promise<Finished>): Promise<Finished | undefined> {
  const abort = new AbortController();
  const { setTimeout: wait } = await import('node:timers/promises');
  const deadline = wait(deadlineMs, undefined, { signal: abort.signal, ref: false }).catch(() => undefined);
  try {
    return await Promise.race([finished, deadline]);
  } finally {
    abort.abort();
  }
}
