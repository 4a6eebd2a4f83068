import { ExitCode, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { toolVersion } from '../../base/version.ts';
import { canColor } from '../../host/terminal.ts';
import type { TuneJob } from '../../measure/engine.ts';
import { rememberingResponses } from '../../measure/responses.ts';
import { type MigrationParts, migrationDocument } from '../../migrate/document.ts';
import type { MigrationEvidence } from '../../migrate/evidence.ts';
import { judgeMigration } from '../../migrate/judgeMigration.ts';
import { parsePointer } from '../../migrate/responses/jsonPointer.ts';
import { smokeRows } from '../../migrate/responses/smokeRows.ts';
import { otherArchitecture } from '../../model/configuration.ts';
import type { MigrationResult } from '../../model/migration.ts';
import type { RunOptions } from '../../options/options.ts';
import { migrationReporters } from '../../reporters/registry.ts';
import { renderPlan } from '../../reporters/run/plan.ts';
import { guardedByAncestors } from '../shared/ancestry.ts';
import { openConnections } from '../shared/connections.ts';
import { askConsent } from '../shared/consent.ts';
import { asMigration } from '../shared/documents.ts';
import { migrationExitCodeOf, verdictExitCode } from '../shared/exitCode.ts';
import { loadOptions, loadPayloads } from '../shared/inputs.ts';
import { newRunId } from '../shared/job.ts';
import { measureJob } from '../shared/measure.ts';
import { openProgress } from '../shared/openProgress.ts';
import { type Outputs, planOutputs, writeOutputs } from '../shared/outputs.ts';
import { reportError } from '../shared/reportError.ts';
import { openSession, type Session } from '../shared/session.ts';
import { type MigrationJobs, planMigration } from './migratePlan.ts';
import { runPreflight } from './migratePreflight.ts';
import { stepsOf } from './migrateSteps.ts';

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
      const to = otherArchitecture(facts.architecture);
      const preflight = await runPreflight(session, to, options, io);
      reading.stop();
      const parts: KnownParts = {
        tool: { name: 'lambda-tune', version: toolVersion },
        runId,
        function: target,
        current: { memoryMb: facts.memoryMb, architecture: facts.architecture },
        preflight,
      };
      const unmeasured = async (evidence: Pick<MigrationEvidence, 'notMeasured'>) => {
        const document = documentOf(parts, evidence, session, options);
        await write(outputs, document, options, io);
        return verdictExitCode(document.verdict, options.require);
      };
      if (preflight.verdict === 'incompatible') return await unmeasured({});
      if (options.preflightOnly) return await unmeasured({ notMeasured: 'preflightOnly' });
      const jobs = planMigration(session, options, payloads, { id: runId, seed: Math.floor(io.random() * 2 ** 31) });
      if (!options.quiet) {
        for (const job of jobs.shown) {
          io.stderr.write(renderPlan(job, { columns: io.stderr.columns, color: canColor(io.stderr, options, io) }));
        }
      }
      if (options.dryRun) return await unmeasured({ notMeasured: 'dryRun' });
      if (session.path === undefined) await askConsent(options, { worstCaseUsd: jobs.worstCaseUsd }, io);
      return await measure(jobs, session, parts, ignore, outputs, options, io);
    } finally {
      reading.stop();
      await connections.close();
    }
  });
}

/** A path has no setting of its own. */
function pathMemoryMb({ memory }: RunOptions): number {
  const [first = ''] = (memory ?? '').split(',');
  return /^\d+$/.test(first) ? Number(first) : 1024;
}

async function measure(
  jobs: MigrationJobs,
  session: Session,
  parts: KnownParts,
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
    const document = documentOf(parts, { run: result }, session, options);
    await write(outputs, document, options, io);
    if (failure !== undefined) reportError(failure, io);
    return migrationExitCodeOf(result, failure, document.verdict, options.require, io.interrupted);
  }
  const job = jobs.comparison(race?.outcome.result, io.now());
  let bodies: ((requestId: string) => string | undefined) | undefined;
  let verdict: MigrationResult['verdict'] | undefined;
  const { outcome, cameBack } = await measureJob(job, session, options, io, {
    async show({ result, failure }) {
      const smoke = bodies === undefined ? [] : smokeRows(result, session.facts.memoryMb, bodies, ignore);
      const document = documentOf(parts, { run: result, ...(smoke.length === 0 ? {} : { smoke }) }, session, options);
      verdict = document.verdict;
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
  if (verdict === undefined) throw new Error('a measured migration was not shown');
  return migrationExitCodeOf(outcome.result, outcome.failure, verdict, options.require, io.interrupted);
}

/** Payloads are dealt in turn, so that so many calls have seen each of them in every environment. */
function keptEach({ payloads, plan }: TuneJob): number {
  return (payloads.length + 1) * plan.environmentsPerConfiguration;
}

/** What is known before anything is measured. */
type KnownParts = Pick<MigrationParts, 'tool' | 'runId' | 'function' | 'current' | 'preflight'>;

/** Judged once; what is saved, printed and returned to the shell follows from it. */
function documentOf(
  parts: KnownParts,
  evidence: Pick<MigrationEvidence, 'run' | 'smoke' | 'notMeasured'>,
  session: Session,
  options: RunOptions,
): MigrationResult {
  const { run, smoke } = evidence;
  const judgement = judgeMigration({
    ...evidence,
    current: parts.current,
    preflight: parts.preflight,
    ...(options.require === undefined ? {} : { require: options.require }),
    ...(options.maxSlowdown === undefined ? {} : { maxSlowdown: options.maxSlowdown }),
    ...(options.requestsPerMonth === undefined ? {} : { requestsPerMonth: options.requestsPerMonth }),
  });
  return migrationDocument({
    ...parts,
    ...judgement,
    ...(smoke === undefined ? {} : { smoke }),
    steps: stepsOf(session, options, judgement.verdict),
    ...(run === undefined ? {} : { run }),
  });
}

async function write(outputs: Outputs, document: MigrationResult, options: RunOptions, io: Io): Promise<void> {
  await writeOutputs(outputs, asMigration(document), io, options);
}
