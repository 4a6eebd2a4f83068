import type { CheckedFunction, CheckResult } from '../../model/check.ts';
import { openMetricsText } from '../wording/machines/openMetrics.ts';

/** OpenMetrics text for GitLab's `artifacts:reports:metrics`: the current figures, which GitLab compares with the target branch's. */
export function renderCheckGitlab(result: CheckResult): string {
  const figures = {
    tune_check_current: {
      help: 'Current figure: US dollars per million invocations, milliseconds, megabytes or a share.',
      of: ({ name, current }: CheckedFunction['metrics'][number]) =>
        current === null ? undefined : name === 'cost' || name === 'meanCost' ? current * 1e6 : current,
    },
    tune_check_ratio: {
      help: 'Current figure divided by the one of the baseline.',
      of: ({ ratio }: CheckedFunction['metrics'][number]) => ratio?.estimate,
    },
  } as const;
  return openMetricsText(
    Object.entries(figures).map(([name, { help, of }]) => ({
      name,
      help,
      samples: result.functions.flatMap((checked) =>
        checked.metrics.flatMap((metric) => {
          const value = of(metric);
          return value === undefined
            ? []
            : [{ labels: { function: checked.function, metric: metric.name, kind: metric.kind }, value }];
        }),
      ),
    })),
  );
}
