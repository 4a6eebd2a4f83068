import { daysPerMonth } from '../model/amounts.ts';
import type { Interval, ObservedProvisioned } from '../model/production/observedFigures.ts';
import type { ProvisionedConfig, VersionFacts } from '../model/production/production.ts';
import { breakEvenUse, provisionedPrices, secondsPerMonth } from '../pricing/monthlyPrices.ts';
import { ratioOfAmounts, scaled } from './estimate.ts';
import { type ProductionEvidence, type ProvisionedRead, sumOf } from './evidence.ts';
import { dayMs, dayOf } from './period.ts';
import { environmentsOver } from './provisionedSteps.ts';

/** What provisioned concurrency makes of the cost of the period: US$ of it, not of a month. */
export interface ProvisionedCost {
  readonly configuredUsd: Interval;
  /** Calls in it at its own price, and what the same calls are in the cost on demand. */
  readonly durationUsd: number;
  readonly insteadOfUsd: number;
}

export interface Provisioned {
  /** null: its price is not known. Undefined: there was none. */
  readonly total: ProvisionedCost | null | undefined;
  readonly byVersion: ReadonlyMap<string, ProvisionedCost>;
  /** Start of the day → what it adds to the calls' cost on demand. */
  readonly byDay: ReadonlyMap<number, number>;
  /** What it adds a month as it is configured today. */
  readonly addedTodayUsd: number;
  readonly rows: readonly ObservedProvisioned[];
  /** Of the configured time, how much is not told by CloudWatch, nor by the date of the configuration. */
  readonly assumedShare: number;
}

const secondsPerMs = 1 / 1000;
const mbPerGb = 1024;

/** Of each alias and version that has some, or had some in the period. */
export function provisionedOf(evidence: ProductionEvidence): Provisioned {
  const parts = (evidence.provisioned ?? [])
    .map((config, index) => partOf(evidence, config, evidence.metrics?.provisioned[index]))
    .filter((part) => part.row.environments > 0 || part.row.meanEnvironments > 0 || (part.row.invocations ?? 0) > 0);
  const byVersion = new Map<string, ProvisionedCost>();
  const byDay = new Map<number, number>();
  for (const part of parts) {
    for (const [version, kept] of part.byVersion) byVersion.set(version, together(byVersion.get(version), kept));
    for (const [day, usd] of part.byDay) byDay.set(day, (byDay.get(day) ?? 0) + usd);
  }
  const isPriced = parts.every((part) => part.isPriced);
  const steps = parts.reduce((sum, part) => sum + part.steps, 0);
  return {
    total:
      parts.length === 0
        ? undefined
        : isPriced
          ? [...byVersion.values()].reduce((sum: ProvisionedCost | undefined, kept) => together(sum, kept), undefined)
          : null,
    byVersion: isPriced ? byVersion : new Map(),
    byDay: isPriced ? byDay : new Map(),
    addedTodayUsd: isPriced ? parts.reduce((sum, part) => sum + part.addedTodayUsd, 0) : 0,
    rows: parts.map(({ row }) => row),
    assumedShare: steps === 0 ? 0 : parts.reduce((sum, part) => sum + part.assumedSteps, 0) / steps,
  };
}

function partOf(evidence: ProductionEvidence, config: ProvisionedConfig, read: ProvisionedRead | undefined) {
  const { period, costModel } = evidence;
  const factsOf = (version: string): VersionFacts => evidence.versions.get(version) ?? evidence.current;
  const pricesFor = (version: string) => provisionedPrices(costModel, factsOf(version).architecture);
  const gbSecondsOfCall = gbSecondsByVersion(evidence);
  const steps = environmentsOver(period, config, read);
  const byVersion = new Map<string, ProvisionedCost>();
  const byDay = new Map<number, number>();
  let [environmentSeconds, busySeconds, isPriced] = [0, 0, true];
  for (const { fromMs, environments, versions } of steps) {
    const served = read?.served.get(fromMs) ?? 0;
    const seconds = period.cellMs * secondsPerMs;
    environmentSeconds += environments.estimate * seconds;
    for (const { version, share } of versions) {
      const prices = pricesFor(version);
      const { architecture, memoryMb } = factsOf(version);
      const gb = memoryMb / mbPerGb;
      const gbSeconds = served * share * gbSecondsOfCall(version);
      busySeconds += gbSeconds / gb;
      if (prices === undefined) {
        isPriced = false;
        continue;
      }
      const usd = (count: number) => count * share * gb * seconds * prices.configuredUsd;
      const kept: ProvisionedCost = {
        configuredUsd: {
          estimate: usd(environments.estimate),
          low: usd(environments.low),
          high: usd(environments.high),
        },
        durationUsd: gbSeconds * prices.durationUsd,
        insteadOfUsd: gbSeconds * costModel.gbSecondUsd[architecture],
      };
      byVersion.set(version, together(byVersion.get(version), kept));
      const day = dayOf(fromMs);
      byDay.set(day, (byDay.get(day) ?? 0) + addedUsd(kept));
    }
  }
  const all = [...byVersion.values()].reduce(
    (sum: ProvisionedCost | undefined, kept) => together(sum, kept),
    undefined,
  );
  const periodSeconds = (period.toMs - period.fromMs) * secondsPerMs;
  const perMonth = (daysPerMonth * dayMs * secondsPerMs) / periodSeconds;
  const architecture = factsOf(steps.at(-1)?.versions[0]?.version ?? evidence.current.version).architecture;
  const prices = provisionedPrices(costModel, architecture);
  const row: ObservedProvisioned = {
    qualifier: config.qualifier,
    environments: config.environments,
    meanEnvironments: environmentSeconds / periodSeconds,
    configuredUsdPerMonth: isPriced && all !== undefined ? scaled(all.configuredUsd, perMonth) : null,
    durationUsdPerMonth: isPriced && all !== undefined && read !== undefined ? all.durationUsd * perMonth : null,
    invocations: read === undefined ? null : sumOf(read.served),
    spilledInvocations: read === undefined ? null : sumOf(read.spilled),
    use: read === undefined || environmentSeconds === 0 ? null : busySeconds / environmentSeconds,
    breakEvenUse: prices === undefined ? null : (breakEvenUse(costModel.gbSecondUsd[architecture], prices) ?? null),
  };
  const configuredToday = config.versions.reduce(
    (sum, { version, share }) =>
      sum +
      config.environments *
        share *
        (factsOf(version).memoryMb / mbPerGb) *
        secondsPerMonth *
        (pricesFor(version)?.configuredUsd ?? 0),
    0,
  );
  // As much in use as it was.
  const savedUsd = all === undefined ? 0 : (all.insteadOfUsd - all.durationUsd) * perMonth;
  const addedTodayUsd =
    configuredToday - (row.meanEnvironments > 0 ? savedUsd * (config.environments / row.meanEnvironments) : 0);
  const assumedSteps = steps.filter(({ isAssumed }) => isAssumed).length;
  return { row, byVersion, byDay, isPriced, addedTodayUsd, steps: steps.length, assumedSteps };
}

/** Beside the cost of the same calls on demand. */
export function addedUsd({ configuredUsd, durationUsd, insteadOfUsd }: ProvisionedCost): number {
  return configuredUsd.estimate + durationUsd - insteadOfUsd;
}

/** What a warm call of a version is billed; without records of it, from the mean duration of all calls in CloudWatch. */
function gbSecondsByVersion(evidence: ProductionEvidence): (version: string) => number {
  const known = new Map<string, number>();
  return (version) => {
    const found = known.get(version) ?? gbSecondsOf(evidence, version);
    known.set(version, found);
    return found;
  };
}

function gbSecondsOf({ windows, metrics, versions, current }: ProductionEvidence, version: string): number {
  const read = ratioOfAmounts(
    windows,
    (call) => (call.version === version ? call.warmBilledMs * secondsPerMs * (call.memoryMb / mbPerGb) : 0),
    (call) => Number(call.version === version),
    { isWhole: true },
  );
  if (read !== undefined) return read.estimate;
  if (metrics === undefined) return 0;
  let [sumMs, calls] = [0, 0];
  for (const [at, count] of metrics.calls) {
    sumMs += count * (metrics.meanDurationMs.get(at) ?? 0);
    calls += count;
  }
  const { memoryMb } = versions.get(version) ?? current;
  // Each call is rounded up to a millisecond: half of one on average.
  return calls === 0 ? 0 : (sumMs / calls + 0.5) * secondsPerMs * (memoryMb / mbPerGb);
}

function together(one: ProvisionedCost | undefined, other: ProvisionedCost): ProvisionedCost {
  if (one === undefined) return other;
  return {
    configuredUsd: {
      estimate: one.configuredUsd.estimate + other.configuredUsd.estimate,
      low: one.configuredUsd.low + other.configuredUsd.low,
      high: one.configuredUsd.high + other.configuredUsd.high,
    },
    durationUsd: one.durationUsd + other.durationUsd,
    insteadOfUsd: one.insteadOfUsd + other.insteadOfUsd,
  };
}
