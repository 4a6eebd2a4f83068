/**
 * The package's API: the same functions that the commands are made of, for a program instead of a person. Nothing is printed
 * or asked, no signal handler installed, and the process is never ended. What a run takes from the process comes from
 * `bin/api.mjs`, the entry of the package.
 */
import { TuneError } from './base/errors.ts';
import type { Io, ProcessFacts } from './base/io.ts';
import { listening, type TuneEvent } from './commands/shared/listening.ts';
import type { Done, Onlooker } from './commands/shared/onlooker.ts';
import type { CheckResult } from './model/check.ts';
import type { MigrationResult } from './model/migration.ts';
import type { Observation } from './model/production/observation.ts';
import type { TuningResult } from './model/run.ts';
import {
  type CalledFunction,
  type CheckOptions,
  type MeasureOptions,
  type MigrateOptions,
  type ObserveOptions,
  observeOptionsFromCode,
  optionsFromCode,
} from './options/fromCode.ts';
import type { GivenOptions } from './options/schema.ts';

export { type ErrorCode, TuneError } from './base/errors.ts';
export type { ProcessFacts } from './base/io.ts';
export type { TuneEvent } from './commands/shared/listening.ts';
export type { Answer } from './model/answer.ts';
export type { CheckResult } from './model/check.ts';
export type { Architecture, Configuration } from './model/configuration.ts';
export type { CostModel } from './model/costModel.ts';
export type { Measurement, ReportLine } from './model/measurement.ts';
export type { MigrationResult } from './model/migration.ts';
export type { Observation } from './model/production/observation.ts';
export type { ConfigurationResult, TuningResult } from './model/run.ts';
export type { CheckOptions, MeasureOptions, MigrateOptions, ObserveOptions } from './options/fromCode.ts';
export { type BilledInvocation, costModelFor, invocationCostUsd } from './pricing/pricing.ts';
export { parseReportLine } from './report-line/reportLine.ts';

export interface Calling {
  /** Told of everything that happens. If it throws, the run ends, cleans up and the promise rejects with what was thrown. */
  readonly onEvent?: (event: TuneEvent) => void;
  /** Aborted, the run ends and cleans up before its promise settles. */
  readonly signal?: AbortSignal;
}

/** What ended a call before it had its answer, with the document as far as it came: nothing that was paid for is lost. */
export class UnfinishedError extends TuneError {
  readonly saved: TuningResult | CheckResult | MigrationResult | Observation;

  constructor(error: TuneError, saved: UnfinishedError['saved']) {
    const { cause, memoryLimitMb, items } = error;
    super(error.code, error.message, {
      hint: error.hint,
      items,
      lastLog: error.lastLog,
      cause,
      memoryLimitMb,
    });
    this.name = 'UnfinishedError';
    this.saved = saved;
  }
}

/**
 * Each resolves with the document that its command saves: durations in ms, memory in MB, money in US$ (of one invocation, where no
 * month is named), shares as fractions, times in UTC. A verdict is no error. Rejects with a `TuneError`, whose `code` says what
 * kind of thing went wrong; with an `UnfinishedError` where there is a document that tells how far it came.
 */
export interface Api {
  /** `tune`: makes copies of the function, calls them, and removes them. The call is the consent to what that costs, up to `maxSpendUsd`. */
  measure(options: MeasureOptions, calling?: Calling): Promise<TuningResult>;
  /** `tune check`: the function against another one, a saved run or limits. One row for each function, `verdict` over all of them. */
  check(options: CheckOptions, calling?: Calling): Promise<CheckResult>;
  /** `tune migrate`: whether the other architecture runs the function, and what moving there brings. */
  migrate(options: MigrateOptions, calling?: Calling): Promise<MigrationResult>;
  /** `tune observe`: what production pays. Reads logs and metrics, for at most `maxSpendUsd`, and calls or changes nothing. */
  observe(options: ObserveOptions, calling?: Calling): Promise<Observation>;
}

/** The commands, and with them the SDK, are loaded when they are called: who only reads REPORT lines does not wait for them. */
export function createApi(facts: () => ProcessFacts): Api {
  return {
    measure: (given, calling) =>
      call('measure', given, calling, facts, async (options, io, onlooker) => {
        const { prepareTuning, tuneFunction } = await import('./commands/tune/tune.ts');
        return tuneFunction(await prepareTuning(options, io), io, onlooker, nowhere);
      }),
    check: (given, calling) =>
      call('check', given, calling, facts, async (written, io, onlooker) => {
        const { checkFunctions } = await import('./commands/check/check.ts');
        const { askedOf } = await import('./commands/check/askedFunctions.ts');
        const asked = askedOf({ written, example: "Example: check({ function: 'orders', against: 'orders:live' })" });
        return checkFunctions(asked, io, onlooker, nowhere);
      }),
    migrate: (given, calling) =>
      call('migrate', given, calling, facts, async (options, io, onlooker) => {
        const { migrateFunction, prepareMigration } = await import('./commands/migrate/migrate.ts');
        return migrateFunction(await prepareMigration(options, io), io, onlooker, nowhere);
      }),
    observe: (given, calling) => observed(given, calling, facts),
  };
}

async function nowhere(): Promise<void> {}

/** Rejects where there is no answer: with what failed, or that it was interrupted before anything was measured. */
async function call<Saved extends Exclude<UnfinishedError['saved'], Observation>>(
  name: CalledFunction,
  given: object,
  { onEvent = () => undefined, signal }: Calling = {},
  facts: () => ProcessFacts,
  work: (options: GivenOptions, io: Io, onlooker: Onlooker) => Promise<Done<Saved>>,
): Promise<Saved> {
  const options = optionsFromCode(name, given);
  const { io, onlooker, end } = listening(facts(), onEvent, signal);
  const done = await whole(io, end, () => work(options, io, onlooker));
  const { saved, failure } = done;
  if (io.interrupted.aborted && !hasMeasured(saved)) throw new UnfinishedError(interrupted(), saved);
  if (failure === undefined || io.interrupted.aborted) return saved;
  throw failure instanceof TuneError ? new UnfinishedError(failure, saved) : failure;
}

/** Nothing is made here: what was read before a signal is an observation, and says how far it came. */
async function observed(
  given: object,
  { onEvent = () => undefined, signal }: Calling = {},
  facts: () => ProcessFacts,
): Promise<Observation> {
  const options = observeOptionsFromCode(given);
  const { io, tell, end } = listening(facts(), onEvent, signal);
  const saved = await whole(io, end, async () => {
    const { askedObservation, observeAsked } = await import('./commands/observe/askedObservation.ts');
    return observeAsked(askedObservation(options, io), io, {
      say: () => undefined,
      announce: ({ kind: what, usd }) => tell({ kind: 'reading', what, usd }),
      show: (text) => tell({ kind: 'read', text }),
    });
  });
  if (saved.sources.some(({ status }) => status === 'read' || status === 'partly')) return saved;
  const unread = io.interrupted.aborted
    ? new TuneError('INTERRUPTED', 'Interrupted before anything was read.')
    : new TuneError('NOT_MEASURED', 'Nothing of production could be read: see sources.');
  throw new UnfinishedError(unread, saved);
}

/** Whatever ends the work, the signal is let go of. */
async function whole<T>(io: Io, end: () => void, work: () => Promise<T>): Promise<T> {
  if (io.interrupted.aborted) throw interrupted();
  const done = await work().catch((error: unknown) => {
    end();
    throw io.interrupted.aborted ? interrupted(error) : error;
  });
  end();
  return done;
}

function interrupted(cause?: unknown): TuneError {
  return new TuneError('INTERRUPTED', 'Interrupted before anything was measured.', { cause });
}

function hasMeasured(saved: Exclude<UnfinishedError['saved'], Observation>): boolean {
  if ('functions' in saved) return saved.functions.some(({ spend }) => spend.invocations > 0);
  const run = 'configurations' in saved ? saved : saved.run;
  return run !== undefined && run.spend.invocations > 0;
}
