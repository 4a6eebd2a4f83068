import { type ExitCode, keptError, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { baselineSize, expectedHostCv } from '../../check/baselineSize.ts';
import type { SideSize } from '../../check/extend.ts';
import type { GateOptions } from '../../check/options.ts';
import type { CheckedFunction } from '../../model/check.ts';
import type { FunctionFacts } from '../../model/functionFacts.ts';
import type { TuningResult } from '../../model/run.ts';
import { partOfRun } from '../../model/runId.ts';
import type { RunOptions } from '../../options/options.ts';
import { renderBaseline } from '../../reporters/check/baseline.ts';
import { runReporters } from '../../reporters/registry.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { guardedByAncestors } from '../shared/ancestry.ts';
import type { Connections } from '../shared/connections.ts';
import { asRun } from '../shared/documents.ts';
import { checkExitCodeOf } from '../shared/exitCode.ts';
import { absolutePath } from '../shared/inputs.ts';
import { terminalOnlooker } from '../shared/onlooker.ts';
import { checkWritable, planOutputs, writeOutputs } from '../shared/outputs.ts';
import { fetchPayloads, loadPayloads } from '../shared/payloads.ts';
import { type AskedFunction, loadAsked } from './askedFunctions.ts';
import { baselineRecipe, sizeText } from './baselineRecipe.ts';
import { isMeasured, missingOf } from './baselineSaving.ts';
import { writeBaseline } from './checkBaseline.ts';
import type { CheckRun } from './checkFunction.ts';
import { checkOptionsOf } from './checkQuestion.ts';
import { prepareSide } from './checkSide.ts';
import type { MeasuredCheck } from './measuredCheck.ts';
import { measureFunctions } from './measureFunctions.ts';
import type { PreparedCheck } from './preparedCheck.ts';

/**
 * `tune baseline`: one size of one function (or of each function of the config file that names a baseline file) in so many
 * environments and samples that a check can decide with it. An ordinary saved run.
 */
export async function runBaseline(flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const asked = await loadAsked(flags, io, 'Example: tune baseline --function orders --report json=base.json');
  const { common } = asked;
  const onlooker = terminalOnlooker(common, io);
  const [only, ...others] = asked.functions;
  const isAsked = common.json || common.report.some((report) => /^json(=|$)/.test(report));
  if (only !== undefined && others.length === 0 && isAsked) {
    const outputs = await planOutputs(common, Object.keys(runReporters), io);
    return guardedByAncestors(io, () =>
      measureFunctions(asked, 'Baseline', prepareBaseline, io, onlooker, async ({ measured: [found] }) => {
        if (found?.run === undefined) return endOf([found], io);
        const { run } = found;
        const short = shortOf(run, only.options);
        const { reporters, ...rendered } = asRun(run);
        const said = () => renderBaseline({ function: only.options.function, run, short });
        const shown = { ...rendered, reporters: { ...reporters, table: said, quiet: said } };
        await writeOutputs(outputs, shown, io, common);
        return endOf([asBaseline(found, short)], io);
      }),
    );
  }
  const files = new Map(asked.functions.map((one) => [one, fileOf(one.options)]));
  for (const file of files.values()) await checkWritable(absolutePath(file, io), file);
  return guardedByAncestors(io, () =>
    measureFunctions(asked, 'Baseline', prepareBaseline, io, onlooker, async ({ measured }) => {
      const judged: MeasuredCheck[] = [];
      for (const [index, one] of asked.functions.entries()) {
        const found = measured[index];
        if (found === undefined) continue;
        const { run } = found;
        const file = files.get(one) ?? '';
        if (run === undefined || !run.configurations.some(isMeasured)) {
          judged.push(found);
          continue;
        }
        const short = shortOf(run, one.options);
        const baseline = asBaseline(found, short);
        // A file that checks rely on is not replaced by one that they could not decide with.
        const isWanted = baseline.checked.verdict === 'passed';
        const error = isWanted
          ? await writeBaseline(file, run, undefined, io).then(() => undefined, keptError)
          : undefined;
        judged.push(error === undefined ? baseline : { ...baseline, checked: { ...baseline.checked, error } });
        const kept = isWanted && error === undefined ? file : undefined;
        io.stdout.write(renderBaseline({ function: one.options.function, run, short, file: kept }));
      }
      return endOf(judged, io);
    }),
  );
}

/** @throws TuneError USAGE where nothing says where it is to go */
function fileOf(options: AskedFunction['options']): string {
  const [file, ...more] = options.baseline ?? [];
  if (file !== undefined && more.length === 0 && file !== '-') return file;
  throw new TuneError('USAGE', `Nothing says in which file the baseline of ${options.function} is to be saved.`, {
    hint: 'Give one function and --report json=base.json, or name one "baseline" for each function in tune.config.json.',
  });
}

/** What a check would still miss, with the command that measures it. */
function shortOf(run: TuningResult, options: AskedFunction['options']): string | undefined {
  const [row] = run.configurations;
  if (row === undefined) return undefined;
  const missing = missingOf(
    { checks: checkOptionsOf(options, row, run.emulation, run.options.payloads) },
    run,
    options.allowError,
  );
  if (missing === undefined) return undefined;
  const file = /^json=(.+)$/.exec(options.report.find((report) => report.startsWith('json=')) ?? '')?.[1];
  return `It would take ${sizeText(missing)}: ${baselineRecipe(options, file ?? options.baseline?.[0] ?? 'base.json', row, missing)}`;
}

/**
 * What is said of a baseline is whether a check can decide with it, however it was measured: on a busy machine the gate may have
 * wanted more calls than a check will need.
 */
function asBaseline(found: MeasuredCheck, short: string | undefined): MeasuredCheck {
  const { verdict } = found.checked;
  if (verdict === null || verdict === 'regressed') return found;
  const checked = { ...found.checked, undecided: undefined };
  return { ...found, checked: { ...checked, verdict: short === undefined ? 'passed' : 'inconclusive' } };
}

function endOf(measured: readonly (MeasuredCheck | undefined)[], io: Io): ExitCode {
  const found = measured.flatMap((one) => (one === undefined || one.isDryRun ? [] : [one]));
  const functions = found.map(({ checked, run }) => ({ ...checked, ...unmeasuredRow(checked, run) }));
  for (const { error } of functions) {
    if (error === undefined) continue;
    const hint = error.hint === undefined ? '' : `      ${escapeTerminal(error.hint, 1000)}\n`;
    io.stderr.write(`tune: ${escapeTerminal(error.message, 1000)}\n${hint}`);
  }
  return checkExitCodeOf(
    { leftBehind: found.flatMap((one) => one.leftBehind), functions },
    { fail: true },
    io.interrupted,
  );
}

/** Calls were made, but none is a figure: the row says why. */
function unmeasuredRow(checked: CheckedFunction, run: TuningResult | undefined): Pick<CheckedFunction, 'error'> {
  const [row] = run?.configurations ?? [];
  if (checked.error !== undefined || row === undefined || isMeasured(row)) return {};
  const message = `${checked.function} was not measured, so there is no baseline: ${row.reason ?? row.status}`;
  return { error: keptError(new TuneError('NOT_MEASURED', message)) };
}

/** Reads only. @throws TuneError for what cannot be measured */
async function prepareBaseline(
  askedFunction: AskedFunction,
  number: number,
  run: CheckRun,
  io: Io,
  connections: Connections,
): Promise<PreparedCheck> {
  const { options } = askedFunction;
  const asked = await loadPayloads(options, options.function, io);
  const current = await prepareSide(
    options.function,
    options,
    (session) => fetchPayloads(asked, session, options, io, connections),
    {
      id: partOfRun(run.id, 2 * number - 1),
      seed: run.seed,
      sized: (facts, configuration, payloads) =>
        leastOf(options, checkOptionsOf(options, configuration, facts.emulation, payloads), facts),
    },
    io,
    connections,
  );
  const { payloads } = current;
  const checks = checkOptionsOf(options, current.configuration, current.job.facts.emulation, payloads);
  const least = leastOf(options, checks, current.job.facts);
  return {
    askedFunction: { ...askedFunction, options: withoutComparison(options) },
    current,
    payloads,
    options: {
      ...checks,
      limits: { cost: checks.limits.cost },
      alone: true,
      maxSamples: least.samples,
      minEnvironments: least.environments,
      maxEnvironments: Math.max(checks.maxEnvironments, least.environments),
    },
    saving: { least, checks, evenRegressed: false },
    identical: false,
    notes: [],
  };
}

/** More than a check needs is the user's to ask for; less would be refused by every check. */
function leastOf(
  { invocations = 0, concurrency = 0 }: RunOptions,
  checks: GateOptions,
  { emulation }: FunctionFacts,
): SideSize {
  const { samples, environments } = baselineSize(
    checks,
    emulation === undefined ? expectedHostCv.aws : expectedHostCv.local,
  );
  return { samples: Math.max(samples, invocations), environments: Math.max(environments, concurrency) };
}

/** What it is compared with later has no part in this run. */
function withoutComparison(options: AskedFunction['options']): AskedFunction['options'] {
  return { ...options, against: undefined, updateBaseline: false };
}
