import { isSameTarget } from '../../aws/target/sameTarget.ts';
import type { Io } from '../../base/io.ts';
import { baselineOf } from '../../check/baseline.ts';
import { checkDefaults, type GateOptions, timesWithFile } from '../../check/options.ts';
import { betweenRuns, runBeliefOf } from '../../check/runs.ts';
import { parsePointer } from '../../migrate/responses/jsonPointer.ts';
import { sameConfiguration } from '../../model/configuration.ts';
import { compilesInUse } from '../../model/lambda/runtimes.ts';
import type { TuningResult } from '../../model/run.ts';
import { partOfRun } from '../../model/runId.ts';
import type { RunOptions } from '../../options/options.ts';
import type { Connections } from '../shared/connections.ts';
import { fetchPayloads, loadPayloads } from '../shared/payloads.ts';
import type { Session } from '../shared/session.ts';
import { loadTraffic } from '../shared/traffic.ts';
import type { AskedFunction } from './askedFunctions.ts';
import { baselineRecipe } from './baselineRecipe.ts';
import { requireDecidable, savingOf } from './baselineSaving.ts';
import { readBaselines } from './checkBaseline.ts';
import { comparisonNotes } from './checkNotes.ts';
import { checkOptionsOf, requireComparison } from './checkQuestion.ts';
import { type PreparedSide, prepareSide, type SideRun } from './checkSide.ts';
import { variantAgainst } from './checkVariant.ts';
import { incompatibleCheck, type MeasuredCheck } from './measuredCheck.ts';
import type { PreparedCheck } from './preparedCheck.ts';

export interface CheckRun {
  readonly id: string;
  readonly seed: number;
  /** Of the whole check, its other parts (`--shard`) included. */
  readonly functions: number;
}

/** Reads only. @throws TuneError for what cannot be compared or measured */
export async function prepareCheck(
  askedFunction: AskedFunction,
  number: number,
  run: CheckRun,
  io: Io,
  connections: Connections,
): Promise<PreparedCheck | MeasuredCheck> {
  const { options } = askedFunction;
  requireComparison(options);
  options.ignore.forEach(parsePointer);
  const saved = options.baseline === undefined ? undefined : await readBaselines(options, io);
  const asked = await loadPayloads(options, options.function, io);
  const traffic = await loadTraffic(options, io);
  const sideRun = (offset: number) => ({
    id: partOfRun(run.id, 2 * number - 1 + offset),
    seed: run.seed,
    sized: () => ({
      samples: options.maxInvocations,
      environments: checkDefaults.minEnvironments,
    }),
  });
  const current = await prepareSide(
    options.function,
    withBaselineSize(options, saved?.[0]?.run),
    (session) => fetchPayloads(asked, session, options, io, connections),
    sideRun(0),
    io,
    connections,
  );
  const { payloads } = current;
  const against = await otherSide(options, current, sideRun(1), io, connections);
  if (against?.preflight?.verdict === 'incompatible') return incompatibleCheck(askedFunction, against);
  const baseline =
    saved === undefined
      ? undefined
      : baselineOf(
          saved,
          {
            ...current.job,
            configuration: current.configuration,
            recipe: (file) => baselineRecipe(options, file, current.configuration),
          },
          options.allowDifferent,
        );
  const hasStrata = baseline?.hasSamePayloads !== false;
  const { emulation } = current.job.facts;
  const plain = checkOptionsOf(options, current.configuration, emulation, hasStrata ? payloads : []);
  const belief = runBeliefOf(current.configuration.architecture, emulation);
  const fixedBaseline = baseline && betweenRuns(baseline.runs, belief, plain, options.allowError);
  const checks: GateOptions = { ...plain, fixedBaseline };
  if (saved !== undefined && baseline !== undefined) requireDecidable(saved, baseline, checks, current, options);
  const saving = options.updateBaseline ? savingOf(checks, current, options) : undefined;
  const isAlone = against === undefined && baseline === undefined;
  const identical =
    against === undefined ? baseline?.isSameCode === true : isSameSide(current, against) && !hasOtherImage(options);
  return {
    askedFunction,
    current,
    against,
    baseline,
    payloads,
    traffic,
    options: {
      ...checks,
      maxSamples: fixedBaseline === undefined ? checks.maxSamples : timesWithFile * checks.maxSamples,
      compilesInUse: compilesInUse(current.job.facts.runtime),
      functions: run.functions,
      // A file holds no values of the environment and was made at another hour: what it was made of is not known to be the same.
      sameCode: identical && against !== undefined,
      alone: isAlone,
      // The first run makes the baseline: all that it needs is opened from the start.
      minEnvironments: isAlone && saving !== undefined ? saving.least.environments : checks.minEnvironments,
    },
    saving,
    identical,
    notes: comparisonNotes({ current, against, baseline, identical, fixedBaseline }),
  };
}

/** `--against-variant`: the function itself, otherwise; `--against`: another one, or another version of it. */
async function otherSide(
  options: AskedFunction['options'],
  { configuration, payloads }: PreparedSide,
  run: SideRun,
  io: Io,
  connections: Connections,
): Promise<PreparedSide | undefined> {
  const { against, againstVariant } = options;
  const samePayloads = async () => payloads;
  if (againstVariant !== undefined) {
    const ofItsSize = { ...options, memory: String(configuration.memoryMb) };
    const variantOf = (session: Session) => variantAgainst(againstVariant, session, options, io);
    return prepareSide(options.function, ofItsSize, samePayloads, run, io, connections, variantOf);
  }
  if (against === undefined) return undefined;
  return prepareSide(against, againstOptions(options), samePayloads, run, io, connections);
}

function isSameSide(one: PreparedSide, other: PreparedSide): boolean {
  return (
    other.variant === undefined &&
    sameConfiguration(one.configuration, other.configuration) &&
    isSameTarget(one.session.source, other.session.source)
  );
}

/** It is given for the current side alone. */
function hasOtherImage({ x86Image, arm64Image }: RunOptions): boolean {
  return x86Image !== undefined || arm64Image !== undefined;
}

/** A path has no memory size of its own, unless a template has: the one of the baseline is meant. */
function withBaselineSize(options: RunOptions, run: TuningResult | undefined): RunOptions {
  if (options.memory !== undefined || run?.target.path === undefined || run.target.template !== undefined)
    return options;
  return { ...options, memory: String(run.target.memoryMb) };
}

/** Another build is given for the current side alone. */
function againstOptions({ x86Image: _x86, arm64Image: _arm64, ...options }: RunOptions): RunOptions {
  return options;
}
