import type { TuningResult } from '../domain/result.ts';
import { renderCsv } from './csv.ts';
import { renderCsvSummary } from './csvSummary.ts';
import { renderGithub } from './github.ts';
import { renderGitlab } from './gitlab.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderQuiet } from './quiet.ts';
import { renderSvg } from './svg.ts';
import { renderTable, type TableView } from './table.ts';
import { renderUrl } from './url.ts';

/** A reporter is a pure function of the saved run: no clock, no files, no exit code. Only `table` looks at the view. */
export type Reporter = (result: TuningResult, view: TableView) => string;

/** A new format costs its file and one line here. */
const registry = {
  table: renderTable,
  quiet: renderQuiet,
  json: renderJson,
  markdown: renderMarkdown,
  csv: renderCsv,
  'csv-summary': renderCsvSummary,
  svg: renderSvg,
  junit: renderJunit,
  github: renderGithub,
  gitlab: renderGitlab,
  url: renderUrl,
} as const satisfies Record<string, Reporter>;

export type ReportFormat = keyof typeof registry;

export const reporters: Readonly<Record<ReportFormat, Reporter>> = registry;

export function isReportFormat(text: string): text is ReportFormat {
  return Object.hasOwn(reporters, text);
}
