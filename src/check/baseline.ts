import { TuneError } from '../base/errors.ts';
import { type Configuration, findConfiguration, nameOf, plain, sameConfiguration } from '../model/configuration.ts';
import type { CostModel } from '../model/costModel.ts';
import type { FunctionFacts } from '../model/functionFacts.ts';
import type { Measurement } from '../model/measurement.ts';
import type { ConfigurationResult, TuningResult } from '../model/run.ts';
import { reportedCostUsd } from '../report-line/outcome.ts';
import type { BaselineRun } from './runs.ts';

/** In what a baseline may differ when the user says so (`--allow-different`). */
export type AllowedDifference = 'payloads' | 'memory' | 'architecture' | 'runtime' | 'region';

/** What is measured now. */
export interface CheckedNow {
  readonly facts: FunctionFacts;
  readonly configuration: Configuration;
  readonly costModel: CostModel;
  readonly recorded: Pick<TuningResult['options'], 'payloads' | 'payloadTemplate' | 'coldShare' | 'hooks'>;
  /** The command that makes a new baseline in place of this file. */
  readonly recipe: (file: string) => string;
}

export interface SavedBaseline {
  /** The file's name. */
  readonly shown: string;
  readonly run: TuningResult;
}

export interface Baseline {
  /** At today's prices; environments of different files are told apart. */
  readonly measurements: readonly Measurement[];
  /** The same, file by file. */
  readonly runs: readonly BaselineRun[];
  /** What they were measured at; undefined: files differ in it. */
  readonly configuration?: Configuration | undefined;
  /** What was adjusted or differs, in sentences. */
  readonly notes: readonly string[];
  /** Otherwise payloads are no strata: one side's would have no values on the other. */
  readonly hasSamePayloads: boolean;
  /** All files are of the code that is measured now, with the settings that they record. */
  readonly isSameCode: boolean;
}

/**
 * The measurements of saved runs that can be compared with what is measured now. Prices are adjusted: a price change is no
 * regression of the code. Throws TuneError SAVED_RUN naming every difference that is not allowed.
 */
export function baselineOf(
  saved: readonly SavedBaseline[],
  now: CheckedNow,
  allowed: readonly AllowedDifference[],
): Baseline {
  const parts = saved.map((one, index) => partOf(one, now, allowed, `${index + 1}/`));
  return {
    measurements: parts.flatMap(({ measurements }) => measurements),
    runs: parts.map(({ measurements }, index) => ({ measurements, code: saved[index]?.run.target.codeSha256 })),
    configuration: commonOf(parts.map(({ configuration }) => configuration)),
    notes: [...new Set(parts.flatMap(({ notes }) => notes))],
    hasSamePayloads: saved.every(({ run }) => payloadsOf(run.options) === payloadsOf(now.recorded)),
    isSameCode: parts.every(({ isSameCode }) => isSameCode),
  };
}

function commonOf([first, ...others]: readonly (Configuration | undefined)[]): Configuration | undefined {
  return first !== undefined && others.every((one) => one !== undefined && sameConfiguration(one, first))
    ? first
    : undefined;
}

function partOf(
  { shown, run }: SavedBaseline,
  now: CheckedNow,
  allowed: readonly AllowedDifference[],
  prefix: string,
): Omit<Baseline, 'hasSamePayloads' | 'runs'> {
  const row = rowOf(run, now.configuration, allowed);
  const differences = differencesOf(run, row, now);
  const refusedOnes = differences.filter(({ kind }) => kind === undefined || !allowed.includes(kind));
  const hint = now.recipe(shown);
  if (row === undefined || refusedOnes.length > 0) throw refused(shown, refusedOnes, hint);
  const kept = row.measurements.filter((one) => one.outcome !== 'unreported');
  if (!kept.some(({ outcome, start }) => outcome === 'succeeded' && start === 'warm')) {
    throw refused(shown, [{ text: `it holds no warm call of ${nameOf(row)} that succeeded` }], hint);
  }
  const repriced = kept.map((one) => atTodaysPrice(one, row, run, now.costModel));
  const priceNote = priceNoteOf(run, now);
  return {
    configuration: plain(row),
    measurements: repriced.map((one) => ({ ...one, environment: `${prefix}${one.environment}` })),
    notes: [
      ...differences.map(({ text }) => `The baseline differs, which was allowed: ${text}.`),
      ...(priceNote === undefined ? [] : [priceNote]),
      ...hooksNote(run, now),
    ],
    isSameCode: differences.length === 0 && hooksNote(run, now).length === 0 && isSameCode(run, row, now),
  };
}

/** Said and not refused: what they do to the function nobody knows, and of a hook a file records only of which kind it was. */
function hooksNote({ options }: TuningResult, { recorded }: CheckedNow): readonly string[] {
  const [before, today] = [hooksOf(options.hooks), hooksOf(recorded.hooks)];
  if (before === today) return [];
  return [
    `The hooks differ: the baseline was measured with ${before}, now with ${today}. What they prepare may be what the figures differ by.`,
  ];
}

function hooksOf(hooks: TuningResult['options']['hooks']): string {
  const { before, after, beforeRun, afterRun } = hooks ?? {};
  const given = [
    ['--before', before],
    ['--after', after],
    ['--before-run', beforeRun],
    ['--after-run', afterRun],
  ].flatMap(([flag, kind]) => (kind === undefined ? [] : [`${flag} (a ${kind})`]));
  return given.length === 0 ? 'none' : given.join(', ');
}

function isSameCode({ target }: TuningResult, row: ConfigurationResult, { facts, configuration }: CheckedNow): boolean {
  return (
    target.codeSha256 === facts.codeSha256 &&
    target.timeoutS === facts.timeoutS &&
    target.ephemeralStorageMb === facts.ephemeralStorageMb &&
    sameConfiguration(row, configuration)
  );
}

interface Differing {
  /** Undefined: no option allows it. */
  readonly kind?: AllowedDifference | undefined;
  readonly text: string;
}

/** The same size and architecture; where another is allowed, the baseline's own setting, else all that it measured. */
function rowOf(
  run: TuningResult,
  configuration: Configuration,
  allowed: readonly AllowedDifference[],
): ConfigurationResult | undefined {
  const measured = run.configurations.filter(({ measurements }) => measurements.length > 0);
  const same = findConfiguration(measured, configuration);
  if (same !== undefined) return same;
  const candidates = measured.filter((row) =>
    sameConfiguration(row, {
      ...configuration,
      memoryMb: allowed.includes('memory') ? row.memoryMb : configuration.memoryMb,
      architecture: allowed.includes('architecture') ? row.architecture : configuration.architecture,
    }),
  );
  const setting = findConfiguration(candidates, run.target);
  return setting ?? (candidates.length === 1 ? candidates[0] : undefined);
}

function differencesOf(run: TuningResult, row: ConfigurationResult | undefined, now: CheckedNow): readonly Differing[] {
  const { facts, configuration, costModel, recorded } = now;
  const backend = facts.emulation === undefined ? 'aws' : 'local';
  const compare = (kind: AllowedDifference | undefined, name: string, before: unknown, today: unknown): Differing[] =>
    before === today ? [] : [{ kind, text: `${name} was ${said(before)}, is ${said(today)}` }];
  return [
    ...compare(undefined, 'where it was measured', run.backend, backend),
    ...compare('runtime', 'the runtime', run.target.runtime, facts.runtime),
    ...compare('region', 'the region', run.costModel.region, costModel.region),
    ...compare(undefined, 'reading answers', answersOf(run.options.stream), answersOf(facts.streams)),
    ...compare('payloads', 'the payloads', payloadsOf(run.options), payloadsOf(recorded)),
    ...(row === undefined
      ? [{ kind: 'memory', text: `${nameOf(configuration)} was not measured (it has ${measuredIn(run)})` } as const]
      : [
          ...compare('memory', 'the memory size', row.memoryMb, configuration.memoryMb),
          ...compare('architecture', 'the architecture', row.architecture, configuration.architecture),
        ]),
  ];
}

/** Writing an answer piece by piece takes another time than in one. */
function answersOf(streams: FunctionFacts['streams']): string {
  return streams === undefined ? 'in one piece' : 'as a stream';
}

function measuredIn({ configurations }: TuningResult): string {
  const names = configurations.filter(({ measurements }) => measurements.length > 0).map((row) => nameOf(row));
  return names.length === 0 ? 'no measurement' : names.slice(0, 12).join(', ');
}

/** Hashes: a payload may hold secrets. */
function payloadsOf({
  payloads,
  payloadTemplate,
}: Pick<TuningResult['options'], 'payloads' | 'payloadTemplate'>): string {
  const total = payloads.reduce((sum, { weight }) => sum + weight, 0);
  const each = payloads.map(
    ({ name, sha256, weight }) =>
      `${payloads.length > 1 ? `${name.slice(0, 40)} ` : ''}${sha256.slice(0, 12)} (${Math.round((100 * weight) / total)} %)`,
  );
  return `${each.toSorted().join(', ')}${payloadTemplate ? ' as templates' : ''}`;
}

function said(field: unknown): string {
  return field === undefined ? 'not known' : String(field).slice(0, 200);
}

function atTodaysPrice(
  measurement: Measurement,
  row: ConfigurationResult,
  { target }: TuningResult,
  costModel: CostModel,
): Measurement {
  if (measurement.outcome === 'unreported') return measurement;
  const { ephemeralStorageMb = 512, runtime } = target;
  const costUsd = reportedCostUsd(measurement, {
    configuration: plain(row),
    costModel,
    ephemeralStorageMb,
    runtime,
  });
  return { ...measurement, costUsd };
}

function priceNoteOf(run: TuningResult, { costModel }: CheckedNow): string | undefined {
  const before = run.costModel.gbSecondUsd;
  const today = costModel.gbSecondUsd;
  const isSame =
    before.x86_64 === today.x86_64 &&
    before.arm64 === today.arm64 &&
    run.costModel.requestUsd.x86_64 === costModel.requestUsd.x86_64;
  return isSame
    ? undefined
    : `Prices differ from those of the baseline: its costs were worked out again from its billed durations at today's (${costModel.asOf}).`;
}

function refused(shown: string, differences: readonly Differing[], recipe: string): TuneError {
  const kinds = [...new Set(differences.flatMap(({ kind }) => kind ?? []))];
  const allow =
    kinds.length === 0 || kinds.length < differences.length
      ? ''
      : `   or allow it with --allow-different ${kinds.join(',')}`;
  return new TuneError(
    'SAVED_RUN',
    `${shown} cannot be compared with: ${differences.map(({ text }) => text).join('; ')}.`,
    { hint: `Make a new baseline: ${recipe}${allow}` },
  );
}
