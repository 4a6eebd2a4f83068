import { ExitCode, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { toolVersion } from '../../base/version.ts';
import { type RememberingPlatform, rememberingResponses } from '../../measure/responses.ts';
import type { TuneJob } from '../../measure/tuneJob.ts';
import { type MigrationParts, migrationDocument } from '../../migrate/document.ts';
import type { MigrationEvidence } from '../../migrate/evidence.ts';
import { judgeMigration } from '../../migrate/judgeMigration.ts';
import { parsePointer } from '../../migrate/responses/jsonPointer.ts';
import { smokeRows } from '../../migrate/responses/smokeRows.ts';
import { otherArchitecture } from '../../model/configuration.ts';
import type { MigrationResult } from '../../model/migration.ts';
import type { LeftBehind } from '../../model/platform.ts';
import { withDefaults } from '../../options/defaults.ts';
import type { GivenOptions } from '../../options/schema.ts';
import type { OptionsOf } from '../../options/table.ts';
import { migrationReporters } from '../../reporters/registry.ts';
import { renderPlan } from '../../reporters/run/plan.ts';
import { guardedByAncestors } from '../shared/ancestry.ts';
import { openConnections } from '../shared/connections.ts';
import { asMigration } from '../shared/documents.ts';
import { migrationExitCodeOf, verdictExitCode } from '../shared/exitCode.ts';
import { aroundRun } from '../shared/hooks.ts';
import { loadOptions } from '../shared/inputs.ts';
import { newRunId } from '../shared/job.ts';
import { measureJob } from '../shared/measure.ts';
import { type Done, type Onlooker, terminalOnlooker } from '../shared/onlooker.ts';
import { planOutputs, writeOutputs } from '../shared/outputs.ts';
import { fetchPayloads, loadPayloads } from '../shared/payloads.ts';
import { preflightReader } from '../shared/preflight/readPreflight.ts';
import { openSession, type Session } from '../shared/session.ts';
import { loadTraffic } from '../shared/traffic.ts';
import { type MigrationJobs, planMigration } from './migratePlan.ts';
import { migrationStepsOf } from './migrateSteps.ts';

/** `tune migrate`: what a person types and sees around `migrateFunction`. */
export async function runMigrate(flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const migration = await prepareMigration(await loadOptions(flags, io), io);
  const { options } = migration;
  const outputs = await planOutputs(options, Object.keys(migrationReporters), io);
  return guardedByAncestors(io, async () => {
    const { exitCode } = await migrateFunction(migration, io, terminalOnlooker(options, io), (document) =>
      writeOutputs(outputs, asMigration(document), io, options),
    );
    return exitCode;
  });
}

type PreparedMigration = Awaited<ReturnType<typeof prepareMigration>>;

/** All that can be wrong with the input is found before anything is looked up. */
export async function prepareMigration(given: GivenOptions, io: Io) {
  const options = withDefaults('migrate', given);
  const target = options.function;
  if (target === undefined) {
    throw new TuneError('USAGE', 'No function is given.', { hint: 'Example: tune migrate --function orders' });
  }
  const ignore = options.ignore.map(parsePointer);
  const traffic = await loadTraffic(options, io);
  if (traffic !== undefined && options.requestsPerMonth !== undefined) {
    throw new TuneError('USAGE', '--requests-per-month and traffic cannot be given together.', {
      hint: 'The traffic says how many requests there are. Leave out --requests-per-month.',
    });
  }
  return { options, target, ignore, payloads: await loadPayloads(options, target, io), traffic };
}

type ShowMigration = (document: MigrationResult) => Promise<void>;

/**
 * Preflight → plan, consent → measure both architectures → answer. Wires the pieces and decides nothing. `show` is called as
 * soon as the document is there.
 */
export async function migrateFunction(
  migration: PreparedMigration,
  io: Io,
  onlooker: Onlooker,
  show: ShowMigration,
): Promise<Done<MigrationResult>> {
  const { options, target, payloads } = migration;
  const runId = options.runId ?? newRunId(io.randomUuid());
  const reading = onlooker.watch('describe');
  const connections = openConnections(io);
  try {
    const atStart = { memoryMb: [pathMemoryMb(options)], warnings: [] };
    const session = await openSession(target, options, atStart, io, connections);
    const { facts } = session;
    const to = otherArchitecture(facts.architecture);
    const preflight = await preflightReader(session, io)({ wanted: to, overlay: session.builds[to] });
    reading.stop();
    const parts: KnownParts = {
      tool: { name: 'lambda-tune', version: toolVersion },
      runId,
      function: target,
      current: { memoryMb: facts.memoryMb, architecture: facts.architecture },
      preflight,
    };
    const unmeasured = async (evidence: Pick<MigrationEvidence, 'notMeasured'>) => {
      const saved = documentOf(parts, evidence, session, options);
      await show(saved);
      return { saved, exitCode: verdictExitCode(saved.verdict, options.require) };
    };
    if (preflight.verdict === 'incompatible') return await unmeasured({});
    if (options.preflightOnly) return await unmeasured({ notMeasured: 'preflightOnly' });
    const sent = await fetchPayloads(payloads, session, options, io, connections);
    const jobs = planMigration(session, options, sent, { id: runId, seed: Math.floor(io.random() * 2 ** 31) });
    for (const job of jobs.shown) onlooker.plan((view) => renderPlan(job, view));
    if (options.dryRun) return await unmeasured({ notMeasured: 'dryRun' });
    if (session.path === undefined) await onlooker.agree(options, { worstCaseUsd: jobs.worstCaseUsd });
    return await aroundRun(session.hooks?.run, { runId, function: target }, io, onlooker, () =>
      measure(jobs, session, parts, migration, io, onlooker, show),
    );
  } finally {
    reading.stop();
    await connections.close();
  }
}

/** A path has no setting of its own. */
function pathMemoryMb({ memory }: OptionsOf<'migrate'>): number {
  const [first = ''] = memory.split(',');
  return /^\d+$/.test(first) ? Number(first) : 1024;
}

async function measure(
  jobs: MigrationJobs,
  session: Session,
  parts: KnownParts,
  { options, ignore, traffic }: PreparedMigration,
  io: Io,
  onlooker: Onlooker,
  show: ShowMigration,
): Promise<Done<MigrationResult>> {
  const race =
    jobs.race === undefined
      ? undefined
      : await measureJob(jobs.race, session, options, io, { onlooker, show: async () => undefined });
  if (race !== undefined && (race.outcome.failure !== undefined || io.interrupted.aborted)) {
    const { result, failure } = race.outcome;
    const saved = documentOf(parts, { run: result }, session, options);
    await show(saved);
    if (failure !== undefined) onlooker.failed(failure);
    const exitCode = migrationExitCodeOf(result, failure, saved.verdict, options.require, io.interrupted);
    return { saved, exitCode, ...failureBeside(saved, failure) };
  }
  const job = { ...jobs.comparison(race?.outcome.result, io.now()), traffic };
  let answers: RememberingPlatform | undefined;
  let saved: MigrationResult | undefined;
  const { outcome, late } = await measureJob(job, session, options, io, {
    onlooker,
    async show({ result, failure }) {
      const smoke = answers === undefined ? [] : smokeRows(result, session.facts.memoryMb, answers, ignore);
      saved = documentOf(parts, { run: result, smoke: smoke.length === 0 ? undefined : smoke }, session, options);
      await show(saved);
      if (failure !== undefined) onlooker.failed(failure);
    },
    around(platform) {
      // One answer of each payload and, since a first call may fail, a few more.
      answers = rememberingResponses(platform, 2 * keptEach(job));
      return answers;
    },
  });
  if (saved === undefined) throw new Error('a measured migration was not shown');
  const { result, failure } = outcome;
  const cameBack = [...(race?.late ?? []), ...late];
  const exitCode =
    cameBack.length > 0
      ? ExitCode.leftBehind
      : migrationExitCodeOf(result, failure, saved.verdict, options.require, io.interrupted);
  return { saved: withLeftBehind(saved, cameBack), exitCode, ...failureBeside(saved, failure) };
}

/** A failure that is the verdict's own reason says no more than the verdict does. */
function failureBeside({ verdict }: MigrationResult, failure: unknown): Pick<Done<MigrationResult>, 'failure'> {
  return failure === undefined || (failure instanceof TuneError && verdict.kind === 'cannot') ? {} : { failure };
}

function withLeftBehind(saved: MigrationResult, late: readonly LeftBehind[]): MigrationResult {
  const { run } = saved;
  return run === undefined || late.length === 0
    ? saved
    : { ...saved, run: { ...run, leftBehind: [...run.leftBehind, ...late] } };
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
  options: OptionsOf<'migrate'>,
): MigrationResult {
  const { run, smoke } = evidence;
  const judgement = judgeMigration({
    ...evidence,
    current: parts.current,
    preflight: parts.preflight,
    require: options.require,
    maxSlowdown: options.maxSlowdown,
    requestsPerMonth: options.requestsPerMonth,
  });
  return migrationDocument({
    ...parts,
    ...judgement,
    smoke,
    steps: migrationStepsOf(session, options, judgement.verdict),
    run,
  });
}
