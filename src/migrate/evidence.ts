import type { Configuration } from '../model/configuration.ts';
import type { SmokeRow } from '../model/migration.ts';
import type { Preflight } from '../model/preflight.ts';
import type { TuningResult } from '../model/run.ts';
import type { Requirement } from './decision.ts';

/** Everything that the verdict of a migration rests on. */
export interface MigrationEvidence {
  /** What the function has today. */
  readonly current: Configuration;
  readonly preflight: Pick<Preflight, 'wanted' | 'verdict'> & {
    readonly findings: readonly Pick<Preflight['findings'][number], 'blocking'>[];
  };
  readonly smoke?: readonly SmokeRow[] | undefined;
  /** Absent: nothing was measured, as `notMeasured` says. */
  readonly run?: TuningResult | undefined;
  /** Why not: for the sentence. */
  readonly notMeasured?: 'preflightOnly' | 'dryRun' | undefined;
  readonly require?: Requirement | undefined;
  /** Given: p95 counts, even if nothing is required. */
  readonly maxSlowdown?: number | undefined;
  /** Given by the user; absent: no savings are named. */
  readonly requestsPerMonth?: number | undefined;
}
