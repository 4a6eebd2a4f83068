import type { Interval } from '../../model/production/observedFigures.ts';
import type { TimeRange } from '../../model/production/production.ts';
import type { AwsClients } from '../client/client.ts';
import type { ShadowClock } from '../client/stopping.ts';
import { runQuery } from './insights.ts';

export const lambdaInsightsGroup = '/aws/lambda-insights';
/** Fewer calls tell nothing. */
const leastCalls = 30;

export interface CpuTime {
  /** Of one call, on average. */
  readonly cpuMs: Interval | undefined;
  readonly bytesScanned: number;
}

/** How long the processor is busy in a call, where the Lambda Insights extension runs. */
export async function readCpuTime(
  clients: AwsClients,
  functionName: string,
  range: TimeRange,
  clock: ShadowClock,
  signal: AbortSignal,
): Promise<CpuTime> {
  const { rows, bytesScanned } = await runQuery(
    clients,
    {
      logGroup: lambdaInsightsGroup,
      text: `filter function_name = "${functionName}" | stats avg(cpu_total_time) as cpu, stddev(cpu_total_time) as spread, count(*) as calls`,
      range,
    },
    clock,
    signal,
  );
  const [cpu, spread, calls] = [rows[0]?.cpu, rows[0]?.spread, rows[0]?.calls].map(Number);
  if (!(cpu !== undefined && cpu > 0 && calls !== undefined && calls >= leastCalls))
    return { cpuMs: undefined, bytesScanned };
  const half = (2 * (spread !== undefined && spread >= 0 ? spread : cpu)) / Math.sqrt(calls);
  return { cpuMs: { estimate: cpu, low: Math.max(0, cpu - half), high: cpu + half }, bytesScanned };
}
