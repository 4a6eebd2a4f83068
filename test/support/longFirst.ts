import { BaseSequencer } from 'vitest/node';

type Files = Parameters<BaseSequencer['sort']>[0];

/** Short files that take long: commands and faults come from lists elsewhere. */
const long = ['e2e/documented', 'faults/sampledFaults', 'faults/killedParts', 'observe/quality.slow'];

/**
 * Where nothing is known of earlier runs, as in CI, vitest begins with the largest files. Those that are small and take long
 * would come last, and be waited for by one worker alone.
 */
export class LongFirst extends BaseSequencer {
  override async sort(files: Files): Promise<Files> {
    const sorted = await super.sort(files);
    const projects = [...new Set(sorted.map(({ project }) => project))];
    const rankOf = (path: string) => (long.some((name) => path.includes(`/test/${name}`)) ? 0 : 1);
    return sorted.toSorted(
      (one, other) =>
        projects.indexOf(one.project) - projects.indexOf(other.project) ||
        rankOf(one.moduleId) - rankOf(other.moduleId),
    );
  }
}
