import type { Finding } from './inspection.ts';
import type { PreflightInput } from './preflightInput.ts';

/**
 * What SnapStart is not for: Lambda refuses the copies ("nodejs20.x is not supported for SnapStart enabled functions"). By AWS's
 * documentation of November 2026.
 */
export function snapStartFindings({ runtime, image, change }: PreflightInput): readonly Finding[] {
  if (change?.snapStart === undefined) return [];
  const { ephemeralStorageMb, hasFileSystem } = change.snapStart;
  const found = { where: 'function', path: 'SnapStart', architecture: 'unknown', blocking: true } as const;
  if (image !== undefined) {
    const cure = 'Deploy the function as a zip, or measure it without SnapStart.';
    return [{ ...found, kind: 'image', reason: 'is not for container images', cure }];
  }
  const reasons = [
    hasSnapStart(runtime)
      ? ''
      : `is not for ${runtime ?? 'this runtime'}: Java 11, Python 3.12, .NET 8 and newer have it`,
    ephemeralStorageMb > 512
      ? `is not for functions with more than 512 MB of /tmp (${ephemeralStorageMb} MB here)`
      : '',
    hasFileSystem ? 'is not for functions that mount a file system' : '',
  ];
  const cure = 'Leave it off, or change that first.';
  return reasons.filter((reason) => reason !== '').map((reason) => ({ ...found, kind: 'runtime', reason, cure }));
}

/** First versions that have it. */
const firsts: Readonly<Record<string, number>> = { java: 11, 'python3.': 12, dotnet: 8 };

function hasSnapStart(runtime: string | undefined): boolean {
  const [, language = '', version = ''] = /^(java|python3\.|dotnet)(\d+)(?:\.al\w+)?$/.exec(runtime ?? '') ?? [];
  return Number(version) >= (firsts[language] ?? Number.POSITIVE_INFINITY);
}
