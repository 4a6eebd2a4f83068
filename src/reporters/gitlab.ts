import type { ConfigurationResult, TuningResult } from '../domain/result.ts';
import { escapeTerminal } from './escape.ts';
import { formatPlainNumber } from './format.ts';

/**
 * OpenMetrics text for GitLab's `artifacts:reports:metrics`, which shows in a merge request what differs from the target
 * branch. It pairs samples by name and labels, so nothing that changes from run to run is a label.
 */
export function renderGitlab(result: TuningResult): string {
  const families = Object.entries(metrics).flatMap(([name, { help, valuesOf }]) => {
    const samples = result.configurations.flatMap((row) =>
      row.status === 'measured' ? valuesOf(row).map((sample) => sampleLine(name, row, sample, result)) : [],
    );
    return samples.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples];
  });
  return `${[...families, '# EOF'].join('\n')}\n`;
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Metric {
  readonly help: string;
  readonly valuesOf: (row: ConfigurationResult) => readonly Sample[];
}

const starts = ['warm', 'cold'] as const;

const metrics = {
  tune_cost_usd_per_million: {
    help: 'Mean cost of a million invocations in US dollars.',
    valuesOf: (row) => starts.flatMap((start) => sampled({ start }, row[start] && row[start].costUsd.mean * 1e6)),
  },
  tune_duration_milliseconds: {
    help: 'Duration of invocations.',
    valuesOf: (row) =>
      starts.flatMap((start) =>
        (['mean', 'p50', 'p95', 'p99'] as const).flatMap((figure) =>
          sampled({ start, figure }, row[start]?.durationMs[figure]),
        ),
      ),
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

function sampled(labels: Readonly<Record<string, string>>, value: number | null | undefined): readonly Sample[] {
  return value === undefined || value === null ? [] : [{ labels, value }];
}

function sampleLine(name: string, row: ConfigurationResult, { labels, value }: Sample, result: TuningResult): string {
  const all = {
    function: result.target.path ?? result.target.functionName,
    architecture: row.architecture,
    memory_mb: String(row.memoryMb),
    ...labels,
  };
  const text = Object.entries(all)
    .map(([label, said]) => `${label}="${labelValue(said)}"`)
    .join(',');
  return `${name}{${text}} ${formatPlainNumber(value)}`;
}

/** Backslash, quote and line feed are escaped in label values (OpenMetrics 1.0, "Label"); line feeds are gone already. */
function labelValue(text: string): string {
  return escapeTerminal(text, 200).replace(/[\\"]/g, '\\$&');
}
