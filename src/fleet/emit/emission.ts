import { stringify } from 'yaml';

/** What a file for an engine is made of. */
export interface Emission {
  /** So many parts at most; of Step Functions: so many tasks at a time. */
  readonly shards: number;
  readonly maxSpendUsd: number;
  /** What the plan ranks, or `all`; undefined: the configured region. */
  readonly regions?: readonly string[] | undefined;
  /** The role that the jobs have. */
  readonly role?: string | undefined;
  /** In other accounts; the jobs may assume them. */
  readonly otherRoles: readonly string[];
  readonly toolVersion: string;
}

/** Started as the process of the step itself, never through npx: that alone hears a cancelled job. */
export const installed = 'node node_modules/lambda-tune/bin/tune.js';

/** A ranking that lies in the repository is taken as it is; otherwise the plan ranks. */
export function rankLines(tune: string, { regions, otherRoles }: Emission): readonly string[] {
  const where = regions === undefined ? '' : ` --region ${regions.join(',')}`;
  const roles = otherRoles.length === 0 ? '' : ` --assume-role ${otherRoles.join(',')}`;
  return [
    'if [ ! -f fleet.json ]; then',
    `  ${tune} fleet rank${where}${roles} --json -q > ranking.json`,
    '  mv ranking.json fleet.json',
    'fi',
    `${tune} fleet run fleet.json --dry-run --json -q > plan.json`,
  ];
}

/** What a killed process left: by its journal here, and what has outlived its lease in each account. */
export function cleanupLines(tune: string, { otherRoles }: Emission): readonly string[] {
  return [
    'failed=0',
    ...['', ...otherRoles.map((role) => ` --assume-role ${role}`)].map(
      (role) => `${tune} cleanup --yes${role} || failed=$?`,
    ),
    'exit $failed',
  ];
}

/** All parts into one portfolio: also where a part failed, for that is a row. */
export function mergeLines(tune: string, folders: string): readonly string[] {
  return [
    `${tune} fleet merge ${folders} --report json=portfolio.json --report html=fleet.html --report markdown=fleet.md`,
  ];
}

export const lines = (...parts: readonly string[]) => `${parts.join('\n')}\n`;

export function asYaml(head: readonly string[], content: object): string {
  const comment = head.map((line) => `# ${line}`.trimEnd()).join('\n');
  return `${comment}\n${stringify(content, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}
