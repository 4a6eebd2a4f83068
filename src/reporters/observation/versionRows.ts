import type { Observation } from '../../model/production/observation.ts';
import { formatCount, formatDuration, formatMemory, formatShare, formatUsd } from '../../text/format.ts';
import { usdText } from './chargesWording.ts';

export const versionColumns = {
  version: 'version',
  setting: 'setting',
  calls: 'calls',
  month: '$/month',
  million: '$/million',
  p95: 'p95',
  cold: 'cold',
  used: 'used',
} as const;

export type VersionRow = Readonly<Record<keyof typeof versionColumns, string>>;

export function versionRows({ versions }: Observation): readonly VersionRow[] {
  return versions.map((row) => ({
    version: row.version,
    setting: `${formatMemory(row.memoryMb)}, ${row.architecture ?? 'version gone'}`,
    calls: `${row.invocationsAre === 'exact' ? '' : '~'}${formatCount(row.invocations)}`,
    month: row.costPerMonthUsd === null ? '' : usdText(row.costPerMonthUsd),
    million: row.costPerMillionUsd === null ? '' : formatUsd(row.costPerMillionUsd.estimate),
    p95: row.durationMs === null ? '' : formatDuration(row.durationMs.p95),
    cold: row.coldShare === null ? '' : formatShare(row.coldShare.estimate),
    used: row.maxMemoryUsedMb === null ? '' : formatMemory(Math.round(row.maxMemoryUsedMb)),
  }));
}
