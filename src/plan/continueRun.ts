import { TuneError } from '../base/errors.ts';
import { type Configuration, plain } from '../model/configuration.ts';
import type { CostModel } from '../model/costModel.ts';
import type { Emulation, FunctionFacts } from '../model/functionFacts.ts';
import type { Measurement } from '../model/measurement.ts';
import type { ConfigurationResult, TuningResult } from '../model/run.ts';
import { factsAs } from '../model/variant.ts';
import type { VariantResponses } from '../model/variantResponses.ts';
import type { Warning } from '../model/warning.ts';
import { reportedCostUsd } from '../report-line/outcome.ts';

/** What an earlier run measured, to be judged together with what is measured now. */
export interface ContinuedRun {
  readonly record: NonNullable<TuningResult['continued']>;
  readonly lanes: readonly EarlierLane[];
  readonly warnings: readonly Warning[];
  readonly responses?: readonly VariantResponses[] | undefined;
}

/** What is needed of an earlier run: a saved one, or what the record of one that was cut short holds. */
export type EarlierRun = Pick<
  TuningResult,
  'runId' | 'startedAt' | 'finishedAt' | 'backend' | 'emulation' | 'target' | 'costModel' | 'options'
> & {
  readonly responses?: TuningResult['responses'];
  readonly configurations: readonly Pick<ConfigurationResult, 'memoryMb' | 'architecture' | 'measurements'>[];
};

/** Where an earlier run comes from, in the words of messages. */
export interface EarlierSource {
  /** The file's name, or "the record of run …". */
  readonly shown: string;
  /** What to do when it cannot be used. */
  readonly otherwise: string;
}

interface EarlierLane {
  readonly configuration: Configuration;
  /** At today's prices; environments are named apart from those of this run. */
  readonly measurements: readonly Measurement[];
}

/** What this run is about to measure. */
export interface NewRun {
  readonly facts: FunctionFacts;
  readonly costModel: CostModel;
  readonly recorded: TuningResult['options'];
}

/** Hosts, neighbours and what the function calls change; a day is what a comparison may span. */
const recentMs = 24 * 3600 * 1000;
/** Two machines' clocks. */
const clockSkewMs = 5 * 60 * 1000;

/**
 * The measurements of an earlier run of the same function. Throws TuneError SAVED_RUN, naming what differs, when they may
 * not be mixed with new ones.
 */
export function continueRun(earlier: EarlierRun, run: NewRun, now: Date, source: EarlierSource): ContinuedRun {
  const refused = (why: string) =>
    new TuneError('SAVED_RUN', `${source.shown} cannot be continued: ${why}.`, { hint: source.otherwise });
  const different = differencesOf(earlier, run);
  if (different.length > 0) throw refused(`it measured something else: ${different.join('; ')}`);
  const lanes = earlier.configurations
    .filter(({ measurements }) => measurements.length > 0)
    .map((row) => ({
      configuration: plain(row),
      measurements: row.measurements.map((one) => broughtOver(one, plain(row), earlier.runId, run)),
    }));
  const times = lanes.flatMap(({ measurements }) => measurements.map(({ startedAt }) => Date.parse(startedAt)));
  if (times.length === 0) throw refused('it holds no measurement');
  const oldest = Math.min(...times);
  if (now.getTime() - oldest > recentMs) {
    throw refused(`it is not recent: it began at ${new Date(oldest).toISOString()}, more than 24 hours ago`);
  }
  if (Math.max(...times) - now.getTime() > clockSkewMs) throw refused('its measurements lie in the future');
  const { runId, startedAt, finishedAt } = earlier;
  return {
    record: { runId, startedAt, finishedAt, measurements: times.length },
    lanes,
    warnings: notCompared(earlier, run),
    responses: earlier.responses,
  };
}

/** "codeSha256 was …, is …": every field that makes two runs differ. */
function differencesOf({ backend, emulation, target, costModel, options }: EarlierRun, run: NewRun): string[] {
  const { facts, recorded } = run;
  const fields: readonly (readonly [string, unknown, unknown])[] = [
    ['backend', backend, facts.emulation === undefined ? 'aws' : 'local'],
    ['emulated CPU', emulation?.cpu, emulatedCpu(facts.emulation)],
    ['target', target.functionArn, facts.functionArn],
    ['version', target.version, facts.version],
    ['codeSha256', target.codeSha256, facts.codeSha256],
    ['runtime', target.runtime, facts.runtime],
    ['timeout', target.timeoutS, facts.timeoutS],
    ['ephemeral storage', target.ephemeralStorageMb, facts.ephemeralStorageMb],
    ['architectures', options.architectures.toSorted().join(','), recorded.architectures.toSorted().join(',')],
    ['variants', variantsOf(options), variantsOf(recorded)],
    ['payloads', payloadsOf(options), payloadsOf(recorded)],
    ['payload template', options.payloadTemplate, recorded.payloadTemplate],
    ['variables of --env', options.envNames.toSorted().join(','), recorded.envNames.toSorted().join(',')],
    ['hooks', hooksOf(options), hooksOf(recorded)],
    ['answers', answersOf(options), answersOf(recorded)],
    ['price region', costModel.region, run.costModel.region],
  ];
  return fields
    .filter(([, before, today]) => before !== today)
    .map(([name, before, today]) => `${name} was ${shortly(before)}, is ${shortly(today)}`);
}

function emulatedCpu(emulation: Emulation | undefined): string | undefined {
  return emulation?.cpu;
}

/** What they change, too: a name may mean something else today. */
function variantsOf({ variants = [] }: TuningResult['options']): string {
  return variants.map(({ name, changes }) => `${name} ${JSON.stringify(changes)}`).join(', ');
}

/** A call of another payload, or after other preparations, is another measurement. */
function hooksOf({ hooks }: TuningResult['options']): string {
  return (['before', 'after', 'beforeRun', 'afterRun'] as const)
    .flatMap((key) => (hooks?.[key] === undefined ? [] : [`${key} ${hooks[key]}`]))
    .join(', ');
}

/** Writing an answer piece by piece takes another time than in one. */
function answersOf({ stream }: TuningResult['options']): string {
  return stream === undefined ? 'in one piece' : 'streamed';
}

/** Hashes: a payload may hold secrets. */
function payloadsOf({ payloads }: TuningResult['options']): string {
  return payloads
    .map(({ name, sha256, weight }) => `${name} ${sha256.slice(0, 12)} × ${weight}`)
    .toSorted()
    .join(', ');
}

function shortly(field: unknown): string {
  const text = field === undefined ? 'not known' : field === '' ? 'none' : String(field);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

/** Chains of calls are numbered in every run; log streams have names of their own. */
function broughtOver(
  measurement: Measurement,
  configuration: Configuration,
  runId: string,
  { facts, costModel }: NewRun,
): Measurement {
  const environment = /^\d+(\.\d+)?$/.test(measurement.environment)
    ? `${runId} ${measurement.environment}`
    : measurement.environment;
  if (measurement.outcome === 'unreported') return { ...measurement, environment };
  const { ephemeralStorageMb, runtime } = factsAs(facts, configuration);
  const costUsd = reportedCostUsd(measurement, {
    configuration,
    costModel,
    ephemeralStorageMb,
    runtime,
  });
  return { ...measurement, environment, costUsd };
}

function notCompared({ target, runId }: EarlierRun, { recorded, facts }: NewRun): readonly Warning[] {
  const unseen = [
    ...(recorded.envNames.length > 0 ? ['the values of --env'] : []),
    ...(target.version === '$LATEST' && facts.emulation === undefined
      ? ["the settings of $LATEST besides its code (variables, layers' versions, VPC)"]
      : []),
  ];
  if (unseen.length === 0) return [];
  const text = `Run ${runId} is continued although it is not known whether ${unseen.join(' and ')} changed since: a saved run does not hold them.`;
  return [{ code: 'continuedUnseen', text }];
}
