import type { AskedSeries } from '../../service/metricStore.ts';
import type { ProvisionedRecord } from '../../service/model.ts';
import type { Service } from '../../service/service.ts';
import { type LoggedProduction, pastEvents } from './pastEvents.ts';
import { pastSeries } from './pastSeries.ts';
import { type ProvisionedUse, provisionedSeries } from './provisionedSeries.ts';
import { countIn, minutesIn, type SyntheticProduction, usualBytesPerCall } from './syntheticProduction.ts';

/** What functions did before the endpoint began: their metrics and their log. */
export interface Past {
  /** The first is called by the name of the alias; others may log into its group. */
  readonly functions: readonly LoggedProduction[];
  readonly logGroup?: string;
  /** By default what was written. */
  readonly storedBytes?: number;
  /** CloudWatch counts calls of the first one by this alias, and by the version that answered. */
  readonly alias?: string;
  /** Of the first one. */
  readonly provisioned?: ProvisionedPast;
}

interface ProvisionedPast extends ProvisionedRecord, ProvisionedUse {}

/** @throws RangeError without a function */
export function remember(service: Service, past: Past): void {
  const [first] = past.functions;
  if (first === undefined) throw new RangeError('a past without a function');
  const name = past.logGroup ?? `/aws/lambda/${first.functionName}`;
  const sinceMs = Math.min(...past.functions.map(({ production }) => production.range.fromMs));
  const written = past.functions.reduce((sum, { production }) => sum + bytesOf(production), 0);
  service.logs.create(name, {}, sinceMs).past = pastEvents(name, past.functions, past.storedBytes ?? written);
  const target = service.functions.get(first.functionName);
  if (target !== undefined && past.provisioned !== undefined) target.provisioned = [past.provisioned];
  service.metrics.past = (asked) => {
    if (asked.namespace === 'AWS/Logs') {
      return asked.dimensions.get('LogGroupName') === name ? summed(past.functions, asked) : new Map();
    }
    const one = past.functions.find(({ functionName }) => functionName === asked.dimensions.get('FunctionName'));
    const resource = asked.dimensions.get('Resource');
    if (one === first && past.provisioned !== undefined && asked.metric.startsWith('Provisioned')) {
      const isIt = resource === undefined || resource === `${first.functionName}:${past.provisioned.qualifier}`;
      return isIt ? provisionedSeries(first.production, past.provisioned, asked) : new Map();
    }
    const isAlias = resource !== undefined && resource.split(':')[1] === past.alias;
    if (one === undefined || (resource !== undefined && !isAlias && resource !== one.functionName)) return new Map();
    return pastSeries(one.production, { ...asked, version: asked.dimensions.get('ExecutedVersion') });
  };
}

function summed(functions: readonly LoggedProduction[], asked: AskedSeries): ReadonlyMap<number, number> {
  const sum = new Map<number, number>();
  for (const { production } of functions) {
    for (const [atMs, value] of pastSeries(production, asked)) sum.set(atMs, (sum.get(atMs) ?? 0) + value);
  }
  return sum;
}

function bytesOf(of: SyntheticProduction): number {
  let calls = 0;
  for (const minute of minutesIn(of, of.range.fromMs, of.range.toMs)) calls += countIn(of, minute);
  return calls * (of.bytesPerCall ?? usualBytesPerCall);
}
