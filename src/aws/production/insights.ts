import { GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { TuneError } from '../../base/errors.ts';
import {
  mostRowsOfQuery,
  type ProductionRecord,
  type RecordsRead,
  type TimeRange,
} from '../../model/production/production.ts';
import type { AwsClients } from '../client/client.ts';
import { callFailed } from '../client/failure.ts';
import { pause, type ShadowClock } from '../client/stopping.ts';
import { productionRecordOf, type WantedRecords } from './records.ts';

const firstPauseMs = 300;
const longestPauseMs = 5000;
/** A query ends after an hour; nobody waits for one of a minute of logs for so long. */
const mostWaitMs = 5 * 60_000;

export interface QueryResult {
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly bytesScanned: number;
}

/** Rows of a query, and what it scanned. One that is given up ends by itself: it scans minutes, not months. */
export async function runQuery(
  clients: AwsClients,
  query: { readonly logGroup: string; readonly text: string; readonly range: TimeRange },
  clock: ShadowClock,
  signal: AbortSignal,
): Promise<QueryResult> {
  const { logGroup, text, range } = query;
  try {
    const started = await clients.logs.send(
      new StartQueryCommand({
        logGroupName: logGroup,
        queryString: text,
        // Whole seconds. Whether all of the last one counts is not known: one more is asked for, and what is too late is left out.
        startTime: Math.floor(range.fromMs / 1000),
        endTime: Math.ceil(range.toMs / 1000),
        limit: mostRowsOfQuery,
      }),
      { abortSignal: signal },
    );
    const { queryId } = started;
    if (queryId === undefined) throw new TuneError('SERVICE', 'CloudWatch Logs StartQuery answers without a query id.');
    const sinceMs = clock.monotonicMs();
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
      await pause(clock, pauseMs * (0.75 + 0.5 * clock.random()), signal);
      const answer = await clients.logs.send(new GetQueryResultsCommand({ queryId }), { abortSignal: signal });
      const status = answer.status ?? 'Unknown';
      if (status === 'Complete') {
        return {
          rows: (answer.results ?? []).map((row) =>
            Object.fromEntries(row.map(({ field = '', value = '' }) => [field, value])),
          ),
          bytesScanned: Number(answer.statistics?.bytesScanned) || 0,
        };
      }
      if (status === 'Failed' || status === 'Timeout' || status === 'Cancelled') {
        throw new TuneError('SERVICE', `The query of ${logGroup} ended with the status ${status}.`);
      }
      if (clock.monotonicMs() - sinceMs > mostWaitMs) {
        throw new TuneError('SERVICE', `The query of ${logGroup} did not end within ${mostWaitMs / 60_000} minutes.`);
      }
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw callFailed(error, { operation: 'CloudWatchLogs.StartQuery', resource: logGroup });
  }
}

/** The whole lines, so that the one parser reads them: text and JSON logs alike. */
export async function readByInsights(
  clients: AwsClients,
  wanted: WantedRecords,
  range: TimeRange,
  clock: ShadowClock,
  signal: AbortSignal,
): Promise<RecordsRead> {
  // A function's name has no character that would end the text.
  const own = wanted.isSharedGroup ? ` | filter @logStream like "/${wanted.functionName}["` : '';
  const { rows, bytesScanned } = await runQuery(
    clients,
    {
      logGroup: wanted.logGroup,
      text: `fields @timestamp, @logStream, @message | filter @type = "REPORT" or @message like "platform.report"${own} | sort @timestamp asc | limit ${mostRowsOfQuery}`,
      range,
    },
    clock,
    signal,
  );
  const records = rows.flatMap((row): readonly ProductionRecord[] => {
    const atMs = Date.parse(`${(row['@timestamp'] ?? '').replace(' ', 'T')}Z`);
    const record = productionRecordOf(
      { atMs, stream: row['@logStream'] ?? '', message: row['@message'] ?? '' },
      wanted,
      range,
    );
    return record === undefined ? [] : [record];
  });
  return { records, bytesScanned };
}
