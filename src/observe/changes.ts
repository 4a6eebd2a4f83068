import { type Architecture, sameConfiguration } from '../model/configuration.ts';
import type { ObservedChange } from '../model/production/observedChange.ts';
import { invocationCostUsd } from '../pricing/pricing.ts';
import type { ObservedCall } from './calls.ts';
import type { ProductionEvidence } from './evidence.ts';
import { isoOf } from './figures.ts';
import { type Point, unitsOf } from './series.ts';
import { knownSteps, unknownSteps } from './steps.ts';

interface KnownChange {
  readonly atMs: number;
  readonly kind: Exclude<ObservedChange['kind'], 'unknown'>;
  readonly what: string;
}

/** What changed, with before and after: what was deployed, and steps that no deployment explains. */
export function changesOf(evidence: ProductionEvidence, dates: readonly number[] = []): readonly ObservedChange[] {
  const { period } = evidence;
  const given = dates.map((atMs): KnownChange => ({ atMs, kind: 'date', what: `since ${isoOf(atMs).slice(0, 16)}Z` }));
  const known = [
    ...given,
    ...deployments(evidence).filter(({ atMs }) => !given.some((date) => isNear(date.atMs, atMs, evidence))),
  ]
    .filter(({ atMs }) => atMs > period.fromMs && atMs < period.toMs)
    .toSorted((one, other) => one.atMs - other.atMs);
  const times = known.map(({ atMs }) => atMs);
  const costUnits = unitsOf(costPoints(evidence), period, times);
  const durationUnits = unitsOf(durationPoints(evidence, times), period, times);
  const [costs, durations] = [knownSteps(costUnits, times.length), knownSteps(durationUnits, times.length)];
  const found = unknownSteps(costUnits.length > 0 ? costUnits : durationUnits, times.length, evidence.seed);
  const isCost = costUnits.length > 0;
  return [
    ...known.map(
      ({ atMs, kind, what }, index): ObservedChange => ({
        at: isoOf(atMs),
        kind,
        what,
        costRatio: costs[index] ?? null,
        durationRatio: durations[index] ?? null,
      }),
    ),
    ...found
      .filter(({ atMs }) => !times.some((time) => isNear(time, atMs, evidence)))
      .map(({ atMs, ratio }): ObservedChange => {
        // The same place, looked at in the other series.
        const units = unitsOf(durationPoints(evidence, [atMs]), period, [atMs]);
        const [other] = knownSteps(units, 1);
        return {
          at: isoOf(atMs),
          kind: 'unknown',
          what: 'no deployment explains it',
          costRatio: isCost ? ratio : null,
          durationRatio: isCost ? (other ?? null) : ratio,
        };
      }),
  ].toSorted((one, other) => (one.at < other.at ? -1 : 1));
}

/** A date that somebody names and the deployment it is about are one change. */
function isNear(one: number, other: number, { period }: ProductionEvidence): boolean {
  return Math.abs(one - other) <= Math.max(6 * 3_600_000, period.cellMs);
}

function costPoints(evidence: ProductionEvidence): readonly Point[] {
  const { windows } = evidence;
  if (windows.every(({ calls }) => calls.length === 0)) return countedCosts(evidence);
  return windows.flatMap(({ fromMs, calls }) =>
    calls.length === 0
      ? []
      : [
          {
            atMs: fromMs,
            mean: calls.reduce((sum, { costUsd }) => sum + costUsd, 0) / calls.length,
            calls: calls.length,
          },
        ],
  );
}

/** Without records: mean durations at the settings of the versions that CloudWatch counts; without billed init. */
function countedCosts({ metrics, versions, costModel }: ProductionEvidence): readonly Point[] {
  if (metrics === undefined) return [];
  return [...metrics.meanDurationMs].flatMap(([atMs, meanMs]) => {
    const parts = [...metrics.byVersion].flatMap(([version, series]) => {
      const facts = versions.get(version);
      const calls = series.get(atMs) ?? 0;
      return facts === undefined || calls === 0 ? [] : [{ facts, calls }];
    });
    const calls = parts.reduce((sum, part) => sum + part.calls, 0);
    // Each call is rounded up to a millisecond: half of one on average.
    const usd = parts.reduce(
      (sum, { facts: { architecture, memoryMb, ephemeralStorageMb }, calls: own }) =>
        sum +
        own *
          invocationCostUsd({ architecture, memoryMb, billedDurationMs: meanMs + 0.5, ephemeralStorageMb }, costModel),
      0,
    );
    return calls === 0 ? [] : [{ atMs, mean: usd / calls, calls }];
  });
}

function durationPoints(
  { metrics, windows, period }: ProductionEvidence,
  changes: readonly number[],
): readonly Point[] {
  if (metrics !== undefined && metrics.meanDurationMs.size > 0) {
    return [...metrics.meanDurationMs].flatMap(([atMs, mean]) => {
      const calls = metrics.calls.get(atMs) ?? 0;
      // Of both sides of a change.
      const isMixed = changes.some((change) => change > atMs && change < atMs + period.cellMs);
      return calls > 0 && !isMixed ? [{ atMs, mean, calls }] : [];
    });
  }
  return windows.flatMap(({ fromMs, calls }) =>
    calls.length === 0
      ? []
      : [
          {
            atMs: fromMs,
            mean: calls.reduce((sum, { durationMs }) => sum + durationMs, 0) / calls.length,
            calls: calls.length,
          },
        ],
  );
}

interface State {
  readonly version: string;
  readonly memoryMb: number;
  readonly architecture: Architecture;
  readonly runtime: string | undefined;
}

/** Where most calls are of another version, or of another memory size of the same one, than before. */
function deployments(evidence: ProductionEvidence): readonly KnownChange[] {
  const read = evidence.windows
    .filter(({ calls }) => calls.length > 0)
    .toSorted((one, other) => one.fromMs - other.fromMs)
    .map(({ fromMs, calls }) => ({ fromMs, state: mostOf(calls) }));
  const states = read.length > 0 ? read : countedStates(evidence);
  const changes: KnownChange[] = [];
  let before = states[0]?.state;
  states.forEach(({ fromMs, state }, index) => {
    if (before === undefined || sameState(state, before)) return;
    // A few calls of another version are a canary, not a change.
    const next = states.slice(index, index + 3);
    if (next.filter((one) => sameState(one.state, state)).length < Math.min(2, next.length)) return;
    changes.push({ atMs: startOf(state, before, fromMs, evidence), ...wordsOf(state, before) });
    before = state;
  });
  const latest = evidence.current;
  const atMs = latest.version === '$LATEST' ? latest.lastModifiedMs : undefined;
  if (atMs !== undefined && !changes.some((change) => isNear(change.atMs, atMs, evidence))) {
    changes.push({ atMs, kind: 'version', what: 'deployment of $LATEST' });
  }
  return changes;
}

/** Without records: the version that most calls of a step are counted under. */
function countedStates({
  metrics,
  versions,
}: ProductionEvidence): readonly { readonly fromMs: number; readonly state: State }[] {
  return [...(metrics?.calls.keys() ?? [])]
    .toSorted((one, other) => one - other)
    .flatMap((fromMs) => {
      const most = [...(metrics?.byVersion ?? [])]
        .map(([version, series]) => ({ version, calls: series.get(fromMs) ?? 0 }))
        .reduce((best, one) => (one.calls > best.calls ? one : best), { version: '', calls: 0 });
      const facts = versions.get(most.version);
      if (facts === undefined || most.calls === 0) return [];
      const { version, memoryMb, architecture, runtime } = facts;
      return [{ fromMs, state: { version, memoryMb, architecture, runtime } }];
    });
}

/** CloudWatch tells it to the step, the windows between two of them; memory of `$LATEST` changes when it was modified. */
function startOf(
  state: State,
  before: State,
  fromMs: number,
  { metrics, versions, windows }: ProductionEvidence,
): number {
  const own = metrics?.byVersion.get(state.version);
  const old = metrics?.byVersion.get(before.version);
  const previous = windows.reduce((last, one) => (one.fromMs < fromMs ? Math.max(last, one.fromMs) : last), 0);
  const counted = [...(own ?? [])]
    .filter(([at, calls]) => at >= previous - 86_400_000 && at <= fromMs && calls > (old?.get(at) ?? 0))
    .map(([at]) => at);
  if (counted.length > 0) return Math.max(Math.min(...counted), previous);
  const modified = versions.get(state.version)?.lastModifiedMs ?? 0;
  return modified > previous && modified < fromMs ? modified : fromMs;
}

function wordsOf(state: State, before: State): Pick<KnownChange, 'kind' | 'what'> {
  const settings = [
    state.memoryMb === before.memoryMb ? [] : [`${before.memoryMb} → ${state.memoryMb} MB`],
    state.architecture === before.architecture ? [] : [`${before.architecture} → ${state.architecture}`],
    state.runtime === before.runtime || before.runtime === undefined || state.runtime === undefined
      ? []
      : [`${before.runtime} → ${state.runtime}`],
  ].flat();
  if (state.version !== before.version) {
    return { kind: 'version', what: [`version ${state.version}`, ...settings].join(', ') };
  }
  const kind =
    state.memoryMb !== before.memoryMb
      ? 'memory'
      : state.architecture !== before.architecture
        ? 'architecture'
        : 'runtime';
  return { kind, what: settings.join(', ') };
}

function mostOf(calls: readonly ObservedCall[]): State {
  const counts = new Map<string, { count: number; state: State }>();
  for (const { version, memoryMb, architecture, runtime } of calls) {
    const key = `${version} ${memoryMb}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { count: 1, state: { version, memoryMb, architecture, runtime } });
    else known.count += 1;
  }
  return [...counts.values()].reduce((best, one) => (one.count > best.count ? one : best)).state;
}

function sameState(one: State, other: State): boolean {
  return one.version === other.version && sameConfiguration(one, other);
}
