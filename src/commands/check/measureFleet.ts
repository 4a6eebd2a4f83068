import pLimit from 'p-limit';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { longestRunOfParts } from '../../model/runId.ts';
import { joinEvents } from '../../progress/joinedEvents.ts';
import { type CheckPlan, renderCheckPlan } from '../../reporters/check/plan.ts';
import { type Connections, openConnections } from '../shared/connections.ts';
import { newRunId } from '../shared/job.ts';
import type { Onlooker } from '../shared/onlooker.ts';
import type { Fleet, FleetFunction } from './checkFleet.ts';
import { type CheckRun, failedCheck, type MeasuredCheck, measureCheck } from './checkFunction.ts';
import { planCheck } from './checkPlan.ts';
import type { PreparedCheck } from './preparedCheck.ts';

/** Functions that are measured at the same time; each has lanes of its own besides. */
const sideBySideMost = 2;

/** What became of a fleet. In a dry run `measured` holds only the functions that cannot be measured. */
export interface MeasuredFleet {
  readonly run: CheckRun;
  readonly measured: readonly MeasuredCheck[];
  readonly startedAt: Date;
  readonly isLocal: boolean;
}

/** Read all → one plan, one consent → measure each under one view → conclude. */
export async function measureFleet<Concluded>(
  fleet: Fleet,
  noun: CheckPlan['noun'],
  prepare: (one: FleetFunction, number: number, run: CheckRun, io: Io, to: Connections) => Promise<PreparedCheck>,
  io: Io,
  onlooker: Onlooker,
  conclude: (measured: MeasuredFleet) => Promise<Concluded>,
): Promise<Concluded> {
  const { common } = fleet;
  const sideBySide = Math.min(sideBySideMost, fleet.functions.length);
  const run: CheckRun = {
    id: runIdOf(common.runId, io),
    seed: Math.floor(io.random() * 2 ** 31),
    sideBySide,
  };
  const startedAt = io.now();
  const connections = openConnections(io);
  const reading = onlooker.watch('describe');
  try {
    const limit = pLimit(sideBySide);
    const prepared = await Promise.all(
      fleet.functions.map((one, index) =>
        limit(() => prepare(one, index + 1, run, io, connections).catch((error: unknown) => failed(one, error, fleet))),
      ),
    );
    reading.stop();
    const ready = prepared.filter(isReady);
    const { plan, caps } = planCheck(ready, { runId: run.id, noun, maxSpendUsd: common.maxSpendUsd });
    if (ready.length > 0) onlooker.plan((view) => renderCheckPlan(plan, view));
    const inAccount = ready.some(({ current }) => current.session.path === undefined);
    const of = { run, startedAt, isLocal: ready.length > 0 && !inAccount };
    if (common.dryRun || ready.length === 0) {
      return await conclude({ ...of, measured: prepared.map((one) => (isReady(one) ? unmeasured(one) : one)) });
    }
    if (inAccount) {
      const cap = plan.cap === undefined ? {} : { maxSpendUsd: plan.cap.totalUsd };
      await onlooker.agree({ ...common, ...cap }, plan);
    }
    io.onHardExit(inAccount ? `To remove what this run may have left: tune cleanup --run ${run.id}` : undefined);
    const progress = onlooker.watch('reference', (view) => renderCheckPlan(plan, view));
    try {
      progress.planned({
        calls: plan.expectedCalls,
        isFixed: false,
        estimateUsd: plan.expectedUsd,
        ...(plan.cap === undefined ? {} : { capUsd: plan.cap.totalUsd }),
      });
      const listeners = joinEvents(ready.length, progress.onEvent);
      const measured = await Promise.all(
        prepared.map((one) =>
          limit(async (): Promise<MeasuredCheck> => {
            if (!isReady(one)) return one;
            const index = ready.indexOf(one);
            const listener = listeners[index];
            const found = await measureCheck(one, run, caps[index], io, {
              onEvent: (event) => listener?.onEvent(event),
              failed: onlooker.failed,
            });
            listener?.end();
            return found;
          }),
        ),
      );
      progress.stop();
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

function runIdOf(given: string | undefined, io: Io): string {
  const id = given ?? newRunId(io.randomUuid());
  if (id.length <= longestRunOfParts) return id;
  throw new TuneError('USAGE', `--run-id ${id} is too long for a check, whose sides have runs of their own.`, {
    hint: `Give at most ${longestRunOfParts} characters.`,
  });
}

/** In a fleet one function that cannot be read is a row; alone it is the command's error. */
function failed(one: FleetFunction, error: unknown, fleet: Fleet): MeasuredCheck {
  if (fleet.functions.length === 1) throw error;
  return { checked: failedCheck(one, error), leftBehind: [] };
}

function isReady(one: PreparedCheck | MeasuredCheck): one is PreparedCheck {
  return 'current' in one;
}

/** Of a dry run: that it was not measured is what was asked for. */
function unmeasured(one: PreparedCheck): MeasuredCheck {
  const error = new TuneError('NOT_MEASURED', 'dry run: nothing was created and nothing measured');
  return { checked: failedCheck(one.fleetFunction, error), leftBehind: [], isDryRun: true };
}
