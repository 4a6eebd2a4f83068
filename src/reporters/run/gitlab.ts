import type { ConfigurationResult, TuningResult } from '../../model/run.ts';
import { type MetricSample, openMetricsText } from '../wording/machines/openMetrics.ts';

/**
 * OpenMetrics text for GitLab's `artifacts:reports:metrics`, which shows in a merge request what differs from the target
 * branch. It pairs samples by name and labels, so nothing that changes from run to run is a label.
 */
export function renderGitlab(result: TuningResult): string {
  const measured = result.configurations.filter((row) => row.status === 'measured');
  return openMetricsText(
    Object.entries(metrics).map(([name, { help, valuesOf }]) => ({
      name,
      help,
      samples: measured.flatMap((row) =>
        valuesOf(row).map(({ labels, value }) => ({ labels: { ...labelsOf(result, row), ...labels }, value })),
      ),
    })),
  );
}

interface Metric {
  readonly help: string;
  readonly valuesOf: (row: ConfigurationResult) => readonly MetricSample[];
}

const starts = ['warm', 'cold'] as const;

const metrics = {
  tune_cost_usd_per_million: {
    help: 'Mean cost of a million invocations in US dollars.',
    valuesOf: (row) => [
      ...starts.flatMap((start) => sampled({ start }, row[start] && row[start].costUsd.mean * 1e6)),
      ...sampled({ start: 'allWarm' }, row.steady && row.steady.allWarm.costUsdMean * 1e6),
      ...sampled({ start: 'mixture' }, row.blended && row.blended.costUsd.mean * 1e6),
    ],
  },
  tune_duration_milliseconds: {
    help: 'Duration of invocations.',
    valuesOf: (row) => [
      ...starts.flatMap((start) =>
        (['mean', 'p50', 'p95', 'p99'] as const).flatMap((figure) =>
          sampled({ start, figure }, row[start]?.durationMs[figure]),
        ),
      ),
      ...sampled({ start: 'allWarm', figure: 'mean' }, row.steady?.allWarm.meanMs),
    ],
  },
  tune_init_duration_milliseconds: {
    help: 'Mean init duration of cold starts.',
    valuesOf: (row) => sampled({}, row.cold?.initDurationMs?.mean),
  },
  tune_max_memory_used_megabytes: {
    help: 'Most memory used.',
    valuesOf: (row) => sampled({}, row.warm?.maxMemoryUsedMb ?? row.cold?.maxMemoryUsedMb),
  },
} as const satisfies Record<string, Metric>;

function sampled(labels: Readonly<Record<string, string>>, value: number | null | undefined): readonly MetricSample[] {
  return value === undefined || value === null ? [] : [{ labels, value }];
}

/** Nothing that changes from run to run: see above. */
function labelsOf(result: TuningResult, row: ConfigurationResult): Readonly<Record<string, string>> {
  const labels = {
    function: result.target.path ?? result.target.functionName,
    architecture: row.architecture,
    memory_mb: String(row.memoryMb),
  };
  return row.variant === undefined ? labels : { ...labels, variant: row.variant.name };
}
