import { setMaxListeners } from 'node:events';
import { ExitCode, exitCodeOfError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { parseSavedFleet } from '../../documents/savedDocument.ts';
import { asChosen, chosenOf } from '../../fleet/select.ts';
import { inShard, wholeShard } from '../../fleet/shards.ts';
import type { Fleet } from '../../model/fleet/fleet.ts';
import type { Portfolio } from '../../model/fleet/portfolio.ts';
import type { ShardRow } from '../../model/fleet/shard.ts';
import { parseFlags, resolveOptions } from '../../options/options.ts';
import type { ToolOptions } from '../../options/table.ts';
import { portfolioReporters } from '../../reporters/registry.ts';
import { guardedByAncestors } from '../shared/ancestry.ts';
import { openConnections } from '../shared/connections.ts';
import { asPortfolio, readDocument } from '../shared/documents.ts';
import { interruptExitCode } from '../shared/exitCode.ts';
import { absolutePath, readConfigFile } from '../shared/inputs.ts';
import { planOutputs, writeOutputs } from '../shared/outputs.ts';
import { openReadingProgress } from '../shared/production/readingProgress.ts';
import type { FleetRequest } from './functionOptions.ts';
import { measureShard } from './measureShard.ts';
import type { ShardWork } from './shardFile.ts';

type RunFlags = ToolOptions<'fleet run'>;

/** `tune fleet run`: measures the functions of a ranking, or a part of them, one saved run each. */
export async function runFleetRun(file: string, flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const options = parseFlags('fleet run', flags);
  const { text, shown } = await readDocument(file, io, 'Make it with: tune fleet rank --json > fleet.json');
  const fleet = parseSavedFleet(text, shown);
  const request = await requestOf(flags, fleet, io);
  const outputs = await planOutputs(options, Object.keys(portfolioReporters), io);
  const shard = options.shard ?? wholeShard;
  const isPicked = (options.only ?? []).length > 0;
  const ranked = chosenOf(fleet, options);
  const work: ShardWork = {
    folder: absolutePath(options.out, io),
    shown: options.out,
    shard,
    functions: ranked.map(asChosen),
    isPicked,
  };
  const progress = openReadingProgress(options, io, 'Measured');
  setMaxListeners(0, io.interrupted);
  return guardedByAncestors(io, async () => {
    const connections = openConnections(io, shard.of);
    try {
      const { portfolio, rows } = await measureShard(
        { options, request, fleet, ranked: inShard(ranked, shard), work, connections, progress },
        io,
      );
      progress.end();
      await writeOutputs(outputs, asPortfolio(portfolio), io, options);
      return exitCodeOf(portfolio, rows, options, io);
    } finally {
      io.onHardExit(undefined);
      progress.end();
      await connections.close();
    }
  });
}

async function requestOf(
  flags: Readonly<Record<string, unknown>>,
  { functions }: Fleet,
  io: Io,
): Promise<FleetRequest> {
  const { config, top: _top, minSaving: _minSaving, only: _only, shard: _shard, out: _out, ...rest } = flags;
  const written = await readConfigFile(config, io);
  return {
    written: written === undefined ? {} : resolveOptions(written, {}),
    given: resolveOptions(undefined, rest),
    eventSources: new Map(functions.map(({ functionArn, eventSources }) => [functionArn, eventSources])),
  };
}

/** A failed function is a row, and it is told apart from one that was measured: see docs/exit-codes.md. */
function exitCodeOf({ leftBehind }: Portfolio, rows: readonly ShardRow[], options: RunFlags, io: Io): ExitCode {
  if (leftBehind.length > 0) return ExitCode.leftBehind;
  const interrupted = interruptExitCode(io.interrupted);
  if (interrupted !== undefined) return interrupted;
  if (options.dryRun) return ExitCode.ok;
  const codes = rows.flatMap(({ error }) => (error === undefined ? [] : [exitCodeOfError(error.code)]));
  const worst = [ExitCode.bug, ExitCode.usage, ExitCode.notMeasured].find((code) => codes.includes(code));
  if (worst !== undefined) return worst;
  return rows.length > 0 && rows.every(({ state }) => state !== 'measured') ? ExitCode.notMeasured : ExitCode.ok;
}
