/**
 * START HERE. The data path of a run:
 *
 *   options → describe → plan → { next steps → deploy → invoke }* → clean up → analyze → result
 *
 * `tune()` is the only measuring loop. It is given the platform (deploy, invoke, remove) and the clock, decides nothing
 * itself (domain/ does), prints nothing (it emits events), and whatever happens it removes what was made.
 */

import type { TuneError } from '../base/errors.ts';
import type { Warning } from '../model/measurement.ts';
import type { Platform } from '../model/platform.ts';
import type { TuningResult } from '../model/run.ts';
import { worstCaseUsd } from '../plan/plan.ts';
import { nameEnvironments } from '../report-line/environments.ts';
import type { Budget } from '../search/options.ts';
import { nextRound, type Round } from '../search/sampling.ts';
import type { SearchOutcome } from '../search/search.ts';
import { concludeRun } from './conclude.ts';
import { type Lane, makeColdStarts, newLane, prepareLanes, runStep, stopLane } from './lane.ts';
import { byLane, firstLanes, lanesSoFar, missesColdStarts, progressOf } from './lanes.ts';
import { rememberingFailures } from './lastFailure.ts';
import type { Measuring } from './measureOnce.ts';
import { lanePayloads, openControls, openMeasuring, type RunDependencies } from './measuring.ts';
import { whyNothingMeasured } from './nothingMeasured.ts';
import { askReference } from './reference.ts';
import type { TuneJob } from './tuneJob.ts';

export type { TuneJob } from './tuneJob.ts';

export interface TuneDependencies extends RunDependencies {
  readonly platform: Platform;
  /** What the edges learnt on the way: a log group that could not be tagged, a busy host, … Asked when all is removed. */
  readonly lateWarnings: () => readonly Warning[];
}

export interface TuneOutcome {
  readonly result: TuningResult;
  /** What ended the run early; the result then holds what was measured before. */
  readonly failure?: unknown;
  /** It ran to its end and has no figure: what kept it from one, and what to do. */
  readonly unmeasured?: TuneError;
}

export async function tune(job: TuneJob, deps: TuneDependencies): Promise<TuneOutcome> {
  const startedAt = deps.now();
  const lanes = firstLanes(job.plan, job.continued, job.allowedErrors ?? []);
  const controls = openControls(deps);
  const { stop } = controls;
  const failures = rememberingFailures(deps.platform);
  const run = openMeasuring(job, { ...deps, platform: failures.platform }, controls);
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
    lanes: lanes.map((lane) => ({
      ...lane,
      measurements: [...lane.earlier, ...nameEnvironments(lane.measurements, logStreams)],
    })),
    invocations: lanes.reduce((sum, { measurements }) => sum + measurements.length, 0),
    startedAt,
    finishedAt: deps.now(),
    ended: interrupted ? 'interrupted' : failure ? 'failed' : isCapped(run, search) ? 'spendCap' : 'completed',
    spentUsd: run.ledger.spentUsd,
    throttles: run.pressure.throttles,
    warnings: deps.lateWarnings(),
    leftBehind,
    ...(search === undefined ? {} : { search }),
  });
  deps.onEvent({ kind: 'stage', stage: 'done' });
  const unmeasured = failure === undefined ? whyNothingMeasured(result, failures, run) : undefined;
  return {
    result,
    ...(failure === undefined ? {} : { failure }),
    ...(unmeasured === undefined ? {} : { unmeasured }),
  };
}

/** The cap refused a call, or a race ended because no further one would surely fit under it. */
function isCapped(run: Measuring, search: SearchOutcome | undefined): boolean {
  return run.pressure.capReached || search?.reason === 'budget';
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
    invocations: 0,
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
  const isRace = job.plan.sampling.kind === 'race';
  const next = (round: number, budget = budgetOf(job, run)) =>
    nextRound(job.plan, round, lanesSoFar(lanes, run.allowedErrors), budget);
  const isMissingCold = (lane: Lane) => missesColdStarts(lane, job.coldStarts);
  try {
    const opening = job.continued === undefined ? undefined : next(0);
    const wanted = opening?.kind === 'measure' ? byLane(opening.steps, lanes).map(([lane]) => lane) : [];
    const called = [...new Set([...wanted, ...lanes.filter(isMissingCold)])];
    // An earlier run may have answered everything already.
    if (opening !== undefined && called.length === 0) return opening.kind === 'stop' ? outcomeOf(opening) : {};

    deps.onEvent({ kind: 'stage', stage: 'reference' });
    const deployments = prepareLanes(run);
    await askReference(run, deployments, opening === undefined ? lanes : called, payloads);
    deps.onEvent({ kind: 'stage', stage: 'measure' });
    const inLanes = (chosen: readonly Lane[], work: (lane: Lane) => Promise<void>) =>
      // Everything settles before the next round, and before the clean-up: a call in flight would meet a deleted function.
      Promise.allSettled(
        chosen.map(async (lane) => {
          try {
            await deployments.of(lane);
            await work(lane);
          } catch (error) {
            stopLane(run, lane, error, fail);
          }
        }),
      );
    const finishLane = async (lane: Lane) => {
      if (job.coldStarts !== undefined) await makeColdStarts(run, lane, job.coldStarts, payloads);
      if (lane.deployment) await deps.platform.release(lane.deployment);
    };
    for (let round = 0; !stop.signal.aborted; round += 1) {
      const before = progressOf(lanes);
      const decided = next(round);
      search = decided.kind === 'stop' ? decided.search : undefined;
      if (decided.kind === 'measure') {
        const steps = new Map(byLane(decided.steps, lanes));
        await inLanes([...steps.keys()], async (lane) => {
          const side = isRace ? 'alone' : 'sideBySide';
          const own = steps.get(lane) ?? [];
          const chains = await Promise.allSettled(own.map((step) => runStep(run, lane, step, payloads, side)));
          for (const chain of chains) if (chain.status === 'rejected') throw chain.reason;
          if (!isRace) await finishLane(lane);
        });
      } else if (isRace && job.coldShare !== undefined && lanes.some(isMissingCold)) {
        // The mixture is what is asked for: its cold half is made before the answer is believed.
        const wantedCold = job.coldStarts ?? 0;
        await inLanes(lanes.filter(isMissingCold), (lane) => makeColdStarts(run, lane, wantedCold, payloads));
      } else break;
      if (!isRace || progressOf(lanes) > before) continue;
      // The cap left no room for what was wanted.
      const last = next(round, { leftUsd: 0, worstCaseUsdPerGb: 1 });
      if (last.kind === 'stop' && !stop.signal.aborted) search = last.search;
      break;
    }
    await inLanes(
      lanes.filter((lane) => isMissingCold(lane) || (isRace && lane.deployment !== undefined)),
      finishLane,
    );
  } catch (error) {
    fail(error);
  }
  return { ...(failure === undefined ? {} : { failure }), ...(search === undefined ? {} : { search }) };
}

function outcomeOf({ search }: Extract<Round, { kind: 'stop' }>): MeasuringEnd {
  return search === undefined ? {} : { search };
}

function budgetOf(job: TuneJob, run: Measuring): Budget | undefined {
  if (job.maxSpendUsd === undefined) return undefined;
  const perGb = worstCaseUsd({ memoryMb: 1024, architecture: 'x86_64' }, job.facts, job.costModel);
  return { leftUsd: job.maxSpendUsd - run.ledger.spentUsd, worstCaseUsdPerGb: perGb };
}
