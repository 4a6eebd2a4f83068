import pLimit from 'p-limit';
import { mostCallsOf } from '../domain/check/options.ts';
import type { CheckedFunction, CheckResult } from '../domain/check/result.ts';
import { checkSchemaVersion } from '../domain/check/result.ts';
import { worstVerdict } from '../domain/check/verdict.ts';
import { estimateOf, worstCaseUsd } from '../domain/estimate.ts';
import { ExitCode, TuneError } from '../errors.ts';
import { canColor } from '../host/terminal.ts';
import type { Io } from '../io.ts';
import { longestRunOfParts } from '../lambda/names.ts';
import { type CheckPlan, renderCheckPlan } from '../reporters/check/plan.ts';
import { checkReporters } from '../reporters/registry.ts';
import { toolVersion } from '../version.ts';
import { guardedByAncestors } from './ancestry.ts';
import { type Fleet, loadFleet } from './checkFleet.ts';
import {
  type CheckRun,
  failedCheck,
  type MeasuredCheck,
  measureCheck,
  type PreparedCheck,
  prepareCheck,
} from './checkFunction.ts';
import { openConnections } from './connections.ts';
import { askConsent } from './consent.ts';
import { asCheck } from './documents.ts';
import { checkExitCodeOf } from './exitCode.ts';
import { newRunId } from './job.ts';
import { openProgress } from './openProgress.ts';
import { planOutputs, writeOutputs } from './outputs.ts';

/** Functions that are measured at the same time; each has lanes of its own besides. */
const sideBySideMost = 2;

/** `tune check`: fleet → read all → plan, consent → measure until decided → one table, one exit code. */
export async function runCheckCommand(flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const fleet = await loadFleet(flags, io);
  const { common } = fleet;
  const outputs = await planOutputs(common, Object.keys(checkReporters), io);
  const sideBySide = Math.min(sideBySideMost, fleet.functions.length);
  const run: CheckRun = {
    id: runIdOf(common.runId, io),
    seed: Math.floor(io.random() * 2 ** 31),
    sideBySide,
    ...(common.maxSpendUsd === undefined ? {} : { maxSpendUsd: common.maxSpendUsd / fleet.functions.length }),
  };
  return guardedByAncestors(io, async () => {
    const startedAt = io.now();
    const connections = openConnections(io);
    const progress = openProgress('describe', common, io);
    try {
      const limit = pLimit(sideBySide);
      const prepared = await Promise.all(
        fleet.functions.map((one, index) =>
          limit(() =>
            prepareCheck(one, index + 1, run, io, connections).catch((error: unknown) => failed(one, error, fleet)),
          ),
        ),
      );
      progress.stop();
      const ready = prepared.filter(isReady);
      const plan = planOf(ready, run);
      if (!common.quiet && ready.length > 0) {
        io.stderr.write(renderCheckPlan(plan, { columns: io.stderr.columns, color: canColor(io.stderr, common, io) }));
      }
      const inAccount = ready.some(({ current }) => current.session.path === undefined);
      if (inAccount && !common.dryRun) await askConsent(common, plan, io);
      io.onHardExit(inAccount ? `To remove what this run may have left: tune cleanup --run ${run.id}` : undefined);
      const measuring = openProgress('reference', common, io, (view) => renderCheckPlan(plan, view));
      measuring.planned({ calls: plan.expectedCalls, isFixed: false, estimateUsd: plan.expectedUsd });
      const measured = await Promise.all(
        prepared.map((one) =>
          limit(async (): Promise<MeasuredCheck> => {
            if (!isReady(one)) return one;
            if (common.dryRun) return { checked: failedCheck(one.fleetFunction, dryRunError()), leftBehind: [] };
            return measureCheck(one, run, io, measuring.onEvent);
          }),
        ),
      );
      measuring.stop();
      const result = resultOf(fleet, run, measured, {
        startedAt,
        finishedAt: io.now(),
        isLocal: ready.length > 0 && !inAccount,
      });
      await writeOutputs(outputs, asCheck(result), io, common);
      return common.dryRun ? ExitCode.ok : checkExitCodeOf(result, common, io.interrupted);
    } finally {
      io.onHardExit(undefined);
      progress.stop();
      await connections.close();
    }
  });
}

function runIdOf(given: string | undefined, io: Io): string {
  const id = given ?? newRunId(io.randomUuid());
  if (id.length <= longestRunOfParts) return id;
  throw new TuneError('USAGE', `--run-id ${id} is too long for a check, whose sides have runs of their own.`, {
    hint: `Give at most ${longestRunOfParts} characters.`,
  });
}

/** In a fleet one function that cannot be read is a row; alone it is the command's error. */
function failed(one: Fleet['functions'][number], error: unknown, fleet: Fleet): MeasuredCheck {
  if (fleet.functions.length === 1) throw error;
  return { checked: failedCheck(one, error), leftBehind: [] };
}

function isReady(one: PreparedCheck | MeasuredCheck): one is PreparedCheck {
  return 'current' in one;
}

function dryRunError(): TuneError {
  return new TuneError('NOT_MEASURED', 'dry run: nothing was created and nothing measured');
}

/** Samples a side that a check of ordinary code takes; see `npm run bench:check`. */
const usualSamples = 45;

function planOf(ready: readonly PreparedCheck[], run: CheckRun): CheckPlan {
  const sides = ready.flatMap(({ current, against, options }) =>
    [current, ...(against === undefined ? [] : [against])].map(({ name, job, configuration }) => {
      const size = {
        configurations: [configuration],
        environmentsPerConfiguration: options.minEnvironments,
        warmInvocations: Math.min(usualSamples, options.maxSamples),
        maxInFlight: job.plan.maxInFlight,
      };
      const estimate = estimateOf(size, job.facts, job.costModel);
      return {
        name,
        configuration,
        isLocal: job.path !== undefined,
        region: job.facts.region,
        notices: [...job.facts.notices, ...job.plan.warnings],
        calls: estimate.invocations,
        expectedUsd: estimate.expectedUsd,
        worstCaseUsd: mostCallsOf(options) * worstCaseUsd(configuration, job.facts, job.costModel),
      };
    }),
  );
  const sum = (of: (side: (typeof sides)[number]) => number) => sides.reduce((total, side) => total + of(side), 0);
  return {
    runId: run.id,
    sides,
    expectedCalls: sum(({ calls }) => calls),
    expectedUsd: sum((side) => side.expectedUsd),
    worstCaseUsd: sum((side) => side.worstCaseUsd),
    ...(run.maxSpendUsd === undefined ? {} : { maxSpendUsd: run.maxSpendUsd * ready.length }),
  };
}

function resultOf(
  { functions, configFile }: Fleet,
  run: CheckRun,
  measured: readonly MeasuredCheck[],
  {
    startedAt,
    finishedAt,
    isLocal,
  }: { readonly startedAt: Date; readonly finishedAt: Date; readonly isLocal: boolean },
): CheckResult {
  const checked: readonly CheckedFunction[] = measured.map((one) => one.checked);
  return {
    schemaVersion: checkSchemaVersion,
    tool: { name: 'lambda-tune', version: toolVersion },
    runId: run.id,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    backend: isLocal ? 'local' : 'aws',
    verdict: worstVerdict(checked.map(({ verdict }) => verdict ?? 'inconclusive')),
    ...(configFile !== undefined && functions.some(({ configLine }) => configLine !== undefined) ? { configFile } : {}),
    functions: [...checked],
    leftBehind: measured.flatMap(({ leftBehind }) => leftBehind),
  };
}
