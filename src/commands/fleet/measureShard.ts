import pLimit from 'p-limit';
import { configuredEndpoint } from '../../aws/cleanup/journalReach.ts';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { asChosen } from '../../fleet/select.ts';
import type { ChosenFunction, FleetShard, ShardRow } from '../../model/fleet/shard.ts';
import { formatNumberOf, formatUsd } from '../../text/format.ts';
import { cleanupCommand } from '../shared/cleanupCommand.ts';
import { clientOptions } from '../shared/clientOptions.ts';
import { sweepBeforeRun } from '../shared/leftovers.ts';
import type { Onlooker } from '../shared/onlooker.ts';
import { agree, announce } from './announce.ts';
import { cutRunsOf, inOrder, isDone, removeRecordsOfDone, spentBefore } from './earlierWork.ts';
import { openCaps } from './fleetCaps.ts';
import { type Foreseen, foresee } from './foreseen.ts';
import { type FleetRequest, optionsOf } from './functionOptions.ts';
import { portfolioOfPart } from './loadPortfolio.ts';
import { type CutRun, measureFunction } from './measureFunction.ts';
import { emptyShard, openShardFile, readEarlierShard, type ShardFile } from './shardFile.ts';
import type { ShardEnd, ShardRun } from './shardRun.ts';

/** Functions at a time in one account and region: enough that making copies of one and calling those of another overlap. */
const sideBySideInPlace = 6;
/** Over all of them: each holds a package and what it measured. */
const sideBySideMost = 24;

export async function measureShard(run: ShardRun, io: Io): Promise<ShardEnd> {
  const { options, request, ranked, work, connections, progress } = run;
  const { shard } = work;
  const own = ranked.map(asChosen);
  const earlier = await readEarlierShard(work);
  const cutRuns = cutRunsOf(earlier, io);
  const spentBeforeUsd = spentBefore(earlier, cutRuns);
  const done = new Set((earlier?.rows ?? []).filter(isDone).map(({ functionArn }) => functionArn));
  const todo = inOrder(own, done, cutRuns);
  const capUsd = capOf(run);
  const foreseen = foresee(todo, request);
  announce({ run, todo, foreseen, cut: cutRuns.size, capUsd, spentBeforeUsd });
  if (options.dryRun) return dryRun(run, todo, foreseen, io);
  if (todo.length > 0) await agree(options, capUsd, todo, ranked, io);
  const leftUsd = capUsd === undefined ? undefined : capUsd - spentBeforeUsd;
  const caps = openCaps(
    {
      shard,
      maxSpendUsd: leftUsd === undefined ? undefined : Math.max(1e-9, leftUsd),
      maxInFlight: options.maxInFlight ?? request.written.maxInFlight,
    },
    io,
  );
  const file = await openShardFile(work, earlier, spentBeforeUsd, () => caps.spentUsd);
  io.onHardExit(`To remove what these runs may have left: ${cleanupCommand(undefined, options)}`);
  await sweepCut(own, earlier, request, run, io);
  removeRecordsOfDone(earlier, io);
  const oneAtATime = pLimit(1);
  const measuring = {
    request,
    folder: work.folder,
    file,
    caps,
    connections,
    opening: <Opened>(open: () => Promise<Opened>) => oneAtATime(open),
    onlooker: silent,
    // Each function would say how to remove what it alone may have left.
    io: { ...io, onHardExit: () => undefined },
  };
  const inTurn = pLimit(sideBySideMost);
  const turns = new Map<string, ReturnType<typeof pLimit>>();
  let ended = own.length - todo.length;
  // A call may cost what it costs at its timeout: where one had no room, those with a longer one have none, either.
  const timeouts = new Map(ranked.map(({ functionArn, timeoutS }) => [functionArn, timeoutS]));
  let refusedS = leftUsd !== undefined && leftUsd <= 0 ? 0 : Number.POSITIVE_INFINITY;
  await Promise.all(
    todo.map((one) => {
      const key = `${one.accountId} ${one.region}`;
      const turn = turns.get(key) ?? pLimit(sideBySideInPlace);
      turns.set(key, turn);
      return turn(() =>
        inTurn(async () => {
          if (io.interrupted.aborted) return;
          const timeoutS = timeouts.get(one.functionArn) ?? 0;
          // It would be made only to be refused its first call.
          const hasRoom = timeoutS < refusedS;
          const row = hasRoom ? await measureFunction(one, cutRuns.get(one.functionArn), measuring) : notReached(one);
          if (row.state === 'notReached') refusedS = Math.min(refusedS, timeoutS);
          await keep(row, cutRuns, file);
          ended += 1;
          if (row.state === 'started') return;
          progress.say(`${ended} of ${own.length}: ${one.functionName}: ${rowText(row)}`);
          progress.show(`${ended} of ${formatNumberOf(own.length, 'function')}, ${formatUsd(caps.spentUsd)} spent`);
        }),
      );
    }),
  );
  const arns = new Set(own.map(({ functionArn }) => functionArn));
  const portfolio = await portfolioOfPart({ ...file.contents(), functions: own }, work, io);
  return { portfolio, rows: [...file.rows.values()].filter(({ functionArn }) => arns.has(functionArn)) };
}

/** What could not be reached keeps the record that it may have. */
async function keep(row: ShardRow, cutRuns: ReadonlyMap<string, CutRun>, file: ShardFile): Promise<void> {
  if (file.rows.get(row.functionArn) === row) return;
  const runId =
    row.runId ?? (row.state === 'notReached' ? cutRuns.get(row.functionArn)?.record?.header.runId : undefined);
  await file.set(runId === undefined ? row : { ...row, runId });
}

function notReached({ functionArn }: ChosenFunction): ShardRow {
  return { functionArn, state: 'notReached', because: 'the cap (--max-spend-usd) was reached before', spentUsd: 0 };
}

/** This part's share. */
function capOf({ options, request, work }: ShardRun): number | undefined {
  const whole = options.maxSpendUsd ?? request.written.maxSpendUsd;
  return whole === undefined ? undefined : whole / work.shard.of;
}

/** Copies of a process that was killed are removed before anything else, also where nothing is left to measure. */
async function sweepCut(
  own: readonly ChosenFunction[],
  earlier: FleetShard | undefined,
  request: FleetRequest,
  { connections, progress }: ShardRun,
  io: Io,
): Promise<void> {
  if (earlier === undefined) return;
  const begun = new Set(earlier.rows.filter(({ runId }) => runId !== undefined).map(({ functionArn }) => functionArn));
  const places = new Map(
    own.filter(({ functionArn }) => begun.has(functionArn)).map((one) => [`${one.accountId} ${one.region}`, one]),
  );
  for (const one of places.values()) {
    const { options } = optionsOf(one, request);
    const { accountId, region } = one;
    try {
      const clients = await connections.clients(clientOptions(options, region));
      const endpoint = configuredEndpoint(options.endpointUrl, io.env);
      const here = { region, accountId, endpoint };
      const warnings = await sweepBeforeRun({ clients, clock: io, signal: io.interrupted }, here, io);
      for (const { text } of warnings) progress.say(text);
    } catch (error) {
      // Whoever measures there meets it again, and says it in the row.
      if (!(error instanceof TuneError)) throw error;
    }
  }
}

async function dryRun(
  { work, ranked }: ShardRun,
  todo: readonly ChosenFunction[],
  { withoutPayload }: Foreseen,
  io: Io,
): Promise<ShardEnd> {
  const own = ranked.map(asChosen);
  const open = new Set(todo.map(({ functionArn }) => functionArn));
  const rows = own.map(
    ({ functionArn }): ShardRow => ({
      functionArn,
      state: 'notReached',
      because: !open.has(functionArn)
        ? 'dry run: it was measured before'
        : withoutPayload.has(functionArn)
          ? 'dry run: nothing was created; it needs a payload in the config file, or a shareable test event'
          : 'dry run: nothing was created',
      spentUsd: 0,
    }),
  );
  return { portfolio: await portfolioOfPart(emptyShard(work, own, rows), work, io), rows: [] };
}

function rowText({ state, because, error }: ShardRow): string {
  switch (state) {
    case 'measured':
      return because === '' ? 'measured' : `measured (${because})`;
    case 'needsPayload':
      return `needs a payload: ${because}`;
    case 'failed':
      return `failed: ${error?.message ?? because}`;
    case 'notReached':
      return `not reached: ${because}`;
    case 'started':
      return 'cut short';
  }
}

const silent: Onlooker = {
  watch: () => ({ planned: () => undefined, onEvent: () => undefined, stop: () => undefined }),
  plan: () => undefined,
  agree: async () => undefined,
  failed: () => undefined,
  say: () => undefined,
};
