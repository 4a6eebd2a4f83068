import type { Io } from '../../base/io.ts';
import type { OpenRun } from '../../measure/openRun.ts';
import { type TuneOutcome, tune } from '../../measure/tune.ts';
import type { TuneJob } from '../../measure/tuneJob.ts';
import type { LeftBehind, Platform } from '../../model/platform.ts';
import type { RunOptions } from '../../options/options.ts';
import type { Expectation } from '../../progress/state.ts';
import { renderPlan } from '../../reporters/run/plan.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { cleanupCommand } from './cleanupCommand.ts';
import type { Onlooker } from './onlooker.ts';
import { openPlatform } from './openPlatform.ts';
import type { RecordedRun } from './runRecord.ts';
import type { Session } from './session.ts';

export interface MeasuredJob {
  readonly outcome: TuneOutcome;
  /** A late flush of logs made the log group anew, and it could not be removed: the shown run does not have it. */
  readonly late: readonly LeftBehind[];
}

export interface AroundMeasuring {
  readonly onlooker: Onlooker;
  /**
   * Called when everything is removed and before one more look at the account: what was paid for is not lost to what goes
   * wrong there.
   */
  show(outcome: TuneOutcome): Promise<void>;
  /** Watches what the platform answers. */
  readonly around?: (platform: Platform) => Platform;
  /** Writes down what is measured. */
  readonly record?: Pick<RecordedRun, 'listen' | 'warnings'>;
  /** The run of a fleet, of which this is one function. */
  readonly fleet?: {
    readonly within: OpenRun;
    /** One after another: the first one removes what dead runs of this machine left, and the others find nothing. */
    readonly opening: <Opened>(open: () => Promise<Opened>) => Promise<Opened>;
  };
}

/** Runs a planned job with its journal and progress. */
export async function measureJob(
  job: TuneJob,
  session: Session,
  options: RunOptions,
  io: Io,
  { onlooker, show, around = (platform) => platform, record, fleet }: AroundMeasuring,
): Promise<MeasuredJob> {
  const progress = onlooker.watch('reference', (view) => renderPlan(job, view));
  const open = () => openPlatform(job, session, options, io, progress.onEvent);
  const run = await (fleet === undefined ? open() : fleet.opening(open)).catch((error: unknown) => {
    progress.stop();
    throw error;
  });
  try {
    io.onHardExit(
      session.path === undefined
        ? `To remove what this run may have left: ${cleanupCommand(job.runId, options)}`
        : 'Nothing was made in AWS, and what runs here is ended by itself: nothing needs to be cleaned up.',
    );
    progress.planned(expectationOf(job));
    const outcome = await tune(job, {
      platform: around(run.platform),
      hooks: session.hooks?.calls,
      within: fleet?.within,
      now: io.now,
      monotonicMs: io.monotonicMs,
      random: io.random,
      uuid: io.randomUuid,
      sleep: io.sleep,
      interrupted: io.interrupted,
      onEvent(event) {
        progress.onEvent(event);
        record?.listen(event);
      },
      lateWarnings: () => [...run.warnings(), ...session.hostNotices(), ...(record?.warnings() ?? [])],
    });
    progress.stop();
    await show(outcome);
    if (outcome.unmeasured !== undefined) onlooker.failed(outcome.unmeasured);
    const late = session.path === undefined && !io.interrupted.aborted ? await run.lastLook() : [];
    for (const { name, reason, command } of late) {
      onlooker.say(
        `tune: ${escapeTerminal(name)} came back and is left behind: ${escapeTerminal(reason)}\n      ${command}\n`,
      );
    }
    return { outcome, late };
  } finally {
    run.close();
    io.onHardExit(undefined);
    progress.stop();
  }
}

function expectationOf({ plan, maxSpendUsd, coldStarts }: TuneJob): Expectation {
  const { invocations, expectedUsd } = plan.estimate;
  const isFixed = plan.sampling.kind === 'full';
  const callsEach = invocations / plan.configurations.length;
  return {
    calls: invocations,
    isFixed,
    callsEach: isFixed && coldStarts === undefined && Number.isInteger(callsEach) ? callsEach : undefined,
    estimateUsd: expectedUsd,
    capUsd: maxSpendUsd,
  };
}
