import type { Io } from '../../base/io.ts';
import { stateFoldersToRead } from '../../host/stateDirectory.ts';
import type { ChosenFunction, FleetShard, ShardRow } from '../../model/fleet/shard.ts';
import { removeLog } from '../../state/logFiles.ts';
import { readRunRecords, recordFolder } from '../../state/runRecords.ts';
import type { CutRun } from './measureFunction.ts';

/** Measured to its end, or paid for and failed: measuring it once more would pay twice. */
export function isDone({ state, because, spentUsd }: ShardRow): boolean {
  return (state === 'measured' && because === '') || (state === 'failed' && spentUsd > 0);
}

/** Records of what was cut short, by function. */
export function cutRunsOf(earlier: FleetShard | undefined, io: Io): ReadonlyMap<string, CutRun> {
  const open = (earlier?.rows ?? []).filter((row) => !isDone(row) && row.runId !== undefined);
  if (open.length === 0) return new Map();
  const records = readRunRecords(stateFoldersToRead(io).map(recordFolder));
  return new Map(
    open.flatMap(({ functionArn, runId }) => {
      const found = records.find((each) => each.runId === runId && each.record !== undefined);
      return found === undefined ? [] : [[functionArn, found] as const];
    }),
  );
}

/** Of a process that was killed after its row said so, and before its record was gone. */
export function removeRecordsOfDone(earlier: FleetShard | undefined, io: Io): void {
  const done = new Set((earlier?.rows ?? []).filter(isDone).flatMap(({ runId }) => runId ?? []));
  if (done.size === 0) return;
  for (const { file, runId } of readRunRecords(stateFoldersToRead(io).map(recordFolder))) {
    if (done.has(runId)) removeLog(file);
  }
}

/** What the file says, or what the records do, which are written with every call. */
export function spentBefore(earlier: FleetShard | undefined, cutRuns: ReadonlyMap<string, CutRun>): number {
  if (earlier === undefined) return 0;
  const byRecords = [...cutRuns.values()].flatMap(
    ({ record }) => record?.measured.map(({ spentUsd }) => spentUsd ?? 0) ?? [],
  );
  const most = byRecords.reduce((highest, usd) => Math.max(highest, usd), 0);
  return Math.max(earlier.spentUsd, earlier.spentBeforeUsd + most);
}

/** What was cut short first: it was begun. */
export function inOrder(
  own: readonly ChosenFunction[],
  done: ReadonlySet<string>,
  cut: ReadonlyMap<string, CutRun>,
): readonly ChosenFunction[] {
  const open = own.filter(({ functionArn }) => !done.has(functionArn));
  return [
    ...open.filter(({ functionArn }) => cut.has(functionArn)),
    ...open.filter((one) => !cut.has(one.functionArn)),
  ];
}
