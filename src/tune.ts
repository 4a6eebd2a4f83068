/**
 * START HERE. The data path of a run, and the package's API:
 *
 *   options → describe → plan → { next steps → deploy → invoke }* → clean up → analyze → result
 *
 * `tune()` is the only measuring loop. It is given the platform (deploy, invoke, remove) and the clock, decides nothing
 * itself (domain/ does), prints nothing (it emits events), and whatever happens it removes what was made.
 */

import { concludeRun } from './conclude.ts';
import { nameEnvironments } from './domain/environments.ts';
import type { Configuration, CostModel, FunctionFacts, Payload, Warning } from './domain/model.ts';
import { type Plan, worstCaseUsd } from './domain/plan.ts';
import type { Platform } from './domain/platform.ts';
import type { TuningResult } from './domain/result.ts';
import { nextRound } from './domain/sampling.ts';
import type { Budget, Measured } from './domain/search/options.ts';
import type { SearchOutcome } from './domain/search.ts';
import { type Step, sameConfiguration } from './domain/steps.ts';
import { type Lane, makeColdStarts, newLane, prepareLanes, runStep, stopLane } from './lane.ts';
import type { Measuring } from './measureOnce.ts';
import { lanePayloads, openControls, openMeasuring, type RunDependencies } from './measuring.ts';
import { askReference } from './reference.ts';

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
  /** Cold starts to make on purpose, per configuration. */
  readonly coldStarts?: number;
  /** Within this fraction of the best is tied with it. */
  readonly tolerance: number;
  /** What the saved run says of the options. */
  readonly recorded: TuningResult['options'];
  /** Of a path target: what the user gave. */
  readonly path?: string;
}

export interface TuneDependencies extends RunDependencies {
  readonly platform: Platform;
  /** What the edges learnt on the way: a log group that could not be tagged, a busy host, … Asked when all is removed. */
  readonly lateWarnings: () => readonly Warning[];
}

export interface TuneOutcome {
  readonly result: TuningResult;
  /** What ended the run early; the result then holds what was measured before. */
  readonly failure?: unknown;
}

export async function tune(job: TuneJob, deps: TuneDependencies): Promise<TuneOutcome> {
  const startedAt = deps.now();
  const lanes = firstConfigurations(job.plan).map(newLane);
  const controls = openControls(deps);
  const { stop } = controls;
  const run = openMeasuring(job, deps, controls);
  const { failure, search } = await measure(job, deps, run, lanes, stop);
  controls.end();

  const interrupted = deps.interrupted.aborted;
  // With one environment a lane, cold starts tell environments apart; with more, only the logs do.
  const readsLogs = lanes.some(({ environments }) => environments.size > 1) && !interrupted && failure === undefined;
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
    ...(search === undefined ? {} : { search }),
  });
  deps.onEvent({ kind: 'stage', stage: 'done' });
  return failure === undefined ? { result } : { result, failure };
}

/** A list is known from the start; a race begins with its reference and finds out about the rest. */
function firstConfigurations({ sampling, configurations, reference }: Plan): readonly Configuration[] {
  return sampling.kind === 'full' ? configurations : [reference];
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

/** How the measuring part ended: what ended it early, and what a race found. */
interface MeasuringEnd {
  readonly failure?: unknown;
  readonly search?: SearchOutcome;
}

/** { next round → deploy → invoke }* until the sampling has its answer, the money or the run ends. Never throws. */
async function measure(
  job: TuneJob,
  deps: TuneDependencies,
  run: Measuring,
  lanes: Lane[],
  stop: AbortController,
): Promise<MeasuringEnd> {
  let failure: unknown;
  let search: SearchOutcome | undefined;
  const fail = (error: unknown) => {
    // After an interruption everything pending rejects; that is the interruption, not a failure of its own.
    if (failure === undefined && !stop.signal.aborted) failure = error;
    stop.abort();
  };
  const payloads = lanePayloads(job.payloads, job.payloadTemplate, deps.uuid);
  const { sampling } = job.plan;
  try {
    deps.onEvent({ kind: 'stage', stage: 'reference' });
    const deployments = prepareLanes(run);
    await askReference(run, deployments, lanes, payloads);
    deps.onEvent({ kind: 'stage', stage: 'measure' });
    const inLane = async (lane: Lane, work: () => Promise<void>) => {
      try {
        await deployments.of(lane);
        await work();
      } catch (error) {
        stopLane(run, lane, error, fail);
      }
    };
    const finishLane = async (lane: Lane) => {
      if (job.coldStarts !== undefined) await makeColdStarts(run, lane, job.coldStarts, payloads);
      if (lane.deployment) await deps.platform.release(lane.deployment);
    };
    for (let round = 0; !stop.signal.aborted; round += 1) {
      const next = nextRound(job.plan, round, lanes.filter(hasCalls).map(measuredOf), budgetOf(job, run));
      if (next.kind === 'stop') {
        search = next.search;
        break;
      }
      const before = countOf(lanes);
      // Everything settles before the next round, and before the clean-up: a call in flight would meet a deleted function.
      await Promise.allSettled(
        byLane(next.steps, lanes).map(([lane, steps]) =>
          inLane(lane, async () => {
            const opening = sampling.kind === 'full' ? 'sideBySide' : 'alone';
            const chains = await Promise.allSettled(steps.map((step) => runStep(run, lane, step, payloads, opening)));
            for (const chain of chains) if (chain.status === 'rejected') throw chain.reason;
            if (sampling.kind === 'full') await finishLane(lane);
          }),
        ),
      );
      if (sampling.kind === 'race' && countOf(lanes) === before && !lanes.some(({ stopped }) => stopped)) break;
    }
    if (sampling.kind === 'race') {
      await Promise.allSettled(lanes.map((lane) => inLane(lane, () => finishLane(lane))));
    }
  } catch (error) {
    fail(error);
  }
  return { ...(failure === undefined ? {} : { failure }), ...(search === undefined ? {} : { search }) };
}

function hasCalls(lane: Lane): boolean {
  return lane.measurements.length > 0 || lane.stopped !== undefined;
}

function measuredOf({ configuration, measurements, environments, stopped }: Lane): Measured {
  return {
    configuration,
    measurements,
    environments: environments.size,
    ...(stopped === undefined ? {} : { infeasible: stopped.reason }),
  };
}

function countOf(lanes: readonly Lane[]): number {
  return lanes.reduce((sum, { measurements }) => sum + measurements.length, 0);
}

/** The steps of each lane together, in order; a configuration that is called for the first time gets its lane. */
function byLane(steps: readonly Step[], lanes: Lane[]): readonly (readonly [Lane, readonly Step[]])[] {
  const grouped = new Map<Lane, Step[]>();
  for (const step of steps) {
    const known = lanes.find((lane) => sameConfiguration(lane.configuration, step.configuration));
    const lane = known ?? newLane(step.configuration);
    if (known === undefined) lanes.push(lane);
    grouped.set(lane, [...(grouped.get(lane) ?? []), step]);
  }
  return [...grouped];
}

function budgetOf(job: TuneJob, run: Measuring): Budget | undefined {
  if (job.maxSpendUsd === undefined) return undefined;
  const perGb = worstCaseUsd({ memoryMb: 1024, architecture: 'x86_64' }, job.facts, job.costModel);
  return { leftUsd: job.maxSpendUsd - run.ledger.spentUsd, worstCaseUsdPerGb: perGb };
}
