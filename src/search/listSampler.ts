import { asAnswers } from '../analysis/expectedErrors.ts';
import { isPaced } from '../analysis/machine/calmLevel.ts';
import { isWorthCallingOn } from '../analysis/machine/contention.ts';
import { isSteadyByItself, steadyPartsOf } from '../analysis/steady.ts';
import type { PayloadShare } from '../analysis/summarize.ts';
import { type Configuration, findMadeOf, sameConfiguration } from '../model/configuration.ts';
import { type LaneSoFar, type Next, progressOf, type Sampler, type SoFar } from '../model/engine/sampler.ts';
import { fullSteps, type LaneStep } from '../model/engine/step.ts';
import type { Measurement } from '../model/measurement.ts';
import { missingColdStarts } from './sampling.ts';

export interface ListPlan {
  readonly configurations: readonly Configuration[];
  readonly environmentsPerConfiguration: number;
  readonly warmInvocations: number;
  /** Cold starts to make on purpose, per configuration. */
  readonly coldStarts?: number | undefined;
  /** Function errors of these types count as answers. */
  readonly allowedErrors: readonly string[];
  /** Sizes whose warm calls still become faster are called on; absent: they are not. */
  readonly settling?: Settling | undefined;
}

/** How far sizes are called on: what was announced as the most that the run may cost holds. All money is US$. */
interface Settling {
  readonly payloads: readonly PayloadShare[];
  readonly compilesInUse: boolean;
  readonly announcedUsd: number;
  /** Of one call. */
  readonly worstUsd: (configuration: Configuration) => number;
}

/**
 * Every configuration in full, in one round; then those whose warm calls still become faster, or that a slow machine keeps from being
 * known, are called on, round by round. A call that a busy machine got in the way of is made again, up to half as many
 * as were asked for: there is no further round that could make up for it.
 */
export function listSampler(plan: ListPlan): Sampler<undefined> {
  return {
    next(now, before) {
      if (before.length > 0) return asked(settlingSteps(plan, now, before));
      const called = plan.configurations.flatMap((configuration) => stepsOf(configuration, plan, now));
      const others = missingColdStarts(now, plan.coldStarts).filter(
        (step) => !called.some(({ configuration }) => sameConfiguration(configuration, step.configuration)),
      );
      return asked([...called, ...others]);
    },
    isDone: (lane) => isDone(lane, plan),
  };
}

/**
 * A size that is steady by itself is not called on, even where all of them together are found to become faster. On this machine
 * durations are corrected by what all sizes show, so that none is done before the others are.
 */
function isDone({ earlier, measurements, stopped }: LaneSoFar, { settling, allowedErrors }: ListPlan): boolean {
  if (settling === undefined || stopped !== undefined) return true;
  const all = asAnswers([...earlier, ...measurements], allowedErrors);
  return !all.some(isPaced) && isSteadyByItself(all, settling.payloads, settling.compilesInUse);
}

function asked(steps: readonly LaneStep[]): Next<undefined> {
  return steps.length === 0 ? { kind: 'stop', found: undefined } : { kind: 'measure', steps };
}

/** What is still wanted of one configuration: nothing of one that cannot be used, or that an earlier run measured in full. */
function stepsOf(configuration: Configuration, plan: ListPlan, { lanes }: SoFar): readonly LaneStep[] {
  const { environmentsPerConfiguration, warmInvocations, coldStarts, allowedErrors } = plan;
  const known = findMadeOf(lanes, configuration);
  const all = known?.measurements.length ?? 0;
  if (known?.stopped !== undefined && all === 0) return [];
  const wanted = Math.max(0, warmInvocations - warmAnswers(known?.earlier ?? [], allowedErrors));
  const calls = fullSteps([configuration], environmentsPerConfiguration, wanted).flatMap((step): LaneStep[] => {
    // The reference's answers, all in the first environment.
    const made = step.environment === 0 ? all : 0;
    const warm = step.invocations - Math.max(1, made);
    const again = Math.ceil(Math.max(0, warm) / 2);
    return made < step.invocations
      ? [{ ...step, kind: 'calls', invocations: step.invocations - made, further: 'beside', again }]
      : [];
  });
  if (calls.length === 0) return [];
  const cold: LaneStep[] = coldStarts === undefined ? [] : [{ kind: 'coldStarts', configuration, wanted: coldStarts }];
  return [...calls, ...cold];
}

/** Of each environment of a configuration, warm calls at most: Java is often steady by then, and it ends where it never is. */
const mostPerEnvironment = 64;

/** So many times what was asked for, and for so long, a size is called on at most because the machine is slow. */
const mostTimes = 5;
const mostMs = 20_000;

/**
 * As many calls again in every environment of the configurations that are not steady yet, or whose figures the machine made rough. Nothing where none fell, where the
 * round before brought nothing, or where it might cost more than was announced.
 */
function settlingSteps(plan: ListPlan, now: SoFar, before: readonly SoFar[]): readonly LaneStep[] {
  const { settling, allowedErrors } = plan;
  const last = before.at(-1);
  if (settling === undefined || now.ending !== undefined || last === undefined || progressOf(now) <= progressOf(last))
    return [];
  const lanes = now.lanes.map((lane) => ({
    ...lane,
    measurements: asAnswers([...lane.earlier, ...lane.measurements], allowedErrors),
    made: lane.measurements,
  }));
  const parts = steadyPartsOf(lanes, settling.payloads, settling.compilesInUse);
  const spentUsd = now.lanes.reduce((sum, { measurements }) => sum + costOf(measurements), 0);
  let leftUsd = settling.announcedUsd - spentUsd;
  return lanes.flatMap((lane, index): readonly LaneStep[] => {
    const isSettling = parts[index]?.isReached === false;
    const isRough = 2 * tookMs(lane.made) <= mostMs && isWorthCallingOn(lane.measurements);
    if (lane.stopped !== undefined || !(isSettling || isRough) || lane.environments.length === 0) return [];
    const each = Math.floor(lane.made.length / lane.environments.length);
    const most = isSettling ? mostPerEnvironment : (mostTimes * plan.warmInvocations) / lane.environments.length;
    const further = Math.min(each, Math.floor(most) - each);
    const worstUsd = further * lane.environments.length * settling.worstUsd(lane.configuration);
    if (further <= 0 || worstUsd > leftUsd) return [];
    leftUsd -= worstUsd;
    const { configuration } = lane;
    return lane.environments.map((environment) => ({
      kind: 'calls',
      configuration,
      environment,
      invocations: further,
      further: 'beside',
      again: 0,
    }));
  });
}

/** By the clock, so far. */
function tookMs(calls: readonly Measurement[]): number {
  return calls.reduce(
    (sum, call) => sum + (call.outcome === 'unreported' ? 0 : (call.rawDurationMs ?? call.durationMs)),
    0,
  );
}

function costOf(calls: readonly Measurement[]): number {
  return calls.reduce((sum, call) => sum + (call.outcome === 'unreported' ? 0 : call.costUsd), 0);
}

function warmAnswers(calls: Parameters<typeof asAnswers>[0], allowedErrors: readonly string[]): number {
  return asAnswers(calls, allowedErrors).filter(({ start, outcome }) => start === 'warm' && outcome === 'succeeded')
    .length;
}
