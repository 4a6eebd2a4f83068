import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { ProductionRecord, RecordsRead, TimeRange } from '../../model/production/production.ts';
import type { AwsClients } from '../client/client.ts';
import { callFailed } from '../client/failure.ts';
import { repeated } from './pages.ts';
import { productionRecordOf, type WantedRecords } from './records.ts';

/** Event by event: costs nothing but calls. */
export async function readLogEvents(
  clients: AwsClients,
  wanted: WantedRecords,
  range: TimeRange,
  signal: AbortSignal,
): Promise<RecordsRead> {
  const records: ProductionRecord[] = [];
  let bytesScanned = 0;
  try {
    await repeated('CloudWatch Logs FilterLogEvents', async (nextToken) => {
      const answer = await clients.logs.send(
        new FilterLogEventsCommand({
          logGroupName: wanted.logGroup,
          filterPattern: '?"REPORT RequestId" ?"platform.report"',
          startTime: range.fromMs,
          // Both ends count.
          endTime: range.toMs - 1,
          nextToken,
        }),
        { abortSignal: signal },
      );
      for (const { timestamp = -1, logStreamName: stream = '', message = '' } of answer.events ?? []) {
        bytesScanned += message.length;
        const record = productionRecordOf({ atMs: timestamp, stream, message }, wanted, range);
        if (record !== undefined) records.push(record);
      }
      return answer.nextToken;
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw callFailed(error, { operation: 'CloudWatchLogs.FilterLogEvents', resource: wanted.logGroup });
  }
  return { records, bytesScanned };
}
