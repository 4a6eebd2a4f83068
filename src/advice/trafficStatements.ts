import { currentConfiguration, rowOf } from '../analysis/savedRun/marks.ts';
import { type Configuration, plain, sameConfiguration } from '../model/configuration.ts';
import type { ConfigurationResult, TuningResult } from '../model/run.ts';
import { restoreCostUsd, snapStartRuntime } from '../pricing/snapStartCost.ts';
import { cacheUsdPerMonth } from '../traffic/bill.ts';
import { runtimeOf } from '../traffic/mixtures.ts';
import type { Statement } from './statements.ts';

/** What follows from the traffic, of the configuration that the answer names (today's where it names none). */
export function trafficStatements(result: TuningResult): readonly Statement[] {
  const { traffic, answer } = result;
  if (traffic === undefined) return [];
  const present = currentConfiguration(result);
  const row = rowOf(result, answer.configuration) ?? rowOf(result, present) ?? billed(result)[0];
  if (row?.monthly === undefined) return [];
  const { monthly, monthlyAt15Min: at15Min } = row;
  const named = plain(row);
  const currentRow = rowOf(result, present);
  const current =
    currentRow?.monthly === undefined || sameConfiguration(currentRow, named)
      ? undefined
      : { configuration: plain(currentRow), monthly: currentRow.monthly };
  const advice = traffic.provisioned.find(({ configuration }) => sameConfiguration(configuration, named));
  const isPart = answer.kind === 'unanswered' && answer.because === 'partOfMigration';
  const differs =
    !isPart &&
    (traffic.perCall.kind !== answer.kind || !sameChoice(traffic.perCall.configuration, answer.configuration));
  return [
    { kind: 'traffic', traffic, named, monthly, at15Min, current, perCall: differs ? traffic.perCall : undefined },
    ...(advice === undefined ? [] : [{ kind: 'provisioned' as const, advice, coldShare: monthly.coldShare.estimate }]),
    ...snapStartStatements(result, row),
    { kind: 'logs', logs: traffic.logs, monthly },
  ];
}

function billed({ configurations }: TuningResult): readonly ConfigurationResult[] {
  return configurations
    .filter(({ monthly }) => monthly !== undefined)
    .toSorted((one, other) => (one.monthly?.usd.total ?? 0) - (other.monthly?.usd.total ?? 0));
}

function sameChoice(one: Configuration | undefined, other: Configuration | undefined): boolean {
  return one === undefined || other === undefined ? one === other : sameConfiguration(one, other);
}

function snapStartStatements(result: TuningResult, row: ConfigurationResult): readonly Statement[] {
  const { monthly } = row;
  const runtime = runtimeOf(result, row);
  if (monthly === undefined || !snapStartRuntime(runtime)) return [];
  const { costModel, target } = result;
  const restoreUsd = restoreCostUsd(runtime, row.memoryMb, costModel);
  const prices = { costModel, runtime, discount: 0, ephemeralStorageMb: target.ephemeralStorageMb ?? 512 };
  const cacheUsd = cacheUsdPerMonth(row.memoryMb, prices);
  if (restoreUsd === undefined || cacheUsd === undefined) return [];
  const isOn = row.cold?.restoreDurationMs !== undefined;
  const restoresUsd = monthly.requests * monthly.coldShare.estimate * restoreUsd;
  return [{ kind: 'snapStart', named: plain(row), isOn, cacheUsd, restoresUsd }];
}
