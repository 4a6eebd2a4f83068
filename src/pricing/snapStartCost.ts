import type { CostModel } from '../model/costModel.ts';

/** SnapStart is charged for Python and .NET; for Java it is free (AWS Lambda pricing). */
function snapStartIsCharged(runtime: string | undefined): boolean {
  return runtime === undefined || !runtime.startsWith('java');
}

/** Java 11, Python 3.12 and .NET 8, and what came after them (AWS Lambda documentation, SnapStart). */
export function snapStartRuntime(runtime: string | undefined): boolean {
  const found = /^(java|python|dotnet)(\d+)(?:\.(\d+))?/.exec(runtime ?? '');
  if (found === null) return false;
  const [, family, major, minor] = found;
  if (family === 'python') return Number(major) === 3 && Number(minor) >= 12;
  return Number(major) >= (family === 'java' ? 11 : 8);
}

/** US$ of one restore of a snapshot; 0 where it is free, undefined where its price is not known. */
export function restoreCostUsd(
  runtime: string | undefined,
  memoryMb: number,
  costModel: CostModel,
): number | undefined {
  if (!snapStartIsCharged(runtime)) return 0;
  if (costModel.snapStart === undefined) return undefined;
  return (memoryMb / 1024) * costModel.snapStart.restoreGbUsd;
}

/**
 * US$ of keeping one version's snapshot for `hours`, at least the minimum (3 h) whatever its life; 0 where it is free,
 * undefined where its price is not known. That the charge ends with the version is inferred, not documented.
 */
export function snapshotCacheCostUsd(
  runtime: string | undefined,
  memoryMb: number,
  hours: number,
  costModel: CostModel,
): number | undefined {
  if (!snapStartIsCharged(runtime)) return 0;
  if (costModel.snapStart === undefined) return undefined;
  const { cacheGbSecondUsd, minCacheHours } = costModel.snapStart;
  return (memoryMb / 1024) * Math.max(hours, minCacheHours) * 3600 * cacheGbSecondUsd;
}
