import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { TuneError } from '../../base/errors.ts';
import { makeFolders } from '../../base/makeFolders.ts';
import { toolVersion } from '../../base/version.ts';
import { parseFleetShard } from '../../documents/savedDocument.ts';
import { wholeShard } from '../../fleet/shards.ts';
import {
  type ChosenFunction,
  type FleetShard,
  fleetShardSchemaVersion,
  type Shard,
  type ShardRow,
} from '../../model/fleet/shard.ts';
import type { LeftBehind } from '../../model/platform.ts';

/** Beside the saved runs, so that a folder of runs holds runs alone. */
export const shardFolder = 'shards';

/** How far this part came, kept on the disk: what is killed goes on from here. */
export interface ShardFile {
  readonly rows: ReadonlyMap<string, ShardRow>;
  readonly contents: () => FleetShard;
  /** Resolves when it is on the disk. */
  set(row: ShardRow): Promise<void>;
  leave(items: readonly LeftBehind[]): Promise<void>;
}

export interface ShardWork {
  readonly folder: string;
  readonly shown: string;
  readonly shard: Shard;
  readonly functions: readonly ChosenFunction[];
  /** Named one by one: not a part of a whole. */
  readonly isPicked: boolean;
}

/** What an earlier process of this part wrote. @throws TuneError SAVED_RUN where it cannot be read, USAGE where it is of other work */
export async function readEarlierShard(work: ShardWork): Promise<FleetShard | undefined> {
  const file = shardPath(work);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new TuneError('SAVED_RUN', `Cannot read ${file} (${error.code ?? 'unknown error'}).`, { cause: error });
  });
  return text === undefined ? undefined : parseFleetShard(text, file);
}

/** @throws TuneError REPORT_PATH where the folder cannot be written: nothing is created before there is one */
export async function openShardFile(
  work: ShardWork,
  earlier: FleetShard | undefined,
  spentBeforeUsd: number,
  spentUsd: () => number,
): Promise<ShardFile> {
  const file = shardPath(work);
  const rows = new Map((earlier?.rows ?? []).map((row) => [row.functionArn, row]));
  const left: LeftBehind[] = [];
  const contents = (): FleetShard => ({
    ...emptyShard(work, work.functions, [...rows.values()]),
    spentBeforeUsd,
    spentUsd: spentBeforeUsd + spentUsd(),
    leftBehind: left,
    started: (earlier?.started ?? 0) + 1,
  });
  const write = () => writeFileAtomic(file, `${JSON.stringify(contents(), null, 2)}\n`, { mode: 0o600 });
  try {
    makeFolders(join(work.folder, shardFolder));
    await write();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new TuneError('REPORT_PATH', `The folder ${work.shown} cannot be written (${code}).`, {
      hint: 'Nothing was created. Give another folder with --out.',
      cause: error,
    });
  }
  return {
    rows,
    contents,
    async set(row) {
      rows.set(row.functionArn, row);
      await write();
    },
    async leave(items) {
      if (items.length === 0) return;
      left.push(...items);
      await write();
    },
  };
}

/** Of which nothing was measured yet. */
export function emptyShard(
  { shard, isPicked }: Pick<ShardWork, 'shard' | 'isPicked'>,
  functions: readonly ChosenFunction[],
  rows: readonly ShardRow[],
): FleetShard {
  return {
    schemaVersion: fleetShardSchemaVersion,
    kind: 'fleetShard',
    tool: { name: 'lambda-tune', version: toolVersion },
    // What is named one by one is no part that the others lack, whatever its share of the caps.
    shard: isPicked ? wholeShard : shard,
    functions,
    rows,
    spentBeforeUsd: 0,
    spentUsd: 0,
    leftBehind: [],
    started: 0,
  };
}

function shardPath({ folder, shard, functions, isPicked }: ShardWork): string {
  return join(
    folder,
    shardFolder,
    isPicked ? `only-${pickedName(functions)}.json` : `${shard.index}-of-${shard.of}.json`,
  );
}

function pickedName(functions: readonly ChosenFunction[]): string {
  const [only, ...others] = functions;
  if (only !== undefined && others.length === 0) return runStem(only);
  const arns = functions.map(({ functionArn }) => functionArn).join('\n');
  return createHash('sha256').update(arns).digest('hex').slice(0, 12);
}

/** Functions of several accounts and regions may be called the same. */
export function runStem({ functionName, accountId, region }: ChosenFunction): string {
  return `${functionName}.${accountId}.${region}`;
}
