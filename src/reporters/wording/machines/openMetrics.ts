import { escapeTerminal } from '../../../text/escape.ts';
import { formatPlainNumber } from '../../../text/format.ts';

/** OpenMetrics text (OpenMetrics 1.0): what GitLab's `artifacts:reports:metrics` reads. Gauges only. */

export interface MetricFamily {
  readonly name: string;
  /** Our own words. */
  readonly help: string;
  readonly samples: readonly MetricSample[];
}

export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Families without samples are left out, and so are samples whose series is there already. */
export function openMetricsText(families: readonly MetricFamily[]): string {
  const lines = families.flatMap(({ name, help, samples }) => {
    const values = new Map<string, number>();
    for (const { labels, value } of samples) {
      const series = `${name}{${labelsText(labels)}}`;
      if (!values.has(series)) values.set(series, value);
    }
    if (values.size === 0) return [];
    return [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} gauge`,
      ...[...values].map(([series, value]) => `${series} ${formatPlainNumber(value)}`),
    ];
  });
  return `${[...lines, '# EOF'].join('\n')}\n`;
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([label, said]) => `${label}="${labelValue(said)}"`)
    .join(',');
}

/** Backslash, quote and line feed are escaped in label values (OpenMetrics 1.0, "Label"); line feeds are gone already. */
function labelValue(text: string): string {
  return escapeTerminal(text, 200).replace(/[\\"]/g, '\\$&');
}
