import { daysPerMonth } from '../model/amounts.ts';
import type { Charges, Interval, ObservedFigures } from '../model/production/observedFigures.ts';
import type { VersionFacts } from '../model/production/production.ts';
import { invocationCostUsd } from '../pricing/pricing.ts';
import type { CallCharges, ObservedCall } from './calls.ts';
import { one, own, ratioOfAmounts, scaled } from './estimate.ts';
import { type ProductionEvidence, sumOf } from './evidence.ts';
import { dayMs } from './period.ts';
import { addedUsd, type ProvisionedCost } from './provisioned.ts';

/** Of one call. */
interface Cost extends Interval {
  readonly charges: CallCharges;
}

export function costFigures(perCallUsd: Cost | undefined, invocations: number, evidence: ProductionEvidence) {
  const perMonth = invocations * periodsPerMonth(evidence);
  return {
    costPerMillionUsd: perCallUsd === undefined ? null : scaled(perCallUsd, 1e6),
    costPerMonthUsd: perCallUsd === undefined ? null : scaled(perCallUsd, perMonth),
    chargesUsdPerMonth:
      perCallUsd === undefined
        ? null
        : scaledCharges({ ...perCallUsd.charges, provisioned: 0, total: perCallUsd.estimate }, perMonth),
  };
}

/** Nothing is sampled of it: the interval of the calls is moved, and wider by what is not known of the environments. */
export function withProvisioned<T extends ObservedFigures>(
  figures: T,
  kept: ProvisionedCost | null | undefined,
  evidence: ProductionEvidence,
): T {
  if (kept === undefined) return figures;
  const { invocations } = figures;
  // What nobody called costs nothing but what is kept ready.
  const month = figures.costPerMonthUsd ?? (invocations === 0 ? { estimate: 0, low: 0, high: 0 } : null);
  const charges = figures.chargesUsdPerMonth ?? noCharges;
  if (month === null) return figures;
  if (kept === null) return { ...figures, chargesUsdPerMonth: { ...charges, provisioned: null } };
  const perMonth = periodsPerMonth(evidence);
  const { estimate, low, high } = kept.configuredUsd;
  const added = addedUsd(kept);
  const costPerMonthUsd = {
    estimate: Math.max(0, month.estimate + added * perMonth),
    low: Math.max(0, month.low + (added - estimate + low) * perMonth),
    high: Math.max(0, month.high + (added - estimate + high) * perMonth),
  };
  return {
    ...figures,
    costPerMonthUsd,
    costPerMillionUsd: invocations > 0 ? scaled(costPerMonthUsd, 1e6 / (invocations * perMonth)) : null,
    chargesUsdPerMonth: {
      ...charges,
      duration: Math.max(0, charges.duration + (kept.durationUsd - kept.insteadOfUsd) * perMonth),
      provisioned: estimate * perMonth,
      total: costPerMonthUsd.estimate,
    },
  };
}

const noCharges: Charges = { requests: 0, duration: 0, init: 0, provisioned: 0, snapStart: 0, storage: 0, total: 0 };

function periodsPerMonth({ period }: ProductionEvidence): number {
  return (dayMs * daysPerMonth) / (period.toMs - period.fromMs);
}

export function costByRecords(evidence: ProductionEvidence, isOwn: (call: ObservedCall) => boolean): Cost | undefined {
  const { windows } = evidence;
  const cost = ratioOfAmounts(
    windows,
    own(isOwn, ({ costUsd }) => costUsd),
    own(isOwn, one),
    evidence,
  );
  if (cost === undefined) return undefined;
  const of = (key: keyof CallCharges) =>
    ratioOfAmounts(
      windows,
      own(isOwn, ({ chargesUsd }) => chargesUsd[key]),
      own(isOwn, one),
      { isWhole: true },
    )?.estimate ?? 0;
  return {
    ...cost,
    charges: {
      requests: of('requests'),
      duration: of('duration'),
      init: of('init'),
      snapStart: of('snapStart'),
      storage: of('storage'),
    },
  };
}

/**
 * Without records: mean durations at the memory sizes of the versions that are known. Each call is rounded up to a millisecond,
 * which is between nothing and 1 ms. Billed init is not in it.
 */
export function costByMetrics(evidence: ProductionEvidence, invocations: number): Cost | undefined {
  const { metrics, current, versions, costModel } = evidence;
  if (metrics === undefined || !(invocations > 0)) return undefined;
  let billed = 0;
  for (const [at, calls] of metrics.calls) billed += calls * (metrics.meanDurationMs.get(at) ?? 0);
  const counted = [...metrics.byVersion].map(([version, calls]) => ({
    facts: versions.get(version) ?? current,
    calls: sumOf(calls),
  }));
  const parts = counted.some(({ calls }) => calls > 0) ? counted : [{ facts: current, calls: invocations }];
  const all = parts.reduce((sum, { calls }) => sum + calls, 0);
  const mean = (usdOf: (facts: VersionFacts) => number) =>
    parts.reduce((sum, { facts, calls }) => sum + (calls / all) * usdOf(facts), 0);
  const at = (extraMs: number, withStorage = true) =>
    mean(({ architecture, memoryMb, ephemeralStorageMb }) =>
      invocationCostUsd(
        {
          architecture,
          memoryMb,
          billedDurationMs: billed / invocations + extraMs,
          ephemeralStorageMb: withStorage ? ephemeralStorageMb : freeStorageMb,
        },
        costModel,
      ),
    );
  const requests = mean(({ architecture }) => costModel.requestUsd[architecture]);
  const [estimate, withoutStorage] = [at(0.5), at(0.5, false)];
  // Where versions are not counted, calls may have been of any size that was deployed.
  const sizes = metrics.byVersion.size > 0 ? [] : deployedSizes(evidence);
  const factors = sizes.map((memoryMb) => memoryMb / current.memoryMb);
  const scaledBy = (usd: number, factor: number) => requests + (usd - requests) * factor;
  return {
    estimate,
    low: scaledBy(at(0), Math.min(1, ...factors)),
    high: scaledBy(at(1), Math.max(1, ...factors)),
    charges: {
      requests,
      duration: withoutStorage - requests,
      init: 0,
      snapStart: 0,
      storage: estimate - withoutStorage,
    },
  };
}

const freeStorageMb = 512;

/** Memory sizes of the versions that were the latest at some time of the period. */
export function deployedSizes({
  versions,
  period,
}: Pick<ProductionEvidence, 'versions' | 'period'>): readonly number[] {
  const published = [...versions.values()]
    .filter(({ lastModifiedMs = Number.POSITIVE_INFINITY }) => lastModifiedMs < period.toMs)
    .toSorted((one, other) => (one.lastModifiedMs ?? 0) - (other.lastModifiedMs ?? 0));
  const before = published.findLastIndex(({ lastModifiedMs = 0 }) => lastModifiedMs <= period.fromMs);
  return [...new Set(published.slice(Math.max(0, before)).map(({ memoryMb }) => memoryMb))];
}

export function scaledCharges(charges: Charges, factor: number): Charges {
  return {
    requests: charges.requests * factor,
    duration: charges.duration * factor,
    init: charges.init * factor,
    provisioned: charges.provisioned === null ? null : charges.provisioned * factor,
    snapStart: charges.snapStart * factor,
    storage: charges.storage * factor,
    total: charges.total * factor,
  };
}
