/**
 * START HERE. The data path of every command that measures:
 *
 *   describe → plan → { sampler.next → deploy → invoke }* → remove → conclude
 *
 * `measure()` is the only measuring loop. It is given subjects (a sampler, and where copies come from), opens their lanes,
 * keeps one cap and one bound on what is in flight over all of them, emits events, and whatever happens it removes what was
 * made. It prints nothing and decides nothing: samplers (search/listSampler.ts, search/raceSampler.ts,
 * check/gateSampler.ts) say what is called next.
 */

import pLimit from 'p-limit';
import { TuneError } from '../base/errors.ts';
import type { SoFar } from '../model/engine/sampler.ts';
import { nameEnvironments } from '../report-line/environments.ts';
import type { Lane } from './lane.ts';
import type { RunDependencies } from './measuring.ts';
import { type OpenRun, openRun, type RunLimits } from './openRun.ts';
import { type OpenSource, type OpenSubject, openSubject } from './openSubject.ts';
import { askReference } from './reference.ts';
import { allSettled } from './settled.ts';
import type { EndedLane, Subject, SubjectEnd } from './subject.ts';

/** In which a request is written to its connection. */
const requestsGoMs = 10;

/** Subjects do not wait for each other: each goes on to its next round when its own is over. Never throws. */
export async function measure<Found>(
  subjects: readonly Subject<Found>[],
  limits: RunLimits,
  deps: RunDependencies,
): Promise<readonly SubjectEnd<Found>[]> {
  const run = openRun(subjects.length, limits, deps);
  const turn = pLimit(limits.sideBySide ?? Math.max(1, subjects.length));
  return Promise.all(subjects.map((subject) => turn(() => measureSubject(subject, run))));
}

/** One of many that come one after the other: within the caps of a run that is open already. Never throws. */
export async function measureSubject<Found>(subject: Subject<Found>, run: OpenRun): Promise<SubjectEnd<Found>> {
  const startedAt = run.deps.now();
  const open = openSubject(subject, run);
  const found = await sample(subject, open, run);
  open.end();
  // The logs tell what served which call while the copies go: the platform keeps the log group until they have been read. That lines under
  // way still arrive when their function is deleted is not documented: Lambda keeps log groups, and what never came is read as not told.
  const named = namedLanes(open, startedAt, run);
  run.measured();
  const removal = open.remove();
  const lanes = open.atCalmPace(await named);
  // What is asked of the service is on its way first: nothing else gets a turn while this computes.
  await Promise.race([removal, run.deps.sleep(requestsGoMs)])
    .then(() => subject.measured?.(lanes, found))
    .catch(open.fail);
  const leftBehind = await removal;
  run.leftBehind(leftBehind);
  return {
    found,
    failure: open.failure,
    lanes,
    startedAt,
    finishedAt: run.deps.now(),
    spentUsd: open.spentUsd,
    capReached: open.pressure.capReached,
    throttles: open.pressure.throttles,
    leftBehind,
  };
}

/** { next → deploy → invoke }* until the sampler has enough, or nothing more can be called. Never throws. */
async function sample<Found>({ sampler }: Subject<Found>, open: OpenSubject, run: OpenRun): Promise<Found | undefined> {
  const before: SoFar[] = [];
  try {
    const isContinued = open.lanes.some(({ earlier }) => earlier.length > 0);
    const first = isContinued ? sampler.next(open.soFar(), before) : undefined;
    // An earlier run may have answered everything already.
    if (first?.kind === 'stop') return first.found;
    await askReferences(open, first === undefined ? open.lanes : open.lanesOf(first.steps), run).catch(open.fail);
    for (;;) {
      const now = open.soFar();
      const next = sampler.next(now, before);
      if (next.kind === 'stop') return next.found;
      if (now.ending === 'failed' || now.ending === 'interrupted') return undefined;
      before.push(now);
      await open.perform(next.steps);
    }
  } catch (error) {
    open.fail(error);
    return undefined;
  }
}

/** One of every source: what is bound to its own name fails in every copy, and that is not the fault of any size. */
async function askReferences({ sources }: OpenSubject, lanes: readonly Lane[], run: OpenRun): Promise<void> {
  run.enter('reference');
  await allSettled(sources.map((source) => askOne(source, lanes.filter(source.serves))));
  run.enter('measure');
}

async function askOne({ run, deployments, payloads, source }: OpenSource, lanes: readonly Lane[]): Promise<void> {
  if (lanes.length === 0) return;
  try {
    await askReference(run, deployments, lanes, payloads);
  } catch (error) {
    if (source.name === undefined || !(error instanceof TuneError)) throw error;
    const { code, message, hint, lastLog } = error;
    throw new TuneError(code, `${source.name}: ${message}`, { hint, lastLog, cause: error });
  }
}

/** With one environment a lane, cold starts tell environments apart; with more, only the logs do. */
async function namedLanes(open: OpenSubject, startedAt: Date, { deps }: OpenRun): Promise<readonly EndedLane[]> {
  const canRead = open.failure === undefined && !deps.interrupted.aborted;
  const named = open.sources.map(async ({ source, serves }): Promise<readonly EndedLane[]> => {
    const lanes = open.lanes.filter(serves);
    if (source.environments === 'ownVersions') return lanes;
    const wanted = canRead && lanes.some(({ environments }) => environments.size > 1);
    const unread: ReadonlyMap<string, string> = new Map();
    const logStreams = wanted
      ? await source.platform.environments(startedAt, deps.interrupted).catch((error: unknown) => {
          open.fail(error);
          return unread;
        })
      : unread;
    return lanes.map((lane) => ({ ...lane, measurements: nameEnvironments(lane.measurements, logStreams) }));
  });
  return (await Promise.all(named)).flat();
}
