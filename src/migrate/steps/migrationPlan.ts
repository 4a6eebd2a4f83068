import { settingLines } from '../../advice/settingSyntax.ts';
import type { Architecture } from '../../model/configuration.ts';
import type { MigrationResult } from '../../model/migration.ts';

/** What the new version differs in, and how the function is called today. Names and ARNs are untrusted text. */
export interface MigrationPlan {
  readonly functionName: string;
  readonly region?: string;
  /** `$LATEST`, a version or an alias: what callers name. */
  readonly qualifier: string;
  readonly from: { readonly architecture: Architecture; readonly memoryMb: number };
  readonly to: { readonly architecture: Architecture; readonly memoryMb: number };
  /** Where the other build lies. */
  readonly code:
    | { readonly kind: 'zip'; readonly path: string }
    | { readonly kind: 's3'; readonly bucket: string; readonly key: string }
    | { readonly kind: 'image'; readonly uri: string };
  /** ARNs for the other architecture, in order, where they differ from those of today. */
  readonly newLayers?: readonly string[] | undefined;
  /** Of today, to go back. */
  readonly oldLayers: readonly string[];
  /** Environments that are provisioned today. */
  readonly provisionedConcurrency?: number | undefined;
}

export type MigrationStep = MigrationResult['steps'][number];

/** The alias that traffic is shifted with: the one that is used, or a new one. */
export function aliasOf({ qualifier }: MigrationPlan): string {
  return isAlias(qualifier) ? qualifier : 'live';
}

export function isAlias(qualifier: string): boolean {
  return qualifier !== '$LATEST' && !/^\d+$/.test(qualifier);
}

/** Memory and architecture in the words of a tool. */
export function changedSettingLines(
  tool: Exclude<MigrationStep['tool'], 'AWS CLI'>,
  { from, to }: MigrationPlan,
): readonly string[] {
  return settingLines(tool, to, { memory: from.memoryMb !== to.memoryMb, architecture: true });
}
