import type { RankedFunction } from '../model/fleet/fleet.ts';
import type { ListedFunction } from '../model/fleet/listedFunction.ts';

/**
 * What calling copies of a function may do: a copy has the role and the settings of the function, and so its side effects. What
 * the code does nobody can read from a list; these are the signs of what it reaches.
 */
export function riskOf(
  { inVpc, hasFileSystem }: Pick<ListedFunction, 'inVpc' | 'hasFileSystem'>,
  eventSources: readonly string[] | undefined,
): RankedFunction['risk'] {
  const reasons = [
    ...(hasFileSystem ? ['it mounts a file system that others share'] : []),
    ...(eventSources !== undefined && eventSources.length > 0
      ? [`it is called with events of ${eventSources.join(', ')}: what it does with one is done again`]
      : []),
    ...(inVpc ? ['it is in a VPC, so it reaches what is private there'] : []),
    ...(eventSources === undefined ? ['its event sources could not be read'] : []),
  ];
  return { level: hasFileSystem ? 'high' : reasons.length > 0 ? 'some' : 'low', reasons };
}

/** Keys that people name the owner by, the surest first. */
const ownerKeys = ['owner', 'owned-by', 'ownedby', 'team', 'squad', 'maintainer', 'contact'];

export function ownerByTags(tags: Readonly<Record<string, string>> | undefined): string | null {
  if (tags === undefined) return null;
  const byKey = new Map(Object.entries(tags).map(([key, value]) => [key.toLowerCase().replace(/^.*[:/]/, ''), value]));
  for (const key of ownerKeys) {
    const value = byKey.get(key);
    if (value !== undefined && value !== '') return value;
  }
  return null;
}
