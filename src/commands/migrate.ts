import type { RunOptions } from '../config/options.ts';
import { analyzeMigration } from '../domain/migrate/analyzeMigration.ts';
import { breakEvenSlowdown } from '../domain/migrate/comparison.ts';
import { type MigrationParts, migrationDocument } from '../domain/migrate/document.ts';
import { parsePointer } from '../domain/migrate/jsonPointer.ts';
import type { MigrationResult } from '../domain/migrate/result.ts';
import { smokeRows } from '../domain/migrate/smokeRows.ts';
import type { Architecture } from '../domain/model.ts';
import type { TuningResult } from '../domain/result.ts';
import { ExitCode, TuneError } from '../errors.ts';
import { canColor } from '../host/terminal.ts';
import type { Io } from '../io.ts';
import { rememberingResponses } from '../measure/responses.ts';
import { renderPlan } from '../reporters/plan.ts';
import { migrationReporters } from '../reporters/registry.ts';
import type { TuneJob } from '../tune.ts';
import { toolVersion } from '../version.ts';
import { guardedByAncestors } from './ancestry.ts';
import { openConnections } from './connections.ts';
import { askConsent } from './consent.ts';
import { asMigration } from './documents.ts';
import { exitCodeOf, migrationExitCodeOf } from './exitCode.ts';
import { loadOptions, loadPayloads } from './inputs.ts';
import { newRunId } from './job.ts';
import { measureJob } from './measure.ts';
import { type MigrationJobs, planMigration } from './migratePlan.ts';
import { runPreflight } from './migratePreflight.ts';
import { stepsOf } from './migrateSteps.ts';
import { openProgress } from './openProgress.ts';
import { type Outputs, planOutputs, writeOutputs } from './outputs.ts';
import { reportError } from './reportError.ts';
import { openSession, type Session } from './session.ts';

const defaultMaxSlowdown = 0.05;

/** `tune migrate`: preflight → plan, consent → measure both architectures → answer. Wires the pieces and decides nothing. */
export async function runMigrate(flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const options = await loadOptions(flags, io);
  const target = options.function;
  if (target === undefined) {
    throw new TuneError('USAGE', 'No function is given.', { hint: 'Example: tune migrate --function orders' });
  }
  const ignore = (options.ignore ?? []).map(parsePointer);
  const payloads = await loadPayloads(options, io);
  const outputs = await planOutputs(options, Object.keys(migrationReporters), io);
  const runId = options.runId ?? newRunId(io.randomUuid());
  return guardedByAncestors(io, async () => {
    const reading = openProgress('describe', options, io);
    const connections = openConnections(io);
    try {
      const session = await openSession(
        target,
        options,
        { memoryMb: [pathMemoryMb(options)], warnings: [] },
        io,
        connections,
      );
      const { facts } = session;
      const to: Architecture = facts.architecture === 'arm64' ? 'x86_64' : 'arm64';
      const preflight = await runPreflight(session, to, options, io);
      reading.stop();
      const parts: MigrationParts = {
        tool: { name: 'lambda-tune', version: toolVersion },
        runId,
        function: target,
        current: { memoryMb: facts.memoryMb, architecture: facts.architecture },
        preflight,
        steps: [],
      };
      const isReady = preflight.verdict !== 'incompatible' && hasBuild(session, to, options);
      if (!isReady || options.preflightOnly) {
        const steps = isReady && session.path === undefined ? stepsOf(session, to, options, undefined) : [];
        await write(outputs, migrationDocument({ ...parts, steps }), options, io);
        return isReady ? ExitCode.ok : ExitCode.usage;
      }
      const jobs = planMigration(session, options, payloads, { id: runId, seed: Math.floor(io.random() * 2 ** 31) });
      if (!options.quiet) {
        for (const job of jobs.shown) {
          io.stderr.write(renderPlan(job, { columns: io.stderr.columns, color: canColor(io.stderr, options, io) }));
        }
      }
      if (options.dryRun) {
        await write(outputs, migrationDocument({ ...parts, steps: [] }), options, io);
        return ExitCode.ok;
      }
      if (session.path === undefined) await askConsent(options, { worstCaseUsd: jobs.worstCaseUsd }, io);
      return await measure(jobs, session, parts, to, ignore, outputs, options, io);
    } finally {
      reading.stop();
      await connections.close();
    }
  });
}

/** An image is built for one architecture; zips are tried on either. */
function hasBuild({ facts }: Session, to: Architecture, options: RunOptions): boolean {
  if (facts.packageType !== 'Image') return true;
  return (to === 'arm64' ? options.arm64Image : options.x86Image) !== undefined;
}

/** A path has no setting of its own. */
function pathMemoryMb({ memory }: RunOptions): number {
  const [first = ''] = (memory ?? '').split(',');
  return /^\d+$/.test(first) ? Number(first) : 1024;
}

async function measure(
  jobs: MigrationJobs,
  session: Session,
  parts: MigrationParts,
  to: Architecture,
  ignore: Parameters<typeof smokeRows>[3],
  outputs: Outputs,
  options: RunOptions,
  io: Io,
): Promise<ExitCode> {
  const race =
    jobs.race === undefined
      ? undefined
      : await measureJob(jobs.race, session, options, io, { show: async () => undefined });
  if (race !== undefined && (race.outcome.failure !== undefined || io.interrupted.aborted)) {
    const { result, failure } = race.outcome;
    await write(outputs, documentOf(parts, result, session, to, options, { smoke: [] }), options, io);
    if (failure !== undefined) reportError(failure, io);
    return exitCodeOf(result, failure, io.interrupted);
  }
  const job = jobs.comparison(race?.outcome.result, io.now());
  let bodies: ((requestId: string) => string | undefined) | undefined;
  let document: MigrationResult | undefined;
  const { outcome, cameBack } = await measureJob(job, session, options, io, {
    async show({ result, failure }) {
      const smoke = bodies === undefined ? [] : smokeRows(result, session.facts.memoryMb, bodies, ignore);
      document = documentOf(parts, result, session, to, options, { smoke });
      await write(outputs, document, options, io);
      if (failure !== undefined) reportError(failure, io);
    },
    around(platform) {
      // One answer of each payload and, since a first call may fail, a few more.
      const remembering = rememberingResponses(platform, 2 * keptEach(job));
      bodies = remembering.responseOf;
      return remembering;
    },
  });
  if (cameBack || race?.cameBack) return ExitCode.leftBehind;
  return migrationExitCodeOf(outcome.result, outcome.failure, document?.required?.decided, io.interrupted);
}

/** Payloads are dealt in turn, so that so many calls have seen each of them in every environment. */
function keptEach({ payloads, plan }: TuneJob): number {
  return (payloads.length + 1) * plan.environmentsPerConfiguration;
}

function documentOf(
  parts: MigrationParts,
  run: TuningResult,
  session: Session,
  to: Architecture,
  options: RunOptions,
  { smoke }: Required<Pick<MigrationParts, 'smoke'>>,
): MigrationResult {
  if (session.path !== undefined) return migrationDocument({ ...parts, ...projectionOf(run, parts, to), run });
  const analysis = analyzeMigration(run, {
    current: parts.current,
    ...(options.require === undefined ? {} : { require: options.require }),
    maxSlowdown: options.maxSlowdown ?? defaultMaxSlowdown,
    ...(options.requestsPerMonth === undefined ? {} : { requestsPerMonth: options.requestsPerMonth }),
  });
  return migrationDocument({
    ...parts,
    ...(smoke.length === 0 ? {} : { smoke }),
    ...analysis,
    steps: stepsOf(session, to, options, analysis.best),
    run,
  });
}

/** On this machine the other architecture is only a price: how much slower it may be until it costs the same. */
function projectionOf(
  run: TuningResult,
  { current }: MigrationParts,
  to: Architecture,
): Pick<MigrationParts, 'projection'> {
  const row = run.configurations.find(
    ({ memoryMb, architecture }) => memoryMb === current.memoryMb && architecture === current.architecture,
  );
  if (row?.warm === undefined) return {};
  const costModel = run.costModel as Parameters<typeof breakEvenSlowdown>[2];
  const toArm = breakEvenSlowdown(current.memoryMb, row.warm.billedDurationMs.mean, costModel);
  return { projection: { memoryMb: current.memoryMb, breakEvenSlowdown: to === 'arm64' ? toArm : 1 / toArm } };
}

async function write(outputs: Outputs, document: MigrationResult, options: RunOptions, io: Io): Promise<void> {
  await writeOutputs(outputs, asMigration(document), io, options);
}
