import type { CheckedFunction, CheckResult } from '../../model/check.ts';
import { csvText } from '../wording/machines/csvText.ts';
import { verdictOf } from './wording.ts';

interface Row {
  readonly checked: CheckedFunction;
  readonly metric?: CheckedFunction['metrics'][number];
}

/** One line per function and metric; a function without figures has one of its own. */
export function renderCheckCsv(result: CheckResult): string {
  const rows = result.functions.flatMap((checked): Row[] =>
    checked.metrics.length === 0 ? [{ checked }] : checked.metrics.map((metric) => ({ checked, metric })),
  );
  return csvText(columns, rows, result);
}

const columns = {
  run_id: (_row: Row, { runId }: CheckResult) => runId,
  function: ({ checked }: Row) => checked.function,
  function_verdict: ({ checked }: Row) => verdictOf(checked),
  compared_with: ({ checked }: Row) => checked.comparedWith.join(' '),
  memory_mb: ({ checked }: Row) => checked.memoryMb,
  architecture: ({ checked }: Row) => checked.architecture,
  metric: ({ metric }: Row) => metric?.name,
  kind: ({ metric }: Row) => metric?.kind,
  limit: ({ metric }: Row) => metric?.limit,
  baseline: ({ metric }: Row) => metric?.baseline,
  current: ({ metric }: Row) => metric?.current,
  ratio: ({ metric }: Row) => metric?.ratio?.estimate,
  ratio_low: ({ metric }: Row) => metric?.ratio?.low,
  ratio_high: ({ metric }: Row) => metric?.ratio?.high,
  verdict: ({ metric }: Row) => metric?.verdict,
  warned: ({ metric }: Row) => (metric === undefined ? undefined : String(metric.warned)),
  samples: ({ checked }: Row) => checked.samples.current,
  environments: ({ checked }: Row) => checked.environments.current,
  error: ({ checked }: Row) => checked.error?.message,
} as const;
