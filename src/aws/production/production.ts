import type { Production } from '../../model/production/production.ts';
import type { AwsClients } from '../client/client.ts';
import type { ShadowClock } from '../client/stopping.ts';
import { readByInsights } from './insights.ts';
import { readLogEvents } from './logEvents.ts';
import { readLogGroup } from './logGroup.ts';
import { readMetricSeries } from './metrics.ts';
import type { WantedRecords } from './records.ts';

/** What AWS keeps of a function's production. Reads only. */
export function awsProduction(clients: AwsClients, wanted: WantedRecords, clock: ShadowClock): Production {
  return {
    metrics: (queries, range, signal) => readMetricSeries(clients, queries, range, signal),
    logGroup: (signal) => readLogGroup(clients, wanted.logGroup, signal),
    records: (source, range, signal) =>
      source === 'insights'
        ? readByInsights(clients, wanted, range, clock, signal)
        : readLogEvents(clients, wanted, range, signal),
  };
}
