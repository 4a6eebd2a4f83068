import { reportError } from '../cliErrors.ts';
import type { RunOptions } from '../config.ts';
import { ExitCode, TuneError } from '../errors.ts';
import type { Stage } from '../events.ts';
import type { Io } from '../io.ts';
import { createProgress } from '../progress.ts';
import { escapeTerminal } from '../reporters/escape.ts';
import { renderPlan } from '../reporters/plan.ts';
import { dryRun, type TuneJob, tune } from '../tune.ts';
import { guardedByAncestors } from './ancestry.ts';
import { askConsent } from './consent.ts';
import { exitCodeOf } from './exitCode.ts';
import { loadOptions, loadPayloads } from './inputs.ts';
import { memoryChoiceOf, newRunId, planJob } from './job.ts';
import { type Outputs, planOutputs, usesColor, writeOutputs } from './outputs.ts';
import { readSavedRun } from './report.ts';
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
  const outputs = await planOutputs(options, io);
  const shown = options.continue;
  const earlier = shown === undefined ? undefined : { result: await readSavedRun(shown, io), shown, now: io.now() };
  const run = { id: options.runId ?? newRunId(io.randomUuid()), seed: Math.floor(io.random() * 2 ** 31) };

  return guardedByAncestors(io, async () => {
    const reading = progressOf('describe', options, io);
    let session: Session | undefined;
    try {
      session = await openSession(target, options, memory, io);
      const job = planJob(options, session, memory, payloads, run, earlier);
      reading.stop();
      if (!options.quiet)
        io.stderr.write(renderPlan(job, { columns: io.stderr.columns, color: usesColor(io.stderr, options, io) }));
      if (options.dryRun) {
        await writeOutputs(outputs, dryRun(job, io.now()), io, options);
        return ExitCode.ok;
      }
      if (session.path === undefined) await askConsent(options, job.plan, io);
      return await measure(job, session, options, outputs, io);
    } finally {
      reading.stop();
      await session?.close();
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
  const progress = progressOf('reference', options, io);
  const run = await openRun(job, session, options, io, progress.onEvent).catch((error: unknown) => {
    progress.stop();
    throw error;
  });
  try {
    io.onHardExit(`To remove what this run may have left: tune cleanup --run ${job.runId}`);
    progress.planned(job.plan.estimate.invocations, job.maxSpendUsd);
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
    await writeOutputs(outputs, outcome.result, io, options);
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

function progressOf(stage: Stage, options: RunOptions, io: Io) {
  const moves = io.stderr.isTty && !io.env.CI && io.env.TERM !== 'dumb';
  return createProgress({
    output: io.stderr,
    mode: options.quiet ? 'silent' : moves ? 'live' : 'lines',
    monotonicMs: io.monotonicMs,
    stage,
  });
}
