import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { toolVersion } from '../../base/version.ts';
import { parseFleetShard, parseSavedRun } from '../../documents/savedDocument.ts';
import { type MeasuredRun, portfolioOf } from '../../fleet/portfolio.ts';
import { wholeShard } from '../../fleet/shards.ts';
import type { Portfolio } from '../../model/fleet/portfolio.ts';
import type { FleetShard } from '../../model/fleet/shard.ts';
import { renderQuiet } from '../../reporters/run/quiet.ts';
import { absolutePath } from '../shared/inputs.ts';
import { type ShardWork, shardFolder } from './shardFile.ts';

/** What `tune fleet run` left in one or several folders. @throws TuneError SAVED_RUN where there is nothing, or it is damaged */
export async function loadPortfolio(folders: readonly string[], io: Io): Promise<Portfolio> {
  const shards: FleetShard[] = [];
  const runs = new Map<string, MeasuredRun>();
  for (const shown of folders) {
    const folder = absolutePath(shown, io);
    const names = await readdir(join(folder, shardFolder)).catch((error: NodeJS.ErrnoException) => {
      throw new TuneError('SAVED_RUN', `${shown} is no folder of tune fleet run (${error.code ?? 'unknown error'}).`, {
        hint: 'Give what --out named: tune fleet run fleet.json --out runs, then tune fleet merge runs',
        cause: error,
      });
    });
    for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
      const file = join(shown, shardFolder, name);
      const shard = parseFleetShard(await readText(join(folder, shardFolder, name), file), file);
      shards.push(shard);
      for (const [runFile, run] of await runsOf(shard, { folder, shown })) runs.set(runFile, run);
    }
  }
  if (shards.length === 0) {
    throw new TuneError('SAVED_RUN', `There is nothing of a fleet in ${folders.join(', ')}.`, {
      hint: 'Measure it first: tune fleet run fleet.json --out runs',
    });
  }
  return portfolioOf({ toolVersion, now: io.now(), folders, shards, runs });
}

/** What one part came to, by itself. */
export async function portfolioOfPart(
  shard: FleetShard,
  { folder, shown }: Pick<ShardWork, 'folder' | 'shown'>,
  io: Io,
): Promise<Portfolio> {
  const runs = await runsOf(shard, { folder, shown });
  return portfolioOf({
    toolVersion,
    now: io.now(),
    folders: [shown],
    shards: [{ ...shard, shard: wholeShard }],
    runs,
  });
}

async function runsOf(
  { rows }: FleetShard,
  { folder, shown }: Pick<ShardWork, 'folder' | 'shown'>,
): Promise<ReadonlyMap<string, MeasuredRun>> {
  const runs = new Map<string, MeasuredRun>();
  for (const { state, runFile } of rows) {
    if (state !== 'measured' || runFile === undefined) continue;
    const text = await readText(join(folder, runFile), join(shown, runFile)).catch(() => undefined);
    // A folder that lacks it may be merged with one that has it.
    if (text === undefined) continue;
    const run = parseSavedRun(text, join(shown, runFile));
    runs.set(runFile, { run, said: renderQuiet(run).trim() });
  }
  return runs;
}

async function readText(path: string, shown: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new TuneError('SAVED_RUN', `Cannot read ${shown} (${error.code ?? 'unknown error'}).`, { cause: error });
  });
}
