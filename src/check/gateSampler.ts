import { asAnswers } from '../analysis/expectedErrors.ts';
import { type Configuration, findMadeOf } from '../model/configuration.ts';
import type { LaneSoFar, Next, Sampler, SoFar } from '../model/engine/sampler.ts';
import type { LaneStep } from '../model/engine/step.ts';
import type { Measurement } from '../model/measurement.ts';
import { batchSteps, cannotOpen } from './batchSteps.ts';
import type { SideSize } from './extend.ts';
import { sideOf } from './figures.ts';
import { type CheckOutcome, type CheckState, judgedOf, nextRound, type Round } from './gate.ts';
import { type GateOptions, mostCallsOf } from './options.ts';
import type { Batch } from './sampling.ts';
import type { CheckVerdict } from './verdict.ts';

/** What one check compares, and up to where. */
export interface GatePlan {
  readonly current: Configuration;
  /** A second function that is measured too, or what earlier runs measured. */
  readonly baseline: { readonly configuration: Configuration } | { readonly measurements: readonly Measurement[] };
  readonly options: GateOptions;
  /** Function errors of these types count as answers. */
  readonly allowedErrors: readonly string[];
  /**
   * The current side is to become a baseline: what it is still to be measured up to after this verdict; undefined when that
   * is enough, or when it will not be kept.
   */
  readonly completeTo?: ((verdict: CheckVerdict, current: readonly Measurement[]) => SideSize | undefined) | undefined;
}

export interface GateFound {
  readonly outcome: CheckOutcome;
  /** What the verdict was made of: not what was measured after it, for a baseline. */
  readonly judged: CheckState;
}

/** Rounds without one usable sample before it is decided with what there is. */
const emptyRoundsBelieved = 3;

/** Rounds after the verdict, for what fails or is not reported, and for what the calls made so far say is still missing. */
const completingRounds = 6;

/**
 * Both sides side by side, so that they see the same minutes, until the gate (`gate.ts`) has its verdict. Undefined: nothing
 * was measured of the current side.
 */
export function gateSampler(plan: GatePlan): Sampler<GateFound | undefined> {
  return {
    next(now, before) {
      const verdictAt =
        plan.completeTo === undefined ? -1 : before.findIndex((_, index) => isDecided(index, before, plan));
      const decisive = before[verdictAt];
      if (decisive !== undefined) {
        const round = roundAt(decisive, before.slice(0, verdictAt), plan);
        const found = round.kind === 'decided' ? foundAt(decisive, round, plan) : undefined;
        return completing(now, before, before.length - verdictAt, found, plan);
      }
      const round = roundAt(now, before, plan);
      return round.kind === 'decided'
        ? completing(now, before, 0, foundAt(now, round, plan), plan)
        : { kind: 'measure', steps: stepsOf(round, now, before, plan) };
    },
  };
}

function isDecided(index: number, rounds: readonly SoFar[], plan: GatePlan): boolean {
  const then = rounds[index];
  return then !== undefined && roundAt(then, rounds.slice(0, index), plan).kind === 'decided';
}

function roundAt(now: SoFar, before: readonly SoFar[], plan: GatePlan): Round {
  return nextRound(stateOf(now, plan, mustDecide(now, before, plan)), bounded(now, before, plan));
}

/** An interruption, the cap, a side that cannot go on or had all its calls: decide with what there is. */
function mustDecide(now: SoFar, before: readonly SoFar[], plan: GatePlan): boolean {
  return (
    now.ending !== undefined ||
    emptyRounds(now, before, plan) >= emptyRoundsBelieved ||
    lanesOf(now, plan).some(
      ({ stopped, measurements }) => stopped !== undefined || measurements.length >= mostCallsOf(plan.options),
    )
  );
}

/** Rounds up to now, in a row, that brought no usable sample. */
function emptyRounds(now: SoFar, before: readonly SoFar[], plan: GatePlan): number {
  const trials = (then: SoFar) =>
    lanesOf(then, plan).reduce((sum, { measurements }) => sum + sideOf(measurements).trials, 0);
  const reached = trials(now);
  return before.length - (before.findLastIndex((then) => trials(then) !== reached) + 1);
}

/** Where no further version may be published, the environments that are open are all there will be. */
function bounded(now: SoFar, before: readonly SoFar[], plan: GatePlan): GateOptions {
  const opened = lanesOf(now, plan)
    .filter((lane) => cannotOpen(lane, historyOf(lane, before)))
    .map(({ environments }) => environments.length);
  return { ...plan.options, maxEnvironments: Math.min(plan.options.maxEnvironments, ...opened) };
}

function foundAt(now: SoFar, decided: Round & { kind: 'decided' }, plan: GatePlan): GateFound | undefined {
  const judged = judgedOf(stateOf(now, plan, true), plan.options);
  const isCutShort = now.ending === 'failed' || now.ending === 'interrupted';
  if (isCutShort && judged.current.length === 0) return undefined;
  const { kind: _kind, ...outcome } = decided;
  // What a failure left is not what was planned: it decides nothing.
  return now.ending === 'failed'
    ? { judged, outcome: { ...outcome, verdict: 'inconclusive', undecided: outcome.undecided ?? 'ended' } }
    : { judged, outcome };
}

/** After the verdict: what is still missing for a baseline. `rounds`: so many were made for that already. */
function completing(
  now: SoFar,
  before: readonly SoFar[],
  rounds: number,
  found: GateFound | undefined,
  plan: GatePlan,
): Next<GateFound | undefined> {
  const lane = laneOf(now, plan.current);
  const cannotGoOn = now.ending !== undefined || lanesOf(now, plan).some(({ stopped }) => stopped !== undefined);
  const wanted =
    found === undefined || lane === undefined || cannotGoOn || rounds >= completingRounds
      ? undefined
      : plan.completeTo?.(found.outcome.verdict, lane.measurements);
  if (lane === undefined || wanted === undefined) return { kind: 'stop', found };
  const { trials, environments } = sideOf(lane.measurements);
  const newEnvironments = Math.max(0, wanted.environments - environments);
  const samples = Math.max(0, wanted.samples - trials, newEnvironments);
  return { kind: 'measure', steps: batchSteps(lane, historyOf(lane, before), { samples, newEnvironments }) };
}

function stepsOf(
  round: Round & { kind: 'measure' },
  now: SoFar,
  before: readonly SoFar[],
  { current, baseline }: GatePlan,
): readonly LaneStep[] {
  const steps = (configuration: Configuration, batch: Batch) => {
    const lane = laneOf(now, configuration);
    return lane === undefined ? [] : batchSteps(lane, historyOf(lane, before), batch);
  };
  return [
    ...steps(current, round.current),
    ...('configuration' in baseline ? steps(baseline.configuration, round.baseline) : []),
  ];
}

function stateOf(now: SoFar, { current, baseline, allowedErrors }: GatePlan, ended: boolean): CheckState {
  const answers = (calls: readonly Measurement[] = []) => asAnswers(calls, allowedErrors);
  const before =
    'configuration' in baseline ? laneOf(now, baseline.configuration)?.measurements : baseline.measurements;
  return { current: answers(laneOf(now, current)?.measurements), baseline: answers(before), ended };
}

function lanesOf(now: SoFar, { current, baseline }: GatePlan): readonly LaneSoFar[] {
  const sides = 'configuration' in baseline ? [current, baseline.configuration] : [current];
  return sides.flatMap((configuration) => laneOf(now, configuration) ?? []);
}

function laneOf({ lanes }: SoFar, configuration: Configuration): LaneSoFar | undefined {
  return findMadeOf(lanes, configuration);
}

function historyOf({ configuration }: LaneSoFar, before: readonly SoFar[]): readonly LaneSoFar[] {
  return before.flatMap((then) => laneOf(then, configuration) ?? []);
}
