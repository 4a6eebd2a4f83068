import type { Api } from '../dist/index.js';

export type {
  Answer,
  Architecture,
  BilledInvocation,
  Calling,
  CheckOptions,
  CheckResult,
  Configuration,
  ConfigurationResult,
  CostModel,
  ErrorCode,
  Measurement,
  MeasureOptions,
  MigrateOptions,
  MigrationResult,
  Observation,
  ObserveOptions,
  ReportLine,
  TuneEvent,
  TuningResult,
} from '../dist/index.js';
export { costModelFor, invocationCostUsd, parseReportLine, TuneError, UnfinishedError } from '../dist/index.js';

/**
 * `tune --function …`: measures a function, or the code of a folder or zip, at several memory sizes and architectures on copies
 * of it, removes them, and resolves with the saved run and its answer. Calling is consent: give `maxSpendUsd` for a cap, or
 * `dryRun: true` for the plan and its estimate alone. Rejects with a `TuneError` where there is no answer.
 */
export declare const measure: Api['measure'];

/** `tune check`: did a change make it dearer? Resolves with the document of the check, whatever its verdict. */
export declare const check: Api['check'];

/** `tune migrate`: what does the other architecture bring? Resolves with the document of the migration and its verdict. */
export declare const migrate: Api['migrate'];

/**
 * `tune observe`: what does production pay? Reads what CloudWatch kept of a function of an account, under the cap of
 * `maxSpendUsd`, and resolves with the document of the observation. Nothing is invoked or changed.
 */
export declare const observe: Api['observe'];
