import pLimit from 'p-limit';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { shardShareOf, wholeShard } from '../../fleet/shards.ts';
import { measure } from '../../measure/engine.ts';
import { capForCalls } from '../../measure/tuneJob.ts';
import type { RunEvent } from '../../model/engine/events.ts';
import { longestRunOfParts } from '../../model/runId.ts';
import { type CheckPlan, renderCheckPlan } from '../../reporters/check/plan.ts';
import { cleanupCommand } from '../shared/cleanupCommand.ts';
import { type Connections, openConnections } from '../shared/connections.ts';
import { aroundRun } from '../shared/hooks.ts';
import { newRunId } from '../shared/job.ts';
import type { Onlooker } from '../shared/onlooker.ts';
import type { AskedFunction, AskedFunctions } from './askedFunctions.ts';
import { updateBaseline } from './baselineUpdate.ts';
import type { CheckRun } from './checkFunction.ts';
import { planCheck } from './checkPlan.ts';
import { type OpenCheck, openCheck } from './checkSubject.ts';
import { type CheckEnd, concludeCheck } from './concludeCheck.ts';
import { failedCheck, type MeasuredCheck } from './measuredCheck.ts';
import type { PreparedCheck } from './preparedCheck.ts';

/** Functions that are read at a time, and run at a time on this machine, whose memory their environments share. */
const sideBySideMost = 2;

/** What became of all of them. In a dry run `measured` holds only the functions that cannot be measured. */
export interface MeasuredFunctions {
  readonly run: CheckRun;
  readonly measured: readonly MeasuredCheck[];
  readonly startedAt: Date;
  readonly isLocal: boolean;
}

/** Read all → one plan, one consent → measure all in one run of the engine → conclude. */
export async function measureFunctions<Concluded>(
  asked: AskedFunctions,
  noun: CheckPlan['noun'],
  prepare: (
    one: AskedFunction,
    number: number,
    run: CheckRun,
    io: Io,
    to: Connections,
  ) => Promise<PreparedCheck | MeasuredCheck>,
  io: Io,
  onlooker: Onlooker,
  conclude: (measured: MeasuredFunctions) => Promise<Concluded>,
): Promise<Concluded> {
  const { common } = asked;
  const run: CheckRun = {
    id: runIdOf(common.runId, io),
    seed: Math.floor(io.random() * 2 ** 31),
    functions: asked.functions.length * (asked.shard?.of ?? 1),
  };
  const startedAt = io.now();
  const connections = openConnections(io, asked.shard?.of);
  const reading = onlooker.watch('describe');
  try {
    const limit = pLimit(sideBySideMost);
    const prepared = await Promise.all(
      asked.functions.map((one, index) =>
        limit(() => prepare(one, index + 1, run, io, connections).catch((error: unknown) => failed(one, error, asked))),
      ),
    );
    reading.stop();
    const ready = prepared.filter(isReady);
    const plan = planCheck(ready, { runId: run.id, noun, maxSpendUsd: common.maxSpendUsd });
    if (ready.length > 0) onlooker.plan((view) => renderCheckPlan(plan, view));
    const inAccount = ready.some(({ current }) => current.session.path === undefined);
    const of = { run, startedAt, isLocal: ready.length > 0 && !inAccount };
    if (common.dryRun || ready.length === 0) {
      return await conclude({ ...of, measured: prepared.map((one) => (isReady(one) ? unmeasured(one) : one)) });
    }
    if (inAccount) {
      const maxSpendUsd = plan.cap?.totalUsd ?? common.maxSpendUsd;
      await onlooker.agree(maxSpendUsd === undefined ? common : { ...common, maxSpendUsd }, plan);
    }
    io.onHardExit(inAccount ? `To remove what this run may have left: ${cleanupCommand(run.id, common)}` : undefined);
    const progress = onlooker.watch('reference', (view) => renderCheckPlan(plan, view));
    try {
      progress.planned({
        calls: plan.expectedCalls,
        isFixed: false,
        estimateUsd: plan.expectedUsd,
        capUsd: plan.cap?.totalUsd,
      });
      const hooked = { runId: run.id, function: ready.map(({ current }) => current.name).join(',') };
      const hooks = ready[0]?.current.session.hooks?.run;
      const found = await aroundRun(hooks, hooked, io, onlooker, () =>
        measureAll(ready, plan, asked, io, onlooker, progress.onEvent),
      );
      progress.onEvent({ kind: 'stage', stage: 'done' });
      progress.stop();
      const measured = prepared.map((one) => (isReady(one) ? (found.get(one) ?? unmeasured(one)) : one));
      return await conclude({ ...of, measured });
    } finally {
      progress.stop();
    }
  } finally {
    io.onHardExit(undefined);
    reading.stop();
    await connections.close();
  }
}

/** One ledger, one bound on what is in flight, one course of stages. Never throws: what goes wrong is its function's row. */
async function measureAll(
  ready: readonly PreparedCheck[],
  plan: CheckPlan,
  { common, shard = wholeShard }: Pick<AskedFunctions, 'common' | 'shard'>,
  io: Io,
  onlooker: Onlooker,
  onEvent: (event: RunEvent) => void,
): Promise<ReadonlyMap<PreparedCheck, MeasuredCheck>> {
  const found = new Map<PreparedCheck, MeasuredCheck>();
  const open: OpenCheck[] = [];
  const inAccount = ready.some(({ current }) => current.session.path === undefined);
  try {
    // One after another: the first one removes what dead runs of this machine left, and the others find nothing.
    for (const one of ready) {
      await openCheck(one, io, onEvent).then(
        (opened) => open.push(opened),
        (error: unknown) => found.set(one, failedCheck(one.askedFunction, error)),
      );
    }
    const limits = {
      maxInFlight: shardShareOf(Math.max(1, ...open.map(({ subject }) => subject.maxInFlight)), shard),
      maxSpendUsd: capForCalls({ maxSpendUsd: plan.cap?.totalUsd, plan: ready[0]?.current.job.plan ?? {} }),
      pauseMs: common.pause,
      maxRatePerS: common.maxRate,
      sideBySide: inAccount ? undefined : sideBySideMost,
    };
    const subjects = open.map(({ subject }) => subject);
    const { now, monotonicMs, random, randomUuid: uuid, sleep, interrupted } = io;
    const ends = await measure(subjects, limits, { now, monotonicMs, random, uuid, sleep, interrupted, onEvent });
    for (const [index, one] of open.entries()) {
      const end = ends[index];
      if (end !== undefined) found.set(one.prepared, await concluded(one, end, io, onlooker));
    }
    return found;
  } finally {
    for (const { runs } of open) for (const opened of runs) opened.close();
  }
}

/** One more look at the account, the document, and the baseline where it is to be updated. */
async function concluded(
  { prepared, runs, answers }: OpenCheck,
  end: CheckEnd['end'],
  io: Io,
  { failed }: Onlooker,
): Promise<MeasuredCheck> {
  const { session } = prepared.current;
  const isInterrupted = io.interrupted.aborted;
  try {
    const warnings = [...runs.flatMap((opened) => opened.warnings()), ...session.hostNotices()];
    const late =
      session.path === undefined && !isInterrupted ? await Promise.all(runs.map((opened) => opened.lastLook())) : [];
    // The document of a check holds no words of the function's log; whoever watches sees them.
    if (end.failure instanceof TuneError && end.failure.lastLog.length > 0) failed(end.failure);
    const { checked, run } = concludeCheck(prepared, {
      end,
      warnings,
      isInterrupted,
      responses: answers?.(end.lanes),
    });
    const leftBehind = [...end.leftBehind, ...late.flat()];
    return { checked: await updateBaseline(checked, run, prepared, io), leftBehind, run };
  } catch (error) {
    return { ...failedCheck(prepared.askedFunction, error), leftBehind: end.leftBehind };
  }
}

function runIdOf(given: string | undefined, io: Io): string {
  const id = given ?? newRunId(io.randomUuid());
  if (id.length <= longestRunOfParts) return id;
  throw new TuneError('USAGE', `--run-id ${id} is too long for a check, whose sides have runs of their own.`, {
    hint: `Give at most ${longestRunOfParts} characters.`,
  });
}

/** Among several one function that cannot be read is a row; alone it is the command's error. */
function failed(one: AskedFunction, error: unknown, asked: AskedFunctions): MeasuredCheck {
  if (asked.functions.length === 1 && asked.shard === undefined) throw error;
  return failedCheck(one, error);
}

function isReady(one: PreparedCheck | MeasuredCheck): one is PreparedCheck {
  return 'current' in one;
}

/** Of a dry run: that it was not measured is what was asked for. */
function unmeasured(one: PreparedCheck): MeasuredCheck {
  const error = new TuneError('NOT_MEASURED', 'dry run: nothing was created and nothing measured', {
    hint: 'Leave out --dry-run to measure.',
  });
  return { ...failedCheck(one.askedFunction, error), isDryRun: true };
}
