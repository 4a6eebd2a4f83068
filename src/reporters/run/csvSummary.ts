import { marksOf } from '../../analysis/savedRun/marks.ts';
import type { ConfigurationResult, TuningResult } from '../../model/run.ts';
import type { Distribution, Summary } from '../../model/summary.ts';
import type { Monthly } from '../../model/traffic.ts';
import { csvText } from '../wording/machines/csvText.ts';
import { basisOf } from './csv.ts';

/** One line per configuration: the table with all its digits. Costs are US$ per invocation; nothing known is empty. */
export function renderCsvSummary(result: TuningResult): string {
  const marksFor = marksOf(result);
  const hasStream = result.configurations.some(({ warm, cold }) => warm?.stream ?? cold?.stream);
  return csvText(
    {
      runId: (_row, { runId }) => runId,
      basis: (_row, run) => basisOf(run),
      architecture: (row) => row.architecture,
      memoryMb: (row) => row.memoryMb,
      status: (row) => row.status,
      marks: (row) => marksFor(row).join(' '),
      ...prefixed('warm', (row) => row.warm, hasStream),
      ...prefixed('cold', (row) => row.cold, hasStream),
      coldInitDurationMsMean: (row) => row.cold?.initDurationMs?.mean,
      coldRestoreDurationMsMean: (row) => row.cold?.restoreDurationMs?.mean,
      blendedColdShare: (row) => row.blended?.coldShare,
      blendedMsMean: (row) => row.blended?.meanMs,
      blendedMsP95: (row) => row.blended?.p95Ms,
      blendedCostUsdMean: (row) => row.blended?.costUsd.mean,
      blendedCostUsdLow: (row) => row.blended?.costUsd.low,
      blendedCostUsdHigh: (row) => row.blended?.costUsd.high,
      ...(result.traffic === undefined ? none : monthlyCells),
      projectedDurationMs: (row) => row.projected?.durationMs,
      projectedCostUsdMean: (row) => row.projected?.costUsd.mean,
      functionErrors: (row) => row.failures.functionError,
      timedOut: (row) => row.failures.timedOut,
      outOfMemory: (row) => row.failures.outOfMemory,
      unreported: (row) => row.failures.unreported,
      reason: (row) => row.reason,
      variant: (row) => row.variant?.name,
      ...(result.configurations.some(({ steady }) => steady !== undefined) ? steadyCells : none),
      coldInitDurationMsLow: (row) => row.cold?.initDurationMs?.meanInterval?.low,
      coldInitDurationMsHigh: (row) => row.cold?.initDurationMs?.meanInterval?.high,
      ...(result.configurations.some(({ cold }) => cold?.restores !== undefined) ? restoreCells : none),
    } satisfies Record<string, Cell>,
    result.configurations,
    result,
  );
}

/** The warm columns are then of the later calls. */
const steadyCells: Record<string, Cell> = {
  steadyReached: (row) => row.steady && String(row.steady.reached),
  steadyAfterCalls: (row) => row.steady?.afterCalls,
  allWarmCount: (row) => row.steady?.allWarm.count,
  allWarmDurationMsMean: (row) => row.steady?.allWarm.meanMs,
  allWarmCostUsdMean: (row) => row.steady?.allWarm.costUsdMean,
};

const restoreCells: Record<string, Cell> = {
  coldFirstRestoreMsMean: (row) => row.cold?.restores?.first?.durationMs.mean,
  coldFirstRestoreCount: (row) => row.cold?.restores?.first?.count,
  coldLaterRestoreMsMean: (row) => row.cold?.restores?.later?.durationMs.mean,
  coldLaterRestoreMsLow: (row) => row.cold?.restores?.later?.durationMs.meanInterval?.low,
  coldLaterRestoreMsHigh: (row) => row.cold?.restores?.later?.durationMs.meanInterval?.high,
  coldLaterRestoreCount: (row) => row.cold?.restores?.later?.count,
};

function monthly(prefix: string, monthlyOf: (row: ConfigurationResult) => Monthly | undefined): Record<string, Cell> {
  const lines = ['requests', 'duration', 'init', 'provisioned', 'snapStart', 'storage', 'total'] as const;
  const named = (text: string) => `${prefix}${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return {
    [named('requests')]: (row) => monthlyOf(row)?.requests,
    [named('coldShare')]: (row) => monthlyOf(row)?.coldShare.estimate,
    [named('environmentsP50')]: (row) => monthlyOf(row)?.environments.p50,
    [named('environmentsMax')]: (row) => monthlyOf(row)?.environments.max,
    ...Object.fromEntries(
      lines.map((line): [string, Cell] => [
        named(line === 'total' ? 'usd' : `${line}Usd`),
        (row) => monthlyOf(row)?.usd[line],
      ]),
    ),
    [named('logsUsd')]: (row) => monthlyOf(row)?.logsUsd,
    [named('latencyMsP50')]: (row) => monthlyOf(row)?.latencyMs.p50,
    [named('latencyMsP95')]: (row) => monthlyOf(row)?.latencyMs.p95,
    [named('latencyMsP99')]: (row) => monthlyOf(row)?.latencyMs.p99,
  };
}

const none: Record<string, Cell> = {};
const monthlyCells: Record<string, Cell> = {
  ...monthly('monthly', (row) => row.monthly),
  ...monthly('monthlyAt15Min', (row) => row.monthlyAt15Min),
};

type Cell = (row: ConfigurationResult, result: TuningResult) => string | number | null | undefined;

const durationFigures = ['mean', 'p50', 'p90', 'p95', 'p99', 'min', 'max'] as const satisfies (keyof Distribution)[];

function prefixed(
  start: 'warm' | 'cold',
  summaryOf: (row: ConfigurationResult) => Summary | undefined,
  hasStream: boolean,
): Record<string, Cell> {
  const durations = durationFigures.map((figure): [string, Cell] => [
    `${start}DurationMs${figure.charAt(0).toUpperCase()}${figure.slice(1)}`,
    (row) => summaryOf(row)?.durationMs[figure],
  ]);
  return {
    [`${start}Count`]: (row) => summaryOf(row)?.count,
    [`${start}Environments`]: (row) => summaryOf(row)?.environments,
    ...Object.fromEntries(durations),
    [`${start}BilledDurationMsMean`]: (row) => summaryOf(row)?.billedDurationMs.mean,
    ...(hasStream
      ? {
          [`${start}FirstByteMsP50`]: (row: ConfigurationResult) => summaryOf(row)?.stream?.firstByteMs?.p50,
          [`${start}TotalMsP50`]: (row: ConfigurationResult) => summaryOf(row)?.stream?.totalMs.p50,
          [`${start}StreamedBytesMean`]: (row: ConfigurationResult) => summaryOf(row)?.stream?.bytes.mean,
        }
      : none),
    [`${start}MaxMemoryUsedMb`]: (row) => summaryOf(row)?.maxMemoryUsedMb,
    [`${start}CostUsdMean`]: (row) => summaryOf(row)?.costUsd.mean,
    [`${start}CostUsdLow`]: (row) => summaryOf(row)?.costUsd.low,
    [`${start}CostUsdHigh`]: (row) => summaryOf(row)?.costUsd.high,
  };
}
