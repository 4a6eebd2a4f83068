import type { Analysis } from '../analysis/analyze.ts';
import type { TuneError } from '../base/errors.ts';
import { variantResponses } from '../migrate/responses/variantResponses.ts';
import type { CallHooks } from '../model/hooks.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Platform } from '../model/platform.ts';
import type { TuningResult } from '../model/run.ts';
import type { Warning } from '../model/warning.ts';
import type { SearchOutcome } from '../search/search.ts';
import { analysisOf, concludeRun } from './conclude.ts';
import { measure, measureSubject } from './engine.ts';
import { rememberingFailures } from './lastFailure.ts';
import { placeOf, type RunDependencies } from './measuring.ts';
import { whyNothingMeasured } from './nothingMeasured.ts';
import type { OpenRun } from './openRun.ts';
import { ratePacer } from './pace.ts';
import { rememberingResponses } from './responses.ts';
import type { EndedLane, Subject, SubjectEnd } from './subject.ts';
import { capForCalls, type TuneJob } from './tuneJob.ts';
import { tuneSubject } from './tuneSubject.ts';

/** One function, as a list or a race: measured by the engine, concluded as a saved run. */

export interface TuneDependencies extends RunDependencies {
  readonly platform: Platform;
  readonly hooks?: CallHooks | undefined;
  /** What the edges learnt on the way: a log group that could not be tagged, a busy host, … Asked when all is removed. */
  readonly lateWarnings: () => readonly Warning[];
  /** The run of a fleet, whose caps hold over all of its functions. */
  readonly within?: OpenRun | undefined;
}

export interface TuneOutcome {
  readonly result: TuningResult;
  /** What ended the run early; the result then holds what was measured before. */
  readonly failure?: unknown;
  /** It ran to its end and has no figure: what kept it from one, and what to do. */
  readonly unmeasured?: TuneError | undefined;
}

export async function tune(job: TuneJob, deps: TuneDependencies): Promise<TuneOutcome> {
  const failures = rememberingFailures(deps.platform);
  const { maxInFlight, pauseMs, maxRatePerS } = job.plan;
  const limits = { maxInFlight, pauseMs, maxRatePerS, maxSpendUsd: capForCalls(job) };
  const answers = rememberingResponses(failures.platform, comparableAnswers(job));
  let analysis: Analysis | undefined;
  const subject: Subject<SearchOutcome | undefined> = {
    ...tuneSubject(job, answers, deps.hooks),
    measured(lanes, search) {
      analysis = analysisOf(job, { lanes: lanes.map(withEarlier), search });
    },
  };
  const { within } = deps;
  const [end] =
    within === undefined
      ? await measure([subject], limits, deps)
      : [
          await measureSubject(subject, {
            ...within,
            deps: { ...within.deps, onEvent: deps.onEvent },
            // Whom it calls is spared as it was asked for, whatever runs beside it.
            pauseMs: pauseMs ?? 0,
            pace: maxRatePerS === undefined ? undefined : ratePacer(maxRatePerS, within.deps),
          }),
        ];
  if (end === undefined) throw new Error('a run of one function has one end');
  deps.onEvent({ kind: 'stage', stage: 'analyze' });
  const ended = {
    ...end,
    lanes: end.lanes.map(withEarlier),
    responses: variantResponses(end.lanes, answers, job.ignore),
    invocations: end.lanes.reduce((sum, { measurements }) => sum + measurements.filter(wasMade).length, 0),
    ended: deps.interrupted.aborted ? ('interrupted' as const) : endedOf(end),
    warnings: deps.lateWarnings(),
    search: end.found,
  };
  const result = concludeRun(job, ended, analysis);
  deps.onEvent({ kind: 'stage', stage: 'done' });
  const run = { facts: job.facts, place: placeOf(job.facts, job.path) };
  const { failure } = end;
  return { result, failure, unmeasured: failure === undefined ? whyNothingMeasured(result, failures, run) : undefined };
}

/** Payloads are dealt in turn, so that so many calls have seen each of them in every environment. */
function comparableAnswers({ payloads, plan, recorded }: TuneJob): number {
  return recorded.variants === undefined ? 0 : (payloads.length + 1) * plan.environmentsPerConfiguration;
}

function withEarlier(lane: EndedLane): EndedLane {
  return { ...lane, measurements: [...lane.earlier, ...lane.measurements] };
}

function wasMade(one: Measurement): boolean {
  return one.outcome !== 'unreported' || one.hook !== 'before';
}

/** The cap refused a call, or a race ended because no further one would surely fit under it. */
function endedOf({ failure, capReached, found }: SubjectEnd<SearchOutcome | undefined>): TuningResult['ended'] {
  if (failure !== undefined) return 'failed';
  return capReached || found?.reason === 'budget' ? 'spendCap' : 'completed';
}

/** What a dry run saves: the plan with its estimate, every configuration unmeasured. Nothing was created. */
export function dryRun(job: TuneJob, now: Date): TuningResult {
  const stopped = { kind: 'unmeasured', reason: 'dry run' } as const;
  return concludeRun(job, {
    lanes: job.plan.configurations.map((configuration) => ({ configuration, earlier: [], measurements: [], stopped })),
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
