import { isContended, isHostTheCause } from '../analysis/machine/contention.ts';
import type { Measurement } from '../model/measurement.ts';
import { type Side, sideOf } from './figures.ts';
import { isHopeless } from './futility.ts';
import { type GateLook, judge, shownMetrics } from './judge.ts';
import { informationOf, plannedLooks } from './levels.ts';
import { type LikeSides, onceKindsAreTold, onLikeHosts } from './likeHosts.ts';
import { judgedLines } from './metrics.ts';
import { firstLook, type GateOptions, leastToPass, minFixedEnvironments, mostCallsOf } from './options.ts';
import { fixedPartOf } from './runs.ts';
import { type Batch, nextBatch } from './sampling.ts';
import { steadyCallsOf } from './steadyCalls.ts';
import { type CheckVerdict, combine, type MetricResult } from './verdict.ts';

/** Everything measured so far. */
export interface CheckState {
  readonly baseline: readonly Measurement[];
  readonly current: readonly Measurement[];
  /** Nothing more can be measured (money, invocations, interruption): decide with what there is. */
  readonly ended?: boolean;
}

/** Why a verdict is inconclusive. */
type Undecided =
  /** A side has fewer environments than a verdict needs: hosts differ, and one sample of hosts cannot show it. */
  | 'fewEnvironments'
  | 'fewSamples'
  /** All planned samples were taken. */
  | 'maxSamples'
  /** Ended before the plan was. */
  | 'ended'
  /** The remaining samples would not decide it. */
  | 'outOfReach'
  /** The machine of the embedded endpoint was busy: too many calls say more of it than of the function. */
  | 'contended'
  /** A line is beyond its limit, and both sides are the same code with the same settings. */
  | 'sameCode';

export interface CheckOutcome {
  readonly verdict: CheckVerdict;
  readonly undecided?: Undecided;
  /** What was judged; see `shownBeside` for the rest. */
  readonly metrics: readonly MetricResult[];
  readonly samples: { readonly baseline: number; readonly current: number };
  readonly environments: { readonly baseline: number; readonly current: number };
  /** Two kinds of hosts were met on both sides, and are compared kind by kind: how many times as long the slower takes. */
  readonly kindsRatio?: number | undefined;
  /** So many first warm calls of every environment were left out on both sides: they were slower than the later ones. */
  readonly steadyAfter?: number | undefined;
}

export type Round =
  | { readonly kind: 'measure'; readonly baseline: Batch; readonly current: Batch }
  | ({ readonly kind: 'decided' } & CheckOutcome);

/**
 * What to do next, as a pure function of everything measured: the engine calls it after every round. A look is taken only
 * when every measured side has its planned samples, so failing or unreported calls cost time and not error rates.
 */
export function nextRound(state: CheckState, options: GateOptions): Round {
  const calm = calmOf(state);
  const { baseline, current, after, settling, maxEnvironments, maxSamples, hiddenEnvironments, ended } = steadyCallsOf(
    calm,
    options,
  );
  const callsLeft = mostCallsOf(options) - Math.max(state.current.length, paidBefore(state, options));
  const asked = { ...options, maxEnvironments, maxSamples, hiddenEnvironments, leftOut: after, callsLeft };
  const round = withSteady(nextOfCalm({ baseline, current, ended }, asked, settling), after);
  const isUndecided = round.kind === 'decided' && round.verdict === 'inconclusive';
  const isHost = isUndecided && [state.baseline, state.current].some(isHostTheCause);
  return isHost ? { ...round, undecided: 'contended' } : round;
}

function paidBefore({ baseline }: CheckState, options: GateOptions): number {
  return isMeasuredAlone(options) ? 0 : baseline.length;
}

/** What a busy machine got in the way of decides nothing, and is measured again like a call that was not reported. */
function calmOf(state: CheckState): CheckState {
  const calm = (measurements: readonly Measurement[]) => measurements.filter((one) => !isContended(one));
  return { ...state, baseline: calm(state.baseline), current: calm(state.current) };
}

/** What the verdict is made of: without what a busy machine got in the way of, and without first calls that are slower. */
export function judgedOf(state: CheckState, options: GateOptions): CheckState {
  const calm = calmOf(state);
  const { baseline, current, ended } = steadyCallsOf(calm, options);
  return { baseline, current, ended };
}

function withSteady(round: Round, after: number): Round {
  return round.kind === 'decided' && after > 0 ? { ...round, steadyAfter: after } : round;
}

/** `settling`: calls still become faster, so what they are like is not known yet. */
function nextOfCalm(state: CheckState, options: GateOptions, settling: boolean): Round {
  const like = onLikeHosts(sideOf(state.baseline), sideOf(state.current), options);
  const { baseline, current } = like;
  const { looks, look, reached } = positionOf(baseline, current, options);
  const known = informationOf(looks, fixedPartOf(baseline, like.options));
  const few = tooFewEnvironments(baseline, current, options);
  if (look < 0 || few) {
    const useless = few && (reached >= options.maxSamples || !canOpen(baseline, current, options));
    if (!state.ended && !useless) return measure(baseline, current, looks[Math.max(0, look)] ?? firstLook, options);
    const judgement = judge(baseline, current, like.options, known, Math.max(0, look), like.mayBeHosts);
    return undecided(judgement, like, few ? 'fewEnvironments' : 'fewSamples');
  }
  const judgement = judge(baseline, current, like.options, known, look, like.mayBeHosts);
  const because = judgement.heldBack && options.sameCode === true ? 'sameCode' : undefined;
  const nothingAsked = options.alone === true && judgement.metrics.length === 0;
  const verdict = nothingAsked ? 'passed' : combine(judgement.metrics);
  const last = look === looks.length - 1 || state.ended === true;
  if (settling && !last) return measure(baseline, current, looks[look + 1] ?? options.maxSamples, options, judgement);
  const tooSoon = options.alone === true || (looks[look] ?? 0) < leastToPass;
  if (verdict === 'regressed' || (verdict === 'passed' && !judgement.suspicious && (last || !tooSoon))) {
    return { kind: 'decided', ...outcome(judgement, like, verdict) };
  }
  if (last) return undecided(judgement, like, because ?? (state.ended ? 'ended' : 'maxSamples'));
  if (verdict === 'inconclusive' && isGivenUp(like, judgement, looks, look, known)) {
    return undecided(judgement, like, because ?? 'outOfReach');
  }
  return measure(baseline, current, looks[look + 1] ?? options.maxSamples, options, judgement);
}

function isGivenUp(
  like: LikeSides,
  { lines }: GateLook,
  looks: readonly number[],
  look: number,
  known: readonly number[],
): boolean {
  const told = onceKindsAreTold(like, lines);
  if (told === undefined) return isHopeless(lines, looks, look, known);
  const knownThen = informationOf(looks, fixedPartOf(like.baseline, told));
  return isHopeless(judgedLines(like.baseline, like.current, told), looks, look, knownThen);
}

/** Lines that were not asked for, for the report: computed once, after the decision. */
export function shownBeside(state: CheckState, options: GateOptions): readonly MetricResult[] {
  const { baseline, current } = judgedOf(state, options);
  const like = onLikeHosts(sideOf(baseline), sideOf(current), options);
  const { looks, look } = positionOf(like.baseline, like.current, options);
  const known = informationOf(looks, fixedPartOf(like.baseline, like.options));
  return shownMetrics(like.baseline, like.current, like.options, known, Math.max(0, look));
}

/** Which look the samples suffice for; −1 before the first. */
function positionOf(baseline: Side, current: Side, options: GateOptions) {
  const looks = plannedLooks(firstLook, options.maxSamples);
  const reached = isMeasuredAlone(options) ? current.trials : Math.min(baseline.trials, current.trials);
  return { looks, reached, look: looks.findLastIndex((count) => count <= reached) };
}

/** The baseline is not measured, or there is none. */
function isMeasuredAlone({ fixedBaseline, alone }: GateOptions): boolean {
  return fixedBaseline !== undefined || alone === true;
}

function tooFewEnvironments(baseline: Side, current: Side, options: GateOptions): boolean {
  const before = options.alone ? 0 : options.fixedBaseline ? minFixedEnvironments : options.minEnvironments;
  return baseline.environments < before || current.environments < options.minEnvironments;
}

function canOpen(baseline: Side, current: Side, options: GateOptions): boolean {
  if (isMeasuredAlone(options)) {
    const isBaselineEnough = options.alone === true || baseline.environments >= minFixedEnvironments;
    return isBaselineEnough && current.environments < Math.min(options.minEnvironments, options.maxEnvironments);
  }
  return Math.min(baseline.environments, current.environments) < options.maxEnvironments;
}

function measure(
  baseline: Side,
  current: Side,
  target: number,
  options: GateOptions,
  judgement?: GateLook,
): Round & { kind: 'measure' } {
  const lines = judgement?.lines ?? [];
  // A side that has its samples but too few environments is still to be measured: at least one call in each new one.
  const due = (side: Side) => Math.max(target - side.trials, options.minEnvironments - side.environments, 0);
  const nothing = { samples: 0, newEnvironments: 0 };
  return {
    kind: 'measure',
    baseline: isMeasuredAlone(options) ? nothing : nextBatch(baseline, due(baseline), lines, options),
    current: nextBatch(current, due(current), lines, options),
  };
}

/** Too little to decide leaves no line decided either. */
function undecided(judgement: GateLook, like: LikeSides, why: Undecided): Round {
  const tooLittle = why === 'fewEnvironments' || why === 'fewSamples';
  const metrics = tooLittle
    ? judgement.metrics.map((line) => (line.verdict === null ? line : { ...line, verdict: 'inconclusive' as const }))
    : judgement.metrics;
  const decided = outcome({ ...judgement, metrics }, like, 'inconclusive');
  return { kind: 'decided', ...decided, undecided: why };
}

function outcome(
  judgement: GateLook,
  { baseline, current, kindsRatio }: LikeSides,
  verdict: CheckVerdict,
): CheckOutcome {
  return {
    verdict,
    metrics: judgement.metrics,
    samples: { baseline: baseline.trials, current: current.trials },
    environments: { baseline: baseline.environments, current: current.environments },
    kindsRatio,
  };
}
