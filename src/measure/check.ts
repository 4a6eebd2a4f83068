import { asAnswers } from '../analysis/expectedErrors.ts';
import { TuneError } from '../base/errors.ts';
import type { SideSize } from '../check/extend.ts';
import { sideOf } from '../check/figures.ts';
import { type CheckOutcome, type CheckState, nextRound, shownBeside } from '../check/gate.ts';
import { type CheckOptions, mostCallsOf } from '../check/options.ts';
import type { Batch } from '../check/sampling.ts';
import { type Suggestion, suggestionsFor } from '../check/suggestion.ts';
import type { MetricResult, Verdict } from '../check/verdict.ts';
import type { Configuration } from '../model/configuration.ts';
import type { CostModel, FunctionFacts, Measurement, Payload, Warning } from '../model/measurement.ts';
import type { Deployment, LeftBehind, Platform } from '../model/platform.ts';
import { worstCaseUsd } from '../plan/estimate.ts';
import { type Lane, type LanePayloads, newLane, prepareLanes, runStep } from './lane.ts';
import type { Measuring } from './measureOnce.ts';
import { lanePayloads, openControls, openMeasuring, placeOf, type RunDependencies } from './measuring.ts';
import { askReference } from './reference.ts';

/**
 * The measuring of `tune check`: the current function, and the one it is compared with or a saved baseline, until the gate
 * (domain/check/gate.ts) has its verdict. Both sides go on side by side, so that they see the same minutes.
 */

export interface CheckSide {
  /** As the user named it. */
  readonly name: string;
  readonly facts: FunctionFacts;
  /** Set when it was named by a path. */
  readonly path?: string;
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
  /** Function errors of these types count as answers. */
  readonly allowedErrors?: readonly string[];
  /**
   * The current side is to become a baseline: what it is still to be measured up to after this verdict; undefined when that
   * is enough, or when it will not be kept.
   */
  readonly completeTo?: (verdict: Verdict, current: readonly Measurement[]) => SideSize | undefined;
}

export interface CheckEnd {
  /** Absent when a failure left nothing to judge. */
  readonly outcome?: CheckOutcome;
  /** Lines that were not asked for. */
  readonly beside: readonly MetricResult[];
  /** What would have changed the verdict. */
  readonly suggestions: readonly Suggestion[];
  readonly current: readonly Measurement[];
  readonly baseline: readonly Measurement[];
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly spentUsd: number;
  readonly capReached: boolean;
  readonly throttles: number;
  readonly leftBehind: readonly LeftBehind[];
  readonly warnings: readonly Warning[];
  readonly failure?: unknown;
}

interface MeasuredSide {
  readonly name: string;
  readonly run: Measuring;
  readonly lane: Lane;
  readonly payloads: LanePayloads;
  /** Rounds in which a further environment was refused. */
  refusals: number;
  isRefusalTold: boolean;
}

/** A refusal may be a bad moment; the second one is believed. */
const refusalsBelieved = 2;

/** Rounds without one usable sample before it is decided with what there is. */
const emptyRoundsBelieved = 3;

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
      ...(job.allowedErrors === undefined ? {} : { allowedErrors: job.allowedErrors }),
    },
    { ...deps, platform: job.current.platform },
    controls,
  );
  const current = openSide(job.current, shared, job, deps);
  const { baseline: given } = job;
  // One bound on what is in flight and one ledger for both sides.
  const baseline = 'platform' in given ? openSide(given, shared, job, deps) : undefined;
  const sides = baseline === undefined ? [current] : [current, baseline];
  const answers = (measurements: readonly Measurement[]) => asAnswers(measurements, job.allowedErrors ?? []);
  const copied = (one: CheckState): CheckState => ({ ...one, current: [...one.current], baseline: [...one.baseline] });
  const state = (ended: boolean): CheckState => ({
    current: answers(current.lane.measurements),
    baseline: answers(baseline?.lane.measurements ?? ('measurements' in given ? given.measurements : [])),
    ended,
  });

  let failure: unknown;
  let outcome: CheckOutcome | undefined;
  // What comes after the verdict, for a baseline, is not what it was made of.
  let judged: CheckState = state(true);
  try {
    deps.onEvent({ kind: 'stage', stage: 'reference' });
    await settled(sides.map((side) => askCopy(side)));
    deps.onEvent({ kind: 'stage', stage: 'measure' });
    outcome = await decide(job, state, sides);
    judged = copied(state(true));
    const cannotWork = sides.find(({ lane }) => lane.stopped !== undefined);
    if (outcome.verdict !== 'regressed' && cannotWork?.lane.stopped !== undefined) {
      throw new TuneError('NOT_MEASURED', `${cannotWork.name} cannot be measured: ${cannotWork.lane.stopped.reason}`);
    }
    await complete(job, current, outcome.verdict);
  } catch (error) {
    // After an interruption everything pending rejects; that is the interruption, not a failure of its own.
    if (!deps.interrupted.aborted) failure = error;
    stop.abort();
  }
  if (outcome === undefined && current.lane.measurements.length > 0) {
    judged = copied(state(true));
    const last = nextRound(judged, job.options);
    if (last.kind === 'decided') outcome = { ...last, verdict: 'inconclusive', undecided: last.undecided ?? 'ended' };
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
    suggestions: outcome === undefined ? [] : suggestionsFor(judged, job.options, outcome.verdict),
    current: current.lane.measurements,
    baseline: state(true).baseline,
    startedAt,
    finishedAt: deps.now(),
    spentUsd: shared.ledger.spentUsd,
    capReached,
    throttles: shared.pressure.throttles,
    leftBehind,
    warnings,
    ...(failure === undefined ? {} : { failure }),
  };
}

/** With labels of its own: every environment has a version to itself here, so the chain of calls names it. */
function openSide(
  { name, facts, path, configuration, platform }: CheckSide,
  shared: Measuring,
  job: CheckJob,
  deps: RunDependencies,
): MeasuredSide {
  const lane = newLane(configuration);
  const labelOf = (deployment: Deployment) =>
    [...lane.environments].find(([, opened]) => opened.deployment === deployment)?.[0] ?? 0;
  return {
    name,
    lane,
    payloads: dealt(lanePayloads(job.payloads, job.payloadTemplate, deps.uuid)),
    refusals: 0,
    isRefusalTold: false,
    run: {
      ...shared,
      facts,
      place: placeOf(facts, path),
      worstCaseUsd: (deployment) => worstCaseUsd(deployment.configuration, facts, job.costModel),
      platform: {
        ...platform,
        // A REPORT from the logs names the log stream: one environment would be counted twice.
        async findReport(deployment, lookup, signal) {
          const found = await platform.findReport(deployment, lookup, signal);
          return found.found ? { ...found, environment: String(labelOf(deployment) + 1) } : found;
        },
      },
    },
  };
}

/** Few calls go to each environment, so payloads are dealt over all of a side: each stratum needs its samples. */
function dealt(payloads: LanePayloads): LanePayloads {
  let sent = 0;
  return {
    ...payloads,
    sequence: () => {
      sent += 1;
      return payloads.sequence(sent - 1);
    },
  };
}

async function askCopy({ name, run, lane, payloads }: MeasuredSide): Promise<void> {
  try {
    await askReference(run, prepareLanes(run), [lane], payloads);
  } catch (error) {
    if (!(error instanceof TuneError)) throw error;
    const { hint, lastLog } = error;
    throw new TuneError(error.code, `${name}: ${error.message}`, { hint, lastLog, cause: error });
  }
}

/** Round after round until the gate decides, or nothing more can be measured. */
async function decide(
  { options }: CheckJob,
  state: (ended: boolean) => CheckState,
  sides: readonly MeasuredSide[],
): Promise<CheckOutcome> {
  let emptyRounds = 0;
  for (let ended = false; ; ) {
    const next = nextRound(state(ended), bounded(options, sides));
    if (next.kind === 'decided') return next;
    const before = trialsOf(sides);
    const [current, baseline] = sides;
    await settled([
      ...(current === undefined ? [] : [runBatch(current, next.current)]),
      ...(baseline === undefined ? [] : [runBatch(baseline, next.baseline)]),
    ]);
    emptyRounds = trialsOf(sides) === before ? emptyRounds + 1 : 0;
    // An interruption, the cap, a side that cannot go on or had all its calls: decide with what there is.
    ended =
      emptyRounds >= emptyRoundsBelieved ||
      sides.some(
        ({ run, lane }) =>
          run.stop.aborted ||
          run.pressure.capReached ||
          lane.stopped !== undefined ||
          lane.measurements.length >= mostCallsOf(options),
      );
  }
}

/** Rounds for what fails or is not reported, and for what the calls made so far say is still missing. */
const completingRounds = 6;

async function complete({ completeTo }: CheckJob, side: MeasuredSide, verdict: Verdict): Promise<void> {
  const { run, lane } = side;
  for (let round = 0; round < completingRounds; round++) {
    const { trials, environments } = sideOf(lane.measurements);
    const wanted = completeTo?.(verdict, lane.measurements);
    if (wanted === undefined || run.stop.aborted || run.pressure.capReached || lane.stopped !== undefined) return;
    const samples = Math.max(0, wanted.samples - trials);
    const newEnvironments = Math.max(0, wanted.environments - environments);
    await runBatch(side, { samples: Math.max(samples, newEnvironments), newEnvironments });
  }
}

function trialsOf(sides: readonly MeasuredSide[]): number {
  return sides.reduce((sum, { lane }) => sum + sideOf(lane.measurements).trials, 0);
}

/** Where no further version may be published, the environments that are open are all there will be. */
function bounded(options: CheckOptions, sides: readonly MeasuredSide[]): CheckOptions {
  const opened = sides.filter(cannotOpen).map(({ lane }) => lane.environments.size);
  return { ...options, maxEnvironments: Math.min(options.maxEnvironments, ...opened) };
}

function cannotOpen({ refusals }: MeasuredSide): boolean {
  return refusals >= refusalsBelieved;
}

/**
 * New environments each on a version of their own (a call beside others on one version may be served by any that is idle, and
 * the gate must know which is which); else the samples are dealt over those that are open. Samples of an environment that
 * was refused are not taken: in the environment of another they would pass for a host of their own.
 */
async function runBatch(side: MeasuredSide, batch: Batch): Promise<void> {
  const { run, lane, payloads } = side;
  if (batch.samples === 0) return;
  const opened = [...lane.environments.keys()].sort((a, b) => a - b);
  const wanted = cannotOpen(side) ? 0 : batch.newEnvironments;
  const next = Math.max(-1, ...opened) + 1;
  const further = Array.from({ length: wanted }, (_, index) => next + index);
  // The reference call opened the first environment; it counts as one of the new ones as long as it has no warm sample.
  const isUnused = lane.measurements.length === 1 && wanted > 0;
  const ordinals = wanted === 0 ? opened : isUnused ? [0, ...further.slice(0, -1)] : further;
  let isRefused = false;
  await settled(
    ordinals.map(async (environment, index) => {
      const share = Math.floor(batch.samples / ordinals.length) + (index < batch.samples % ordinals.length ? 1 : 0);
      if (share === 0) return;
      const isNew = !lane.environments.has(environment);
      if (isNew && !(await openEnvironment(side, environment))) {
        isRefused = true;
        return;
      }
      const step = { configuration: lane.configuration, environment, invocations: isNew ? share + 1 : share };
      await runStep(run, lane, step, payloads, 'alone');
    }),
  );
  if (isRefused) side.refusals += 1;
}

/** Publishes a version of its own for one more environment. False: refused, said once. */
async function openEnvironment(side: MeasuredSide, ordinal: number): Promise<boolean> {
  const { name, run, lane } = side;
  if (lane.deployment === undefined || lane.stopped || run.stop.aborted) return false;
  try {
    const deployment = await run.platform.renew(lane.deployment, run.stop);
    lane.environments.set(ordinal, { deployment, calls: 0 });
    return true;
  } catch (error) {
    if (run.stop.aborted || side.isRefusalTold) return false;
    side.isRefusalTold = true;
    const why = error instanceof Error ? error.message : String(error);
    const text = `No further environment can be opened for ${name}, and a verdict needs several hosts: ${why}`;
    run.onEvent({ kind: 'warning', warning: { code: 'environmentsRefused', text } });
    return false;
  }
}

/** Waits for all, then throws what failed first: nothing may still be in flight when the clean-up begins. */
async function settled(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
