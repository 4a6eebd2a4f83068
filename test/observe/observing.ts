import { costModel, facts, productionOf } from '../../bench/observe/production.ts';
import { readProduction } from '../../src/commands/shared/production/readProduction.ts';
import type { SyntheticProduction } from '../../src/local/testing/production/syntheticProduction.ts';
import type { Observation } from '../../src/model/production/observation.ts';
import type { Production } from '../../src/model/production/production.ts';
import { type Asked, concludeObservation } from '../../src/observe/conclude.ts';
import { periodOf } from '../../src/observe/period.ts';

interface Change extends Asked {
  readonly seed?: number;
  readonly capUsd?: number;
  readonly source?: 'auto' | 'insights' | 'events' | 'metrics';
  readonly production?: Production;
  readonly signal?: AbortSignal;
  readonly alias?: boolean;
  readonly said?: string[];
  readonly recordsMissing?: string;
}

/** What `tune observe` would say of it. */
export async function observing(of: SyntheticProduction, change: Change = {}): Promise<Observation> {
  const { seed = of.seed, capUsd = 0.05, source = 'auto', production = productionOf(of), said = [] } = change;
  const period = periodOf(new Date(of.range.fromMs).toISOString(), undefined, new Date(of.range.toMs));
  const eras = of.eras ?? [];
  const versions = [facts(), ...eras.map(({ version, memoryMb }) => facts(version, memoryMb))];
  const evidence = await readProduction({
    production,
    observed: {
      functionName: 'orders',
      qualifier: change.alias === true ? 'live' : undefined,
      versions: change.alias === true ? versions.map(({ version }) => version) : [],
      logGroup: '/aws/lambda/orders',
    },
    period,
    nowMs: of.range.toMs,
    seed,
    source,
    capUsd,
    current: versions.at(-1) ?? facts(),
    versions: new Map(versions.map((one) => [one.version, one])),
    countsVersion: () => true,
    costModel,
    toolVersion: '0.1.0',
    named: 'orders',
    recordsMissing: change.recordsMissing,
    signal: change.signal ?? new AbortController().signal,
    announce: (reading) => said.push(`${reading.kind}: ${reading.usd.toFixed(4)}`),
    progress: () => undefined,
  });
  return concludeObservation(evidence, change);
}
