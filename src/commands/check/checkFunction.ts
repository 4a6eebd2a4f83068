import { isSameTarget } from '../../aws/target/sameTarget.ts';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { baselineOf } from '../../check/baseline.ts';
import type { SideSize } from '../../check/extend.ts';
import { limitsOf } from '../../check/limits.ts';
import { assumedRunCv, type CheckOptions, checkDefaults } from '../../check/options.ts';
import { type CheckEnd, type CheckJob, type CheckSide, runCheck } from '../../measure/check.ts';
import type { CheckedFunction } from '../../model/check.ts';
import { type Configuration, nameOf, sameConfiguration } from '../../model/configuration.ts';
import type { RunEvent } from '../../model/events.ts';
import type { Payload, Warning } from '../../model/measurement.ts';
import type { TuningResult } from '../../model/run.ts';
import { partOfRun } from '../../model/runId.ts';
import type { RunOptions } from '../../options/options.ts';
import type { Connections } from '../shared/connections.ts';
import { loadPayloads } from '../shared/inputs.ts';
import type { Onlooker } from '../shared/onlooker.ts';
import { type OpenRun, openRun } from '../shared/run.ts';
import { baselineRecipe, sizeText } from './baselineRecipe.ts';
import { completing, isMeasured, missingOf, requireDecidable, savingOf } from './baselineSaving.ts';
import { readBaselines, writeBaseline } from './checkBaseline.ts';
import { concludeCheck } from './checkConclude.ts';
import type { FleetFunction } from './checkFleet.ts';
import { type PreparedSide, prepareSide } from './checkSide.ts';
import { errorOf, type PreparedCheck } from './preparedCheck.ts';

export interface CheckRun {
  readonly id: string;
  readonly seed: number;
  /** Functions that are measured side by side share what may be in flight. */
  readonly sideBySide: number;
}

/** Reads only. @throws TuneError for what cannot be compared or measured */
export async function prepareCheck(
  fleetFunction: FleetFunction,
  number: number,
  run: CheckRun,
  io: Io,
  connections: Connections,
): Promise<PreparedCheck> {
  const { options } = fleetFunction;
  requireComparison(options);
  const saved = options.baseline === undefined ? undefined : await readBaselines(options, io);
  const payloads = await loadPayloads(options, io);
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
    payloads,
    sideRun(0),
    io,
    connections,
  );
  const against =
    options.against === undefined
      ? undefined
      : await prepareSide(options.against, againstOptions(options), payloads, sideRun(1), io, connections);
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
  const checks: CheckOptions = {
    ...checkOptionsOf(options, current.configuration, hasStrata ? payloads : []),
    ...(saved === undefined || baseline === undefined
      ? {}
      : { fixedBaseline: { runCv: assumedRunCv, runs: saved.length } }),
  };
  if (saved !== undefined && baseline !== undefined) requireDecidable(saved, baseline, checks, current, options);
  const saving = options.updateBaseline ? savingOf(checks, current, options) : undefined;
  const isAlone = against === undefined && baseline === undefined;
  const identical =
    against === undefined ? baseline?.isSameCode === true : isSameSide(current, against) && !hasOtherImage(options);
  return {
    fleetFunction,
    current,
    ...(against === undefined ? {} : { against }),
    ...(baseline === undefined ? {} : { baseline }),
    payloads,
    options: {
      ...checks,
      ...(isAlone ? { alone: true } : {}),
      // The first run makes the baseline: all that it needs is opened from the start.
      ...(isAlone && saving !== undefined ? { minEnvironments: saving.least.environments } : {}),
    },
    ...(saving === undefined ? {} : { saving }),
    identical,
    notes: [
      ...(identical ? [against === undefined ? sameAsRecorded : sameBothSides] : []),
      ...(baseline?.notes ?? []),
      ...settingNotes(current, against),
      ...(saved === undefined ? [] : [betweenRuns]),
    ],
  };
}

/** What the options say, without what a side is compared with. */
export function checkOptionsOf(
  options: RunOptions,
  { memoryMb }: Configuration,
  payloads: readonly Pick<Payload, 'name' | 'weight'>[],
): CheckOptions {
  return {
    ...checkDefaults,
    limits: limitsOf(options),
    strict: options.strict,
    memoryMb,
    maxSamples: options.maxInvocations,
    payloads: payloads.map(({ name, weight }) => ({ name, weight })),
    ...(options.coldShare === undefined ? {} : { coldShare: options.coldShare }),
  };
}

const sameBothSides =
  'Both sides are the same code (equal hash) with the same settings: what differs between them is hosts and chance, not the function.';
const sameAsRecorded =
  'The code is that of the baseline (equal hash), and so are the settings that it records: what differs is the hour, hosts and chance, or values of the environment, which no file holds.';

function isSameSide(one: PreparedSide, other: PreparedSide): boolean {
  return (
    sameConfiguration(one.configuration, other.configuration) && isSameTarget(one.session.source, other.session.source)
  );
}

/** It is given for the current side alone. */
function hasOtherImage({ x86Image, arm64Image }: RunOptions): boolean {
  return x86Image !== undefined || arm64Image !== undefined;
}

const betweenRuns = `A saved baseline was measured at another time: runs are assumed to differ by ${assumedRunCv * 100} % though nothing changed, and the intervals hold that. --against measures both sides in the same minutes.`;

function requireComparison({
  against,
  baseline,
  maxCostUsdPerMillion,
  maxP95Ms,
  maxInitMs,
  minMemoryHeadroom,
}: RunOptions): void {
  if (against !== undefined && baseline !== undefined) {
    throw new TuneError('USAGE', '--against and --baseline cannot be given together.', {
      hint: '--against measures a second function side by side and decides better; --baseline compares with a saved run.',
    });
  }
  const budgets = [maxCostUsdPerMillion, maxP95Ms, maxInitMs, minMemoryHeadroom];
  if (against !== undefined || baseline !== undefined || budgets.some((budget) => budget !== undefined)) return;
  throw new TuneError('USAGE', 'There is nothing to compare with.', {
    hint: 'Give --against orders:live (best), --baseline base.json (made by tune baseline --report json=base.json), or a budget such as --max-p95-ms 250.',
  });
}

/** A path has no memory size of its own: the one of the baseline is meant. */
function withBaselineSize(options: RunOptions, run: TuningResult | undefined): RunOptions {
  if (options.memory !== undefined || run?.target.path === undefined) return options;
  return { ...options, memory: String(run.target.memoryMb) };
}

/** Another build is given for the current side alone. */
function againstOptions({ x86Image: _x86, arm64Image: _arm64, ...options }: RunOptions): RunOptions {
  return options;
}

function settingNotes(current: PreparedSide, against: PreparedSide | undefined): readonly string[] {
  if (against === undefined) return [];
  const [one, other] = [current.configuration, against.configuration];
  if (sameConfiguration(one, other)) return [];
  return [`Each side is measured at its own setting: ${nameOf(one)} now, ${nameOf(other)} before.`];
}

export interface MeasuredCheck {
  readonly checked: CheckedFunction;
  readonly leftBehind: CheckEnd['leftBehind'];
  /** What was measured of the current side, as a saved run. */
  readonly run?: TuningResult;
  /** It could have been measured. */
  readonly isDryRun?: true;
}

/** Measures until the gate decides, removes everything, and updates the baseline where that is asked for. Never throws. */
export async function measureCheck(
  prepared: PreparedCheck,
  run: CheckRun,
  maxSpendUsd: number | undefined,
  io: Io,
  { onEvent, failed }: Pick<Onlooker, 'failed'> & { readonly onEvent: (event: RunEvent) => void },
): Promise<MeasuredCheck> {
  const { current, against, baseline, fleetFunction, saving } = prepared;
  const { options } = fleetFunction;
  const runs: OpenRun[] = [];
  const warnings: Warning[] = [];
  const open = async (side: PreparedSide): Promise<CheckSide> => {
    const opened = await openRun(side.job, side.session, side.options, io, onEvent);
    runs.push(opened);
    return {
      name: side.name,
      facts: side.session.facts,
      ...(side.session.path === undefined ? {} : { path: side.session.path }),
      configuration: side.configuration,
      platform: opened.platform,
    };
  };
  try {
    const currentSide = await open(current);
    const againstSide = against === undefined ? undefined : await open(against);
    const job: CheckJob = {
      current: currentSide,
      baseline: againstSide ?? { measurements: baseline?.measurements ?? [] },
      costModel: current.job.costModel,
      options: prepared.options,
      maxInFlight: Math.max(1, Math.floor(current.job.plan.maxInFlight / run.sideBySide)),
      ...(maxSpendUsd === undefined ? {} : { maxSpendUsd }),
      payloads: prepared.payloads,
      payloadTemplate: options.payloadTemplate,
      allowedErrors: options.allowError,
      ...(saving === undefined ? {} : { completeTo: completing(saving, options.allowError) }),
    };
    const end = await runCheck(job, {
      now: io.now,
      monotonicMs: io.monotonicMs,
      random: io.random,
      uuid: io.randomUuid,
      sleep: io.sleep,
      interrupted: io.interrupted,
      onEvent: (event) => onEvent('configuration' in event ? { ...event, functionName: current.name } : event),
    });
    warnings.push(...runs.flatMap((opened) => opened.warnings()), ...current.session.hostNotices());
    const late =
      current.session.path === undefined && !io.interrupted.aborted
        ? await Promise.all(runs.map((opened) => opened.lastLook()))
        : [];
    const leftBehind = [...end.leftBehind, ...late.flat()];
    // The document of a check holds no words of the function's log; whoever watches sees them.
    if (end.failure instanceof TuneError && end.failure.lastLog.length > 0) failed(end.failure);
    const concluded = concludeCheck(prepared, end, warnings, io.interrupted.aborted);
    const missing = saving === undefined ? undefined : missingOf(saving, concluded.run, options.allowError);
    const checked = await updated(concluded.checked, concluded.run, missing, options, io);
    return { checked, leftBehind, run: concluded.run };
  } catch (error) {
    return { checked: failedCheck(fleetFunction, error), leftBehind: [] };
  } finally {
    for (const opened of runs) opened.close();
  }
}

/** The new run becomes the baseline after a pass, or with a reason; what went wrong with it is the function's error. */
async function updated(
  checked: CheckedFunction,
  newRun: TuningResult,
  missing: SideSize | undefined,
  { updateBaseline, acceptRegression, baseline: [file] = [] }: RunOptions,
  io: Io,
): Promise<CheckedFunction> {
  if (!updateBaseline || file === undefined || checked.verdict === null) return checked;
  if (checked.verdict !== 'passed' && acceptRegression === undefined) {
    const note = `The baseline ${file} was not updated: that needs a pass, or --accept-regression "<reason>".`;
    return { ...checked, notes: [...checked.notes, note] };
  }
  if (!newRun.configurations.some(isMeasured)) {
    return { ...checked, notes: [...checked.notes, `The baseline ${file} was not updated: no call succeeded.`] };
  }
  if (missing !== undefined) {
    const note = `The baseline ${file} was not updated: no check could decide with what was measured; it would take ${sizeText(missing)}.`;
    return { ...checked, notes: [...checked.notes, note] };
  }
  const reason = checked.verdict === 'passed' ? undefined : acceptRegression;
  try {
    await writeBaseline(file, newRun, reason, io);
  } catch (error) {
    return { ...checked, error: errorOf(error) };
  }
  return {
    ...checked,
    notes: [...checked.notes, `The baseline ${file} was updated.`],
    ...(reason === undefined ? {} : { acceptedRegression: reason }),
  };
}

/** A function that could not be measured; the others go on. */
export function failedCheck({ options, configLine }: FleetFunction, error: unknown): CheckedFunction {
  const { against, baseline } = options;
  return {
    function: options.function,
    runId: '',
    verdict: null,
    comparison: against !== undefined ? 'against' : baseline !== undefined ? 'baseline' : 'none',
    comparedWith: against !== undefined ? [against] : [...(baseline ?? [])],
    metrics: [],
    samples: { baseline: 0, current: 0 },
    environments: { baseline: 0, current: 0 },
    spend: { invocations: 0, actualUsd: 0 },
    notes: [],
    warnings: [],
    error: errorOf(error),
    ...(configLine === undefined ? {} : { configLine }),
  };
}
