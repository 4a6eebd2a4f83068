import { ExitCode, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { canColor } from '../../host/terminal.ts';
import { dryRun } from '../../measure/engine.ts';
import type { RunOptions } from '../../options/options.ts';
import { runReporters } from '../../reporters/registry.ts';
import { renderPlan } from '../../reporters/run/plan.ts';
import { guardedByAncestors } from '../shared/ancestry.ts';
import { openConnections } from '../shared/connections.ts';
import { askConsent } from '../shared/consent.ts';
import { asRun, readSavedRun } from '../shared/documents.ts';
import { exitCodeOf } from '../shared/exitCode.ts';
import { loadOptions, loadPayloads } from '../shared/inputs.ts';
import { type Earlier, memoryChoiceOf, newRunId, planJob } from '../shared/job.ts';
import { measureJob } from '../shared/measure.ts';
import { openProgress } from '../shared/openProgress.ts';
import { planOutputs, writeOutputs } from '../shared/outputs.ts';
import { reportError } from '../shared/reportError.ts';
import { recordRun, resumeRun } from '../shared/runRecord.ts';
import { openSession } from '../shared/session.ts';

/** `tune --function …`: options → describe → plan → consent → run → reports. Wires the pieces and decides nothing. */
export async function runTune(flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const { resume, ...given } = flags;
  const resumed = typeof resume === 'string' ? await resumeRun(resume, given, io) : undefined;
  const options = resumed?.options ?? (await loadOptions(given, io));
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
  const earlier = resumed?.earlier ?? (await continuedFile(options, io));
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
      const record = recordRun(job, options, run.seed, resumed, io);
      const { outcome, cameBack } = await measureJob(job, session, options, io, {
        async show({ result, failure }) {
          await writeOutputs(outputs, asRun(result), io, options);
          record.ended(result);
          if (failure !== undefined) reportError(failure, io);
        },
        record,
      }).finally(() => {
        const command = record.close();
        if (command !== undefined) io.stderr.write(`tune: what was measured is kept. To go on: ${command}\n`);
      });
      return cameBack ? ExitCode.leftBehind : exitCodeOf(outcome.result, outcome.failure, io.interrupted);
    } finally {
      reading.stop();
      await connections.close();
    }
  });
}

async function continuedFile(options: RunOptions, io: Io): Promise<Earlier | undefined> {
  const shown = options.continue;
  if (shown === undefined) return undefined;
  const source = { shown, otherwise: 'Run without --continue to measure anew.' };
  return { run: await readSavedRun(shown, io), source, now: io.now() };
}
