import { reportError } from '../cliErrors.ts';
import type { RunOptions } from '../config.ts';
import { ExitCode, TuneError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { Expectation } from '../progress/state.ts';
import { escapeTerminal } from '../reporters/escape.ts';
import { renderPlan } from '../reporters/plan.ts';
import { runReporters } from '../reporters/registry.ts';
import { canColor } from '../terminal.ts';
import { dryRun, type TuneJob, tune } from '../tune.ts';
import { guardedByAncestors } from './ancestry.ts';
import { openConnections } from './connections.ts';
import { askConsent } from './consent.ts';
import { asRun, readSavedRun } from './documents.ts';
import { exitCodeOf } from './exitCode.ts';
import { loadOptions, loadPayloads } from './inputs.ts';
import { memoryChoiceOf, newRunId, planJob } from './job.ts';
import { openProgress } from './openProgress.ts';
import { type Outputs, planOutputs, writeOutputs } from './outputs.ts';
import { openRun } from './run.ts';
import { openSession, type Session } from './session.ts';

/** `tune --function …`: options → describe → plan → consent → run → reports. Wires the pieces and decides nothing. */
export async function runTune(flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const options = await loadOptions(flags, io);
  // All that can be wrong with the input is found before anything is looked up, and long before anything is paid for.
  const target = options.function;
  if (target === undefined) {
    throw new TuneError('USAGE', 'No function is given.', {
      hint: 'Example: tune --function orders --memory 512,1024,1769   (or --function ./folder to try one here)',
    });
  }
  const memory = memoryChoiceOf(options);
  const payloads = await loadPayloads(options, io);
  const outputs = await planOutputs(options, Object.keys(runReporters), io);
  const shown = options.continue;
  const earlier = shown === undefined ? undefined : { result: await readSavedRun(shown, io), shown, now: io.now() };
  const run = { id: options.runId ?? newRunId(io.randomUuid()), seed: Math.floor(io.random() * 2 ** 31) };

  return guardedByAncestors(io, async () => {
    const reading = openProgress('describe', options, io);
    const connections = openConnections(io);
    try {
      const session = await openSession(target, options, memory, io, connections);
      const job = planJob(options, session, memory, payloads, run, earlier);
      reading.stop();
      if (!options.quiet)
        io.stderr.write(renderPlan(job, { columns: io.stderr.columns, color: canColor(io.stderr, options, io) }));
      if (options.dryRun) {
        await writeOutputs(outputs, asRun(dryRun(job, io.now())), io, options);
        return ExitCode.ok;
      }
      if (session.path === undefined) await askConsent(options, job.plan.estimate, io);
      return await measure(job, session, options, outputs, io);
    } finally {
      reading.stop();
      await connections.close();
    }
  });
}

async function measure(
  job: TuneJob,
  session: Session,
  options: RunOptions,
  outputs: Outputs,
  io: Io,
): Promise<ExitCode> {
  const progress = openProgress('reference', options, io);
  const run = await openRun(job, session, options, io, progress.onEvent).catch((error: unknown) => {
    progress.stop();
    throw error;
  });
  try {
    io.onHardExit(`To remove what this run may have left: tune cleanup --run ${job.runId}`);
    progress.planned(expectationOf(job));
    const outcome = await tune(job, {
      platform: run.platform,
      now: io.now,
      monotonicMs: io.monotonicMs,
      random: io.random,
      uuid: io.randomUuid,
      sleep: io.sleep,
      interrupted: io.interrupted,
      onEvent: progress.onEvent,
      lateWarnings: () => [...run.warnings(), ...session.hostNotices()],
    });
    progress.stop();
    await writeOutputs(outputs, asRun(outcome.result), io, options);
    if (outcome.failure !== undefined) reportError(outcome.failure, io);
    // A late flush of logs can make the run's log group anew after it was deleted.
    const late = session.path === undefined && !io.interrupted.aborted ? await run.lastLook() : [];
    for (const { name, reason, command } of late) {
      io.stderr.write(
        `tune: ${escapeTerminal(name)} came back and is left behind: ${escapeTerminal(reason)}\n      ${command}\n`,
      );
    }
    return late.length > 0 ? ExitCode.leftBehind : exitCodeOf(outcome.result, outcome.failure, io.interrupted);
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
    ...(isFixed && coldStarts === undefined && Number.isInteger(callsEach) ? { callsEach } : {}),
    estimateUsd: expectedUsd,
    ...(maxSpendUsd === undefined ? {} : { capUsd: maxSpendUsd }),
  };
}
