import type { CheckResult } from '../model/check.ts';
import type { Fleet } from '../model/fleet/fleet.ts';
import type { Portfolio } from '../model/fleet/portfolio.ts';
import type { MigrationResult } from '../model/migration.ts';
import type { Observation } from '../model/production/observation.ts';
import type { TuningResult } from '../model/run.ts';
import type { CheckFormat, FleetFormat, ObservationFormat, RunFormat } from '../options/rows/formats.ts';
import { renderCheckCsv } from './check/csv.ts';
import { renderCheckGithub } from './check/github.ts';
import { renderCheckGitlab } from './check/gitlab.ts';
import { renderCheckHtml } from './check/html.ts';
import { renderCheckJson } from './check/json.ts';
import { renderCheckJunit } from './check/junit.ts';
import { renderCheckMarkdown } from './check/markdown.ts';
import { renderCheckQuiet } from './check/quiet.ts';
import { renderCheckTable } from './check/table.ts';
import { worstFirst } from './check/worstFirst.ts';
import { fleetHtml } from './fleet/html.ts';
import { fleetMarkdown } from './fleet/markdown.ts';
import { portfolioPage, renderPortfolioCsv, renderPortfolioJson } from './fleet/portfolio.ts';
import { rankingPage, renderRankingCsv, renderRankingJson } from './fleet/ranking.ts';
import { fleetQuiet, fleetText } from './fleet/text.ts';
import { renderMigrationGithub, renderMigrationGitlab, renderMigrationJunit } from './migration/ci.ts';
import { renderMigrationHtml } from './migration/html.ts';
import { renderMigrationJson } from './migration/json.ts';
import { renderMigrationMarkdown } from './migration/markdown.ts';
import { renderMigrationQuiet } from './migration/quiet.ts';
import { renderMigrationSvg } from './migration/svg.ts';
import { renderMigrationTable } from './migration/table.ts';
import {
  renderObservationCsv,
  renderObservationGithub,
  renderObservationGitlab,
  renderObservationJunit,
} from './observation/ci.ts';
import { renderObservationHtml, renderObservationSvg } from './observation/html.ts';
import { renderObservationJson } from './observation/json.ts';
import { renderObservationMarkdown } from './observation/markdown.ts';
import { renderObservationQuiet, renderObservationTable } from './observation/table.ts';
import { renderCsv } from './run/csv.ts';
import { renderCsvSummary } from './run/csvSummary.ts';
import { renderGithub } from './run/github.ts';
import { renderGitlab } from './run/gitlab.ts';
import { renderHtml } from './run/html.ts';
import { renderJson } from './run/json.ts';
import { renderJunit } from './run/junit.ts';
import { renderMarkdown } from './run/markdown.ts';
import { renderQuiet } from './run/quiet.ts';
import { renderSvg } from './run/svg.ts';
import { renderTable } from './run/table.ts';
import { renderUrl } from './run/url.ts';
import type { TableView } from './wording/terminalPage.ts';

/** A reporter is a pure function of what was saved: no clock, no files, no exit code. Only tables look at the view. */
export type Reporter<Saved> = (saved: Saved, view: TableView) => string;
export type Reporters<Saved> = Readonly<Record<string, Reporter<Saved>>>;

/** A new format costs its file, its name in `options/rows/formats.ts`, and one line in the table of each kind of document that has it. */
export const runReporters: Readonly<Record<RunFormat, Reporter<TuningResult>>> = {
  table: renderTable,
  quiet: renderQuiet,
  json: renderJson,
  markdown: renderMarkdown,
  csv: renderCsv,
  'csv-summary': renderCsvSummary,
  html: renderHtml,
  svg: renderSvg,
  junit: renderJunit,
  github: renderGithub,
  gitlab: renderGitlab,
  url: renderUrl,
};

/** A fleet reads the same from the top in every format for people; the document keeps the order of the configuration. */
function fromTheWorst(render: Reporter<CheckResult>): Reporter<CheckResult> {
  return (result, view) => render(worstFirst(result), view);
}

export const checkReporters: Readonly<Record<CheckFormat, Reporter<CheckResult>>> = {
  table: fromTheWorst(renderCheckTable),
  quiet: fromTheWorst(renderCheckQuiet),
  json: renderCheckJson,
  html: fromTheWorst(renderCheckHtml),
  markdown: fromTheWorst(renderCheckMarkdown),
  csv: fromTheWorst(renderCheckCsv),
  junit: fromTheWorst(renderCheckJunit),
  github: fromTheWorst(renderCheckGithub),
  gitlab: fromTheWorst(renderCheckGitlab),
};

/** Formats of the run that was measured for it; where none was, they say so. */
function ofItsRun(render: Reporter<TuningResult>): Reporter<MigrationResult> {
  return ({ run }, view) =>
    run === undefined ? 'Nothing was measured, so there is nothing to show.\n' : render(run, view);
}

export const migrationReporters: Readonly<Record<RunFormat, Reporter<MigrationResult>>> = {
  table: renderMigrationTable,
  quiet: renderMigrationQuiet,
  json: renderMigrationJson,
  html: renderMigrationHtml,
  markdown: renderMigrationMarkdown,
  csv: ofItsRun(renderCsv),
  'csv-summary': ofItsRun(renderCsvSummary),
  svg: renderMigrationSvg,
  junit: renderMigrationJunit,
  github: renderMigrationGithub,
  gitlab: renderMigrationGitlab,
  url: ofItsRun(renderUrl),
};

export const observationReporters: Readonly<Record<ObservationFormat, Reporter<Observation>>> = {
  table: renderObservationTable,
  quiet: renderObservationQuiet,
  json: renderObservationJson,
  html: renderObservationHtml,
  svg: renderObservationSvg,
  markdown: renderObservationMarkdown,
  csv: renderObservationCsv,
  junit: renderObservationJunit,
  github: renderObservationGithub,
  gitlab: renderObservationGitlab,
};

export const rankingReporters: Readonly<Record<FleetFormat, Reporter<Fleet>>> = {
  table: (fleet, view) => fleetText(rankingPage(fleet), view),
  quiet: (fleet) => fleetQuiet(rankingPage(fleet)),
  json: renderRankingJson,
  html: (fleet) => fleetHtml(rankingPage(fleet)),
  markdown: (fleet) => fleetMarkdown(rankingPage(fleet)),
  csv: renderRankingCsv,
};

export const portfolioReporters: Readonly<Record<FleetFormat, Reporter<Portfolio>>> = {
  table: (portfolio, view) => fleetText(portfolioPage(portfolio), view),
  quiet: (portfolio) => fleetQuiet(portfolioPage(portfolio)),
  json: renderPortfolioJson,
  html: (portfolio) => fleetHtml(portfolioPage(portfolio)),
  markdown: (portfolio) => fleetMarkdown(portfolioPage(portfolio)),
  csv: renderPortfolioCsv,
};
