import type { Observation } from '../../model/production/observation.ts';
import type { Interval, ObservedVersion } from '../../model/production/observedFigures.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { csvText } from '../wording/machines/csvText.ts';
import { junitXml } from '../wording/machines/junitXml.ts';
import { openMetricsText } from '../wording/machines/openMetrics.ts';
import { annotation } from '../wording/workflowCommand.ts';
import { changeText, sinceChangeTexts } from './changeWording.ts';
import { answerText, factTexts } from './wording.ts';
import { worthText } from './worthWording.ts';

/** What programs and CI read of an observation: CSV, JUnit, GitHub's workflow commands, OpenMetrics. */

/** One line per version, memory size and architecture, as in the document. */
export function renderObservationCsv(observation: Observation): string {
  return csvText(columns, observation.versions, observation);
}

const columns = {
  function: (_row: ObservedVersion, saved: Observation) => saved.function,
  since: (_row: ObservedVersion, saved: Observation) => saved.since,
  until: (_row: ObservedVersion, saved: Observation) => saved.until,
  version: (row: ObservedVersion) => row.version,
  memory_mb: (row: ObservedVersion) => row.memoryMb,
  architecture: (row: ObservedVersion) => row.architecture,
  first_seen: (row: ObservedVersion) => row.firstSeen,
  last_seen: (row: ObservedVersion) => row.lastSeen,
  invocations: (row: ObservedVersion) => row.invocations,
  invocations_are: (row: ObservedVersion) => row.invocationsAre,
  cost_per_month_usd: (row: ObservedVersion) => row.costPerMonthUsd?.estimate,
  cost_per_month_usd_low: (row: ObservedVersion) => row.costPerMonthUsd?.low,
  cost_per_month_usd_high: (row: ObservedVersion) => row.costPerMonthUsd?.high,
  provisioned_per_month_usd: (row: ObservedVersion) => row.chargesUsdPerMonth?.provisioned ?? undefined,
  cost_per_million_usd: (row: ObservedVersion) => row.costPerMillionUsd?.estimate,
  p50_ms: (row: ObservedVersion) => row.durationMs?.p50,
  p95_ms: (row: ObservedVersion) => row.durationMs?.p95,
  p99_ms: (row: ObservedVersion) => row.durationMs?.p99,
  cold_share: (row: ObservedVersion) => row.coldShare?.estimate,
  max_memory_used_mb: (row: ObservedVersion) => row.maxMemoryUsedMb,
} as const;

export function renderObservationJunit(observation: Observation): string {
  const required = observation.sinceChange?.required;
  const message = answerText(observation);
  const problem =
    required === undefined || required.decided === 'holds'
      ? undefined
      : {
          kind: required.decided === 'fails' ? ('failure' as const) : ('skipped' as const),
          type: required.decided,
          message,
        };
  const name = required === undefined ? 'observed' : `require ${required.require}`;
  return junitXml([
    {
      name: observation.function,
      startedAt: observation.until,
      elapsedMs: 0,
      cases: [{ classname: observation.function, name, elapsedMs: 0, problem }],
      output: [message, ...factTexts(observation), ...observation.changes.map(changeText)],
    },
  ]);
}

export function renderObservationGithub(observation: Observation): string {
  const place = { title: `tune observe: ${escapeTerminal(observation.function, 80)}` };
  const decided = observation.sinceChange?.required?.decided;
  const level = decided === 'fails' ? 'error' : decided === 'inconclusive' ? 'warning' : 'notice';
  const verdict = sinceChangeTexts(observation);
  const lines =
    verdict.length > 0
      ? verdict
      : [answerText(observation), ...observation.changes.map(changeText), worthText(observation)];
  return `${annotation(
    level,
    place,
    lines.map((line) => escapeTerminal(line, 1000)),
  )}\n`;
}

export function renderObservationGitlab(observation: Observation): string {
  const labels = { function: observation.function };
  const family = (name: string, help: string, interval: Interval | null) => ({
    name,
    help,
    samples: interval === null ? [] : [{ labels, value: interval.estimate }],
  });
  const { total, worth } = observation;
  return openMetricsText([
    family('tune_observe_cost_per_month_usd', "Lambda's charges at the rate of the period.", total.costPerMonthUsd),
    {
      name: 'tune_observe_charge_per_month_usd',
      help: 'What the cost of a month is made of.',
      samples: Object.entries(total.chargesUsdPerMonth ?? {}).flatMap(([charge, value]) =>
        charge === 'total' || value === null ? [] : [{ labels: { ...labels, charge }, value }],
      ),
    },
    family('tune_observe_cost_per_million_usd', "Lambda's charges per million calls.", total.costPerMillionUsd),
    family('tune_observe_cold_share', 'Share of calls that were cold starts.', total.coldShare),
    {
      name: 'tune_observe_worth_at_most_usd',
      help: 'What tuning could save a month at most.',
      samples: worth.atMostUsdPerMonth === null ? [] : [{ labels, value: worth.atMostUsdPerMonth }],
    },
  ]);
}
