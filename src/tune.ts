/**
 * START HERE. The data path of a run, and the package's API:
 *
 *   options → describe → plan → { next steps → deploy → invoke }* → clean up → analyze → result
 *
 * `tune()` is the only measuring loop. It is given the platform (deploy, invoke, remove) and the clock, decides nothing
 * itself (domain/ does), prints nothing (it emits events), and whatever happens it removes what was made.
 */

import { setMaxListeners } from 'node:events';
import { concludeRun } from './conclude.ts';
import { nameEnvironments } from './domain/environments.ts';
import type { CostModel, FunctionFacts, Payload, Warning } from './domain/model.ts';
import { payloadSequence } from './domain/payloads.ts';
import { type Plan, worstCaseUsd } from './domain/plan.ts';
import type { Platform } from './domain/platform.ts';
import type { TuningResult } from './domain/result.ts';
import { fullSteps, type Step, sameConfiguration } from './domain/steps.ts';
import type { RunEvent } from './events.ts';
import { inFlightBound } from './inFlight.ts';
import { type Lane, type LanePayloads, newLane, prepareLanes, runStep, stopLane } from './lane.ts';
import type { Measuring } from './measureOnce.ts';
import { askReference } from './reference.ts';
import { spendLedger } from './spend.ts';

export type { ReportLine } from './domain/model.ts';
export { costModelFor, invocationCostUsd } from './domain/pricing.ts';
export { parseReportLine } from './domain/reportLine.ts';
export type { TuningResult } from './domain/result.ts';
export { tuningResultSchema } from './domain/result.ts';

/** What to measure: all decided, nothing looked up any more. */
export interface TuneJob {
  readonly runId: string;
  readonly toolVersion: string;
  readonly facts: FunctionFacts;
  readonly plan: Plan;
  readonly costModel: CostModel;
  readonly payloads: readonly Payload[];
  readonly payloadTemplate: boolean;
  readonly maxErrorShare: number;
  readonly maxSpendUsd?: number;
  /** What the saved run says of the options. */
  readonly recorded: TuningResult['options'];
  /** Of a path target: what the user gave. */
  readonly path?: string;
}

export interface TuneDependencies {
  readonly platform: Platform;
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  readonly random: () => number;
  readonly uuid: () => string;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly interrupted: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  /** What the edges learnt on the way: a log group that could not be tagged, a busy host, … Asked when all is removed. */
  readonly lateWarnings: () => readonly Warning[];
}

export interface TuneOutcome {
  readonly result: TuningResult;
  /** What ended the run early; the result then holds what was measured before. */
  readonly failure?: unknown;
}

/** Calls in flight get this long to finish after an interruption; a CI runner kills ten seconds after it asked. */
const graceMs = 1500;

export async function tune(job: TuneJob, deps: TuneDependencies): Promise<TuneOutcome> {
  const startedAt = deps.now();
  const lanes = job.plan.configurations.map(newLane);
  const stop = new AbortController();
  const abandon = new AbortController();
  const measured = new AbortController();
  // Every call in flight listens; Node would take more than ten listeners for a leak.
  setMaxListeners(0, stop.signal, abandon.signal, deps.interrupted);
  stop.signal.addEventListener('abort', () => void deps.sleep(graceMs, measured.signal).then(() => abandon.abort()));
  const onInterrupt = () => stop.abort();
  if (deps.interrupted.aborted) onInterrupt();
  else deps.interrupted.addEventListener('abort', onInterrupt, { once: true });

  const run = measuring(job, deps, stop, abandon.signal);
  const failure = await measure(job, deps, run, lanes, stop);
  measured.abort();
  deps.interrupted.removeEventListener('abort', onInterrupt);

  const interrupted = deps.interrupted.aborted;
  // With one environment a lane, cold starts tell environments apart; with more, only the logs do.
  const readsLogs = job.plan.environmentsPerConfiguration > 1 && !interrupted && failure === undefined;
  const logStreams = readsLogs ? await deps.platform.environments(startedAt, deps.interrupted) : new Map();

  deps.onEvent({ kind: 'stage', stage: 'cleanUp' });
  const leftBehind = await deps.platform.remove();
  if (leftBehind.length > 0) deps.onEvent({ kind: 'leftBehind', items: leftBehind });

  deps.onEvent({ kind: 'stage', stage: 'analyze' });
  const result = concludeRun(job, {
    lanes: lanes.map((lane) => ({ ...lane, measurements: nameEnvironments(lane.measurements, logStreams) })),
    startedAt,
    finishedAt: deps.now(),
    ended: interrupted ? 'interrupted' : failure ? 'failed' : run.pressure.capReached ? 'spendCap' : 'completed',
    spentUsd: run.ledger.spentUsd,
    throttles: run.pressure.throttles,
    warnings: deps.lateWarnings(),
    leftBehind,
  });
  deps.onEvent({ kind: 'stage', stage: 'done' });
  return failure === undefined ? { result } : { result, failure };
}

/** What a dry run saves: the plan with its estimate, every configuration unmeasured. Nothing was created. */
export function dryRun(job: TuneJob, now: Date): TuningResult {
  const reason = 'dry run';
  return concludeRun(job, {
    lanes: job.plan.configurations.map((configuration) => ({
      ...newLane(configuration),
      stopped: { kind: 'unmeasured', reason },
    })),
    startedAt: now,
    finishedAt: now,
    ended: 'dryRun',
    spentUsd: 0,
    throttles: 0,
    warnings: [],
    leftBehind: [],
  });
}

/** Runs the measuring part to its end and answers with what ended it early, if anything did. Never throws. */
async function measure(
  job: TuneJob,
  deps: TuneDependencies,
  run: Measuring,
  lanes: readonly Lane[],
  stop: AbortController,
): Promise<unknown> {
  let failure: unknown;
  const fail = (error: unknown) => {
    // After an interruption everything pending rejects; that is the interruption, not a failure of its own.
    if (failure === undefined && !stop.signal.aborted) failure = error;
    stop.abort();
  };
  const payloads = lanePayloads(job, deps.uuid);
  try {
    deps.onEvent({ kind: 'stage', stage: 'reference' });
    const deployments = prepareLanes(run);
    await askReference(run, deployments, lanes, payloads);
    deps.onEvent({ kind: 'stage', stage: 'measure' });
    const { environmentsPerConfiguration, warmInvocations } = job.plan;
    const steps = fullSteps(job.plan.configurations, environmentsPerConfiguration, warmInvocations);
    // Everything settles before the clean-up begins: a call still in flight would meet a deleted function.
    await Promise.allSettled(
      lanes.map(async (lane) => {
        try {
          await deployments.of(lane);
          const own = steps.filter((step) => sameConfiguration(step.configuration, lane.configuration));
          const chains = await Promise.allSettled(own.map((step) => runStep(run, lane, rest(step, lane), payloads)));
          for (const chain of chains) if (chain.status === 'rejected') throw chain.reason;
          if (lane.deployment) await deps.platform.release(lane.deployment);
        } catch (error) {
          stopLane(run, lane, error, fail);
        }
      }),
    );
  } catch (error) {
    fail(error);
  }
  return failure;
}

/** Without the calls that the environment has served already: the reference's answers. */
function rest(step: Step, lane: Lane): Step {
  const made = lane.calls.get(step.environment)?.count ?? 0;
  return { ...step, invocations: Math.max(0, step.invocations - made) };
}

function measuring(job: TuneJob, deps: TuneDependencies, stop: AbortController, abandon: AbortSignal): Measuring {
  const { facts, costModel } = job;
  return {
    platform: deps.platform,
    facts,
    costModel,
    inFlight: inFlightBound(job.plan.maxInFlight),
    ledger: spendLedger(job.maxSpendUsd),
    worstCaseUsd: (deployment) => worstCaseUsd(deployment.configuration, facts, costModel),
    now: deps.now,
    monotonicMs: deps.monotonicMs,
    random: deps.random,
    sleep: deps.sleep,
    stop: stop.signal,
    abandon,
    onEvent: deps.onEvent,
    pressure: { lastSuccessMs: deps.monotonicMs(), throttles: 0, capReached: false },
  };
}

function lanePayloads(job: TuneJob, uuid: () => string): LanePayloads {
  let sent = 0;
  return {
    sequence: payloadSequence(job.payloads),
    named: job.payloads.length > 1,
    template: job.payloadTemplate,
    uuid,
    next: () => {
      sent += 1;
      return sent;
    },
  };
}
