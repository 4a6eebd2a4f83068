import type { Measurement } from '../../model/measurement.ts';
import type { ConfigurationResult, TuningResult } from '../../model/run.ts';
import { csvText } from '../wording/machines/csvText.ts';

/** One line per measurement, failed ones too; what is not known is empty. Costs are US$ per invocation. */
export function renderCsv(result: TuningResult): string {
  const rows = result.configurations.flatMap((row) => row.measurements.map((measurement) => ({ row, measurement })));
  const isSteadied = result.configurations.some(({ steady }) => steady !== undefined);
  const isStreamed = result.options.stream !== undefined;
  const all = { ...columns, ...(isSteadied ? steadyColumns : none), ...(isStreamed ? streamColumns : none) };
  return csvText(all, rows, result);
}

interface Line {
  readonly row: ConfigurationResult;
  readonly measurement: Measurement;
}

const columns = {
  runId: (_line: Line, result: TuningResult) => result.runId,
  basis: (_line: Line, result: TuningResult) => basisOf(result),
  architecture: ({ row }: Line) => row.architecture,
  memoryMb: ({ row }: Line) => row.memoryMb,
  configurationStatus: ({ row }: Line) => row.status,
  requestId: ({ measurement }: Line) => measurement.requestId,
  startedAt: ({ measurement }: Line) => measurement.startedAt,
  environment: ({ measurement }: Line) => measurement.environment,
  payload: ({ measurement }: Line) => measurement.payload,
  start: ({ measurement }: Line) => measurement.start,
  outcome: ({ measurement }: Line) => measurement.outcome,
  durationMs: ({ measurement }: Line) => reportedOf(measurement)?.durationMs,
  billedDurationMs: ({ measurement }: Line) => reportedOf(measurement)?.billedDurationMs,
  initDurationMs: ({ measurement }: Line) => reportedOf(measurement)?.initDurationMs,
  restoreDurationMs: ({ measurement }: Line) => reportedOf(measurement)?.restoreDurationMs,
  maxMemoryUsedMb: ({ measurement }: Line) => reportedOf(measurement)?.maxMemoryUsedMb,
  costUsd: ({ measurement }: Line) => reportedOf(measurement)?.costUsd,
  errorType: ({ measurement }: Line) => (measurement.outcome === 'succeeded' ? undefined : measurement.errorType),
  errorMessage: ({ measurement }: Line) => (measurement.outcome === 'succeeded' ? undefined : measurement.errorMessage),
  reason: ({ measurement }: Line) => (measurement.outcome === 'unreported' ? measurement.reason : undefined),
  variant: ({ row }: Line) => row.variant?.name,
};

const none = {};

/** Of runs whose answers were streamed. */
const streamColumns = {
  firstByteMs: ({ measurement }: Line) => reportedOf(measurement)?.stream?.firstByteMs,
  totalMs: ({ measurement }: Line) => reportedOf(measurement)?.stream?.totalMs,
  streamedBytes: ({ measurement }: Line) => reportedOf(measurement)?.stream?.bytes,
};

/** So many first warm calls of each environment are not judged. */
const steadyColumns = { steadyAfterCalls: ({ row }: Line) => row.steady?.afterCalls };

function reportedOf(measurement: Measurement) {
  return measurement.outcome === 'unreported' ? undefined : measurement;
}

/** Where the durations come from: `aws`, `local`, or `local-modelled` when they were computed from CPU time. */
export function basisOf(result: TuningResult): string {
  if (result.backend === 'aws') return 'aws';
  return result.emulation?.cpu === 'modelled' ? 'local-modelled' : 'local';
}
