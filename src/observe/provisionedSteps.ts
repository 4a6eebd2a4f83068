import type { Interval } from '../model/production/observedFigures.ts';
import type { ProvisionedConfig } from '../model/production/production.ts';
import type { ProvisionedRead } from './evidence.ts';
import type { Period } from './period.ts';

interface ProvisionedStep {
  readonly fromMs: number;
  /** Kept ready in this step. */
  readonly environments: Interval;
  /** Neither CloudWatch nor the date of the configuration tells how many there were. */
  readonly isAssumed: boolean;
  readonly versions: ProvisionedConfig['versions'];
}

/**
 * How many environments were kept ready, step by step. Since the configuration was changed last they are today's. Before, they are
 * the most that ran at a time ÷ the largest part in use; none in a step whose calls all ran on demand without one that is counted as
 * not fitting (calls meet what is kept ready first: inferred). In a pause they are taken to be those before it, and may have been none
 * or as many as at either end.
 */
export function environmentsOver(
  period: Period,
  config: ProvisionedConfig,
  read: ProvisionedRead | undefined,
): readonly ProvisionedStep[] {
  const { environments, modifiedMs } = config;
  const times: number[] = [];
  for (let fromMs = period.fromMs; fromMs < period.toMs; fromMs += period.cellMs) times.push(fromMs);
  const since = environments > 0 ? (modifiedMs ?? period.fromMs) : Number.POSITIVE_INFINITY;
  const known = times.map((fromMs) => (fromMs >= since ? environments : toldBy(read, fromMs)));
  const nexts = new Array<number | undefined>(times.length);
  let next = environments > 0 ? environments : undefined;
  for (let index = times.length - 1; index >= 0; index -= 1) {
    nexts[index] = next;
    next = known[index] ?? next;
  }
  let before: number | undefined;
  let versions = config.versions;
  return times.map((fromMs, index) => {
    versions = versionsIn(read, fromMs) ?? versions;
    const here = known[index];
    if (here !== undefined) {
      before = here;
      return { fromMs, environments: { estimate: here, low: here, high: here }, isAssumed: false, versions };
    }
    const after = nexts[index];
    // After the last one that was seen there may be none; before the first one, too.
    const estimate = before !== undefined && after !== undefined ? before : 0;
    const high = Math.max(before ?? 0, after ?? 0);
    return { fromMs, environments: { estimate, low: 0, high }, isAssumed: high > 0, versions };
  });
}

function toldBy(read: ProvisionedRead | undefined, fromMs: number): number | undefined {
  if (read === undefined) return undefined;
  const at = (series: ReadonlyMap<number, number>) => series.get(fromMs) ?? 0;
  const [most, use] = [at(read.most), at(read.use)];
  if (most > 0 && use > 0) return Math.max(1, Math.round(most / use));
  return at(read.calls) > 0 && at(read.served) + at(read.spilled) === 0 ? 0 : undefined;
}

/** By the calls that each answered. */
function versionsIn(read: ProvisionedRead | undefined, fromMs: number): ProvisionedStep['versions'] | undefined {
  const counts = [...(read?.byVersion ?? [])].flatMap(([version, series]) => {
    const calls = series.get(fromMs) ?? 0;
    return calls > 0 ? [{ version, calls }] : [];
  });
  const all = counts.reduce((sum, { calls }) => sum + calls, 0);
  return all === 0 ? undefined : counts.map(({ version, calls }) => ({ version, share: calls / all }));
}
