import type { TuningResult } from '../result.ts';
import type { ArchitectureComparison } from './comparison.ts';
import type { Decision } from './decision.ts';
import type { Step } from './migrationPlan.ts';
import type { Preflight } from './preflight.ts';
import { type MigrationResult, migrationResultSchema, migrationSchemaVersion } from './result.ts';
import type { Savings } from './savings.ts';
import type { SmokeRow } from './smoke.ts';

/** What a migration came to; each part only as far as it got. */
export interface MigrationParts {
  readonly tool: MigrationResult['tool'];
  readonly runId: string;
  readonly function: string;
  readonly current: MigrationResult['current'];
  readonly preflight: Preflight;
  readonly smoke?: readonly SmokeRow[];
  /** At the current size. */
  readonly comparison?: ArchitectureComparison;
  readonly savings?: Savings;
  /** Each architecture at its own best size, with the sizes that cannot be told apart from it. */
  readonly best?: ArchitectureComparison & {
    readonly tiedWith: { readonly x86_64: readonly number[]; readonly arm64: readonly number[] };
  };
  readonly required?: Decision;
  readonly projection?: { readonly memoryMb: number; readonly breakEvenSlowdown: number };
  readonly steps: readonly Step[];
  readonly run?: TuningResult;
}

/** The `--json` document, held to its schema. */
export function migrationDocument({ comparison, savings, ...parts }: MigrationParts): MigrationResult {
  return migrationResultSchema.parse({
    schemaVersion: migrationSchemaVersion,
    ...parts,
    ...(comparison !== undefined && {
      comparison: {
        ...comparison,
        memoryMb: comparison.memoryMb.x86_64,
        ...(savings !== undefined && { savings }),
      },
    }),
  });
}
