import type { Fleet, RankedFunction } from '../../model/fleet/fleet.ts';
import type { Portfolio } from '../../model/fleet/portfolio.ts';
import type { ShardRow } from '../../model/fleet/shard.ts';
import type { ToolOptions } from '../../options/table.ts';
import type { Connections } from '../shared/connections.ts';
import type { ReadingProgress } from '../shared/production/readingProgress.ts';
import type { FleetRequest } from './functionOptions.ts';
import type { ShardWork } from './shardFile.ts';

export type RunFlags = ToolOptions<'fleet run'>;

/** One part of the work, all decided but what only its functions tell. */
export interface ShardRun {
  readonly options: RunFlags;
  readonly request: FleetRequest;
  readonly fleet: Fleet;
  /** Of this part. */
  readonly ranked: readonly RankedFunction[];
  readonly work: ShardWork;
  readonly connections: Connections;
  readonly progress: ReadingProgress;
}

export interface ShardEnd {
  readonly portfolio: Portfolio;
  /** Of this part. */
  readonly rows: readonly ShardRow[];
}
