import { type CheckOutcome, type CheckState, nextRound, shownBeside } from './domain/check/gate.ts';
import type { CheckOptions } from './domain/check/options.ts';
import type { Batch } from './domain/check/sampling.ts';
import type { MetricResult } from './domain/check/verdict.ts';
import type { Configuration, CostModel, FunctionFacts, Measurement, Payload, Warning } from './domain/model.ts';
import type { LeftBehind, Platform } from './domain/platform.ts';
import { type Lane, type LanePayloads, newLane, prepareLanes, runStep } from './lane.ts';
import type { Measuring } from './measureOnce.ts';
import { lanePayloads, openControls, openMeasuring, type RunDependencies } from './measuring.ts';
import { askReference } from './reference.ts';

/**
 * The measuring of `tune check`: the current function, and the one it is compared with or a saved baseline, until the gate
 * (domain/check/gate.ts) has its verdict. Both sides go on side by side, so that they see the same minutes.
 */

export interface CheckSide {
  readonly facts: FunctionFacts;
  readonly configuration: Configuration;
  readonly platform: Platform;
}

export interface CheckJob {
  readonly current: CheckSide;
  /** A second function that is measured too, or what earlier runs measured. */
  readonly baseline: CheckSide | { readonly measurements: readonly Measurement[] };
  readonly costModel: CostModel;
  readonly options: CheckOptions;
  readonly maxInFlight: number;
  readonly maxSpendUsd?: number;
  readonly payloads: readonly Payload[];
  readonly payloadTemplate: boolean;
}

export interface CheckEnd {
  /** Absent when a failure left nothing to judge. */
  readonly outcome?: CheckOutcome;
  /** Lines that were not asked for. */
  readonly beside: readonly MetricResult[];
  readonly current: readonly Measurement[];
  readonly baseline: readonly Measurement[];
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly spentUsd: number;
  readonly capReached: boolean;
  readonly leftBehind: readonly LeftBehind[];
  readonly warnings: readonly Warning[];
  readonly failure?: unknown;
}

interface MeasuredSide {
  readonly run: Measuring;
  readonly lane: Lane;
  readonly payloads: LanePayloads;
}

export async function runCheck(job: CheckJob, deps: RunDependencies): Promise<CheckEnd> {
  const startedAt = deps.now();
  const controls = openControls(deps);
  const { stop } = controls;
  const warnings: Warning[] = [];
  const shared = openMeasuring(
    {
      facts: job.current.facts,
      costModel: job.costModel,
      plan: job,
      ...(job.maxSpendUsd === undefined ? {} : { maxSpendUsd: job.maxSpendUsd }),
    },
    { ...deps, platform: job.current.platform },
    controls,
  );
  const payloads = lanePayloads(job.payloads, job.payloadTemplate, deps.uuid);
  const current: MeasuredSide = { run: shared, lane: newLane(job.current.configuration), payloads };
  const { baseline: given } = job;
  const baseline: MeasuredSide | undefined =
    'platform' in given
      ? // One bound on what is in flight and one ledger for both sides.
        {
          run: { ...shared, platform: given.platform, facts: given.facts },
          lane: newLane(given.configuration),
          payloads,
        }
      : undefined;
  const sides = baseline === undefined ? [current] : [current, baseline];
  const state = (ended: boolean): CheckState => ({
    current: current.lane.measurements,
    baseline: baseline?.lane.measurements ?? ('measurements' in given ? given.measurements : []),
    ended,
  });

  let failure: unknown;
  let outcome: CheckOutcome | undefined;
  try {
    deps.onEvent({ kind: 'stage', stage: 'reference' });
    await settled(sides.map(({ run, lane }) => askReference(run, prepareLanes(run), [lane], payloads)));
    deps.onEvent({ kind: 'stage', stage: 'measure' });
    outcome = await decide(job, state, { current, ...(baseline === undefined ? {} : { baseline }) });
  } catch (error) {
    if (!deps.interrupted.aborted) failure = error;
    stop.abort();
  }
  if (outcome === undefined && current.lane.measurements.length > 0) {
    const last = nextRound(state(true), job.options);
    if (last.kind === 'decided') outcome = { ...last, verdict: 'inconclusive' };
  }
  const { capReached } = shared.pressure;
  controls.end();

  deps.onEvent({ kind: 'stage', stage: 'cleanUp' });
  const leftBehind = (await Promise.all(sides.map(({ run }) => run.platform.remove()))).flat();
  if (leftBehind.length > 0) deps.onEvent({ kind: 'leftBehind', items: leftBehind });
  deps.onEvent({ kind: 'stage', stage: 'done' });
  return {
    ...(outcome === undefined ? {} : { outcome }),
    beside: outcome === undefined ? [] : shownBeside(state(true), job.options),
    current: current.lane.measurements,
    baseline: state(true).baseline,
    startedAt,
    finishedAt: deps.now(),
    spentUsd: shared.ledger.spentUsd,
    capReached,
    leftBehind,
    warnings,
    ...(failure === undefined ? {} : { failure }),
  };
}

/** Round after round until the gate decides, or nothing more can be measured. */
async function decide(
  { options }: CheckJob,
  state: (ended: boolean) => CheckState,
  { current, baseline }: { current: MeasuredSide; baseline?: MeasuredSide },
): Promise<CheckOutcome> {
  for (let ended = false; ; ) {
    const next = nextRound(state(ended), options);
    if (next.kind === 'decided') return next;
    const before = countOf(current) + countOf(baseline);
    await settled([
      runBatch(current, next.current),
      ...(baseline === undefined ? [] : [runBatch(baseline, next.baseline)]),
    ]);
    const { run, lane } = current;
    // A side that cannot go on, an interruption, the cap, or a round that brought nothing: decide with what there is.
    const stuck = countOf(current) + countOf(baseline) === before;
    ended =
      run.stop.aborted ||
      run.pressure.capReached ||
      stuck ||
      lane.stopped !== undefined ||
      baseline?.lane.stopped !== undefined;
  }
}

function countOf(side: MeasuredSide | undefined): number {
  return side?.lane.measurements.length ?? 0;
}

/**
 * New environments each on a version of their own (a call beside others on one version may be served by any that is idle, and
 * the gate must know which is which); else the samples are dealt over those that are open.
 */
async function runBatch({ run, lane, payloads }: MeasuredSide, batch: Batch): Promise<void> {
  if (batch.samples === 0) return;
  const opened = [...lane.environments.keys()].sort((a, b) => a - b);
  const ordinals =
    batch.newEnvironments > 0
      ? Array.from({ length: batch.newEnvironments }, (_, index) => opened.length + index)
      : opened;
  // The reference call opened the first environment; it counts as one of the new ones as long as it has no warm sample.
  const fresh = lane.measurements.length === 1 && batch.newEnvironments > 0 ? [0, ...ordinals.slice(0, -1)] : ordinals;
  await settled(
    fresh.map((environment, index) => {
      const share = Math.floor(batch.samples / fresh.length) + (index < batch.samples % fresh.length ? 1 : 0);
      const invocations = share + (lane.environments.has(environment) ? 0 : 1);
      const step = { configuration: lane.configuration, environment, invocations };
      return share === 0 ? Promise.resolve() : runStep(run, lane, step, payloads, 'alone');
    }),
  );
}

/** Waits for all, then throws what failed first: nothing may still be in flight when the clean-up begins. */
async function settled(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
