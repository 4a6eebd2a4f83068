import type { AskedSeries } from '../../service/metricStore.ts';
import { pastSeries } from './pastSeries.ts';
import type { SyntheticProduction } from './syntheticProduction.ts';

/** Environments that were kept ready, and which part of the calls ran in them. */
export interface ProvisionedUse {
  readonly environments: number;
  /** Before it there were none. */
  readonly sinceMs: number;
  readonly servedShare: number;
}

/** What CloudWatch counts of provisioned concurrency. */
export function provisionedSeries(
  of: SyntheticProduction,
  { environments, sinceMs, servedShare }: ProvisionedUse,
  asked: AskedSeries,
): ReadonlyMap<number, number> {
  const since = { ...asked, fromMs: Math.max(asked.fromMs, sinceMs) };
  const counted = (metric: string, statistic: string, from: (value: number) => number) =>
    new Map([...pastSeries(of, { ...since, metric, statistic })].map(([at, value]) => [at, from(value)] as const));
  const most = (concurrency: number) => Math.min(environments, concurrency);
  switch (`${asked.metric} ${asked.statistic}`) {
    case 'ProvisionedConcurrencyInvocations Sum':
      return counted('Invocations', 'Sum', (calls) => Math.round(calls * servedShare));
    case 'ProvisionedConcurrencySpilloverInvocations Sum':
      return counted('Invocations', 'Sum', (calls) => calls - Math.round(calls * servedShare));
    case 'ProvisionedConcurrentExecutions Maximum':
      return counted('ConcurrentExecutions', 'Maximum', most);
    case 'ProvisionedConcurrencyUtilization Maximum':
      return counted('ConcurrentExecutions', 'Maximum', (concurrency) => most(concurrency) / environments);
    default:
      return new Map();
  }
}
