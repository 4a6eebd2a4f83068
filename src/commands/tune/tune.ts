import { isNothingMeasured } from '../../analysis/savedRun/marks.ts';
import { askedAtOnce, type ReadTriggers, readTriggers } from '../../aws/production/triggers.ts';
import { ExitCode, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { dryRun } from '../../measure/tune.ts';
import { parsePointer } from '../../migrate/responses/jsonPointer.ts';
import { architectures } from '../../model/configuration.ts';
import type { FunctionFacts } from '../../model/functionFacts.ts';
import type { TuningResult } from '../../model/run.ts';
import { withDefaults } from '../../options/defaults.ts';
import type { GivenOptions } from '../../options/schema.ts';
import type { OptionsOf } from '../../options/table.ts';
import type { Plan } from '../../plan/plan.ts';
import { runReporters } from '../../reporters/registry.ts';
import { renderPlan } from '../../reporters/run/plan.ts';
import { guardedByAncestors } from '../shared/ancestry.ts';
import { openConnections } from '../shared/connections.ts';
import type { AskedFor } from '../shared/consent.ts';
import { asRun, readSavedRun } from '../shared/documents.ts';
import { exitCodeOf } from '../shared/exitCode.ts';
import { aroundRun } from '../shared/hooks.ts';
import { loadOptions } from '../shared/inputs.ts';
import { type Earlier, memoryChoiceOf, newRunId, planJob } from '../shared/job.ts';
import { measureJob } from '../shared/measure.ts';
import { type Done, type Onlooker, terminalOnlooker } from '../shared/onlooker.ts';
import { planOutputs, writeOutputs } from '../shared/outputs.ts';
import { fetchPayloads, loadPayloads } from '../shared/payloads.ts';
import { variantPreflights } from '../shared/preflight/variantPreflights.ts';
import { type ResumedRun, recordRun, resumeRun } from '../shared/runRecord.ts';
import { openSession, type Session } from '../shared/session.ts';
import { loadTraffic } from '../shared/traffic.ts';
import { loadVariation, planVariants } from '../shared/variants/variation.ts';

/** `tune --function …`: what a person types and sees around `tuneFunction`. */
export async function runTune(flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const { resume, ...given } = flags;
  const resumed = typeof resume === 'string' ? await resumeRun(resume, given, io) : undefined;
  const tuning = await prepareTuning(resumed?.options ?? (await loadOptions(given, io)), io, resumed);
  const { options } = tuning;
  const outputs = await planOutputs(options, Object.keys(runReporters), io);
  return guardedByAncestors(io, async () => {
    const { exitCode } = await tuneFunction(tuning, io, terminalOnlooker(options, io), (result) =>
      writeOutputs(outputs, asRun(result), io, options),
    );
    return exitCode;
  });
}

type Tuning = Awaited<ReturnType<typeof prepareTuning>>;

/** All that can be wrong with the input is found before anything is looked up, and long before anything is paid for. */
export async function prepareTuning(given: GivenOptions, io: Io, resumed?: ResumedRun) {
  const options = withDefaults('tune', given);
  const target = options.function;
  if (target === undefined) {
    throw new TuneError('USAGE', 'No function is given.', {
      hint: 'Example: tune --function orders --memory 512,1024,1769   (or --function ./folder to try one here)',
    });
  }
  const memory = memoryChoiceOf(options);
  options.ignore.forEach(parsePointer);
  const payloads = await loadPayloads(options, target, io);
  const traffic = await loadTraffic(options, io);
  const variation = await loadVariation(options, target, io);
  const earlier = resumed?.earlier ?? (await continuedFile(options, io));
  return { given, options, target, memory, payloads, traffic, variation, earlier, resumed };
}

/** describe → plan → consent → run. Wires the pieces and decides nothing. `show` is called as soon as the run is there. */
export async function tuneFunction(
  { given, options, target, memory, payloads, traffic, variation, earlier, resumed }: Tuning,
  io: Io,
  onlooker: Onlooker,
  show: (result: TuningResult) => Promise<void>,
): Promise<Done<TuningResult>> {
  const run = { id: options.runId ?? newRunId(io.randomUuid()), seed: Math.floor(io.random() * 2 ** 31) };
  const reading = onlooker.watch('describe');
  const connections = openConnections(io);
  try {
    let early: Promise<ReadTriggers> | undefined;
    const asRead = { ...options, runtime: variation.ownRuntime };
    const opened = await openSession(target, asRead, memory, io, connections, (clients) => {
      const atOnce = askedAtOnce(clients, target);
      if (atOnce !== undefined) early = readTriggers(clients, atOnce, io.interrupted);
    });
    const { facts, triggers } = await withTriggers(opened, early, io);
    const session = { ...opened, facts, variants: await planVariants(variation, opened, options, io) };
    const sent = await fetchPayloads(payloads, session, options, io, connections);
    const asked = decided(options, session.facts);
    const preflights = await variantPreflights(session, asked.architecture, io);
    const planned = { ...session, preflights, prior: traffic?.prior };
    const job = { ...planJob(asked, planned, memory, sent, run, earlier), traffic, triggers };
    reading.stop();
    onlooker.plan((view) => renderPlan(job, view));
    if (options.dryRun) {
      const saved = dryRun(job, io.now());
      await show(saved);
      return { saved, exitCode: ExitCode.ok };
    }
    const many = tooMany(job.plan);
    if (session.path === undefined || many !== undefined) {
      const { worstCaseUsd } = job.plan.estimate;
      await onlooker.agree(options, { worstCaseUsd, isFree: session.facts.emulation !== undefined, many });
    }
    const record = recordRun(job, given, run.seed, resumed, io);
    const around = { runId: run.id, function: target };
    const { outcome, late } = await aroundRun(session.hooks?.run, around, io, onlooker, () =>
      measureJob(job, session, options, io, {
        onlooker,
        async show({ result, failure }) {
          await show(result);
          record.ended(result);
          if (failure !== undefined) onlooker.failed(failure);
        },
        record,
      }),
    ).finally(() => {
      const command = record.close();
      if (command !== undefined) onlooker.say(`tune: what was measured is kept. To go on: ${command}\n`);
    });
    const { result } = outcome;
    const failure = outcome.failure ?? outcome.unmeasured ?? (isNothingMeasured(result) ? nothing() : undefined);
    return {
      saved: { ...result, leftBehind: [...result.leftBehind, ...late] },
      exitCode: late.length > 0 ? ExitCode.leftBehind : exitCodeOf(result, outcome.failure, io.interrupted),
      failure,
    };
  } finally {
    reading.stop();
    await connections.close();
  }
}

/** What lies on this machine is called by nobody else. */
async function withTriggers({ facts, clients, path }: Session, early: Promise<ReadTriggers> | undefined, io: Io) {
  if (path !== undefined) return { facts };
  const qualifier = facts.qualifier === '$LATEST' ? undefined : facts.qualifier;
  const asked = { functionName: facts.functionArn.split(':').slice(0, 7).join(':'), qualifier };
  const { triggers, warnings } = await (early ?? readTriggers(clients, asked, io.interrupted));
  return { facts: { ...facts, notices: [...facts.notices, ...warnings] }, triggers };
}

/** A product of many things grows fast: more than this is asked for, wherever it is measured. */
const mostUnasked = 24;

function tooMany({ configurations }: Plan): AskedFor['many'] {
  const isMany = configurations.length > mostUnasked && configurations.some(({ variant }) => variant !== undefined);
  return isMany ? { count: configurations.length, most: mostUnasked } : undefined;
}

/** One environment would tell nothing of how hosts differ; on this machine there is one host. */
const environments = { aws: 2, local: 1 } as const;

/** What depends on the function and on where it runs. */
function decided(options: OptionsOf<'tune'>, { emulation }: FunctionFacts) {
  const concurrency = options.concurrency ?? environments[emulation === undefined ? 'aws' : 'local'];
  return { ...options, architecture: options.architecture ?? architectures, concurrency };
}

/** The run says why in its rows. */
function nothing(): TuneError {
  return new TuneError('NOT_MEASURED', 'No configuration could be measured.');
}

async function continuedFile(options: Pick<GivenOptions, 'continue'>, io: Io): Promise<Earlier | undefined> {
  const shown = options.continue;
  if (shown === undefined) return undefined;
  const source = { shown, otherwise: 'Run without --continue to measure anew.' };
  return { run: await readSavedRun(shown, io), source, now: io.now() };
}
