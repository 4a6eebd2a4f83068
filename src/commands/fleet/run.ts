import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import { configuredEndpoint } from '../../aws/cleanup/journalReach.ts';
import { ExitCode, exitCodeOfError, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { parseSavedFleet } from '../../documents/savedDocument.ts';
import { asChosen, chosenOf } from '../../fleet/select.ts';
import { inShard, shardName, wholeShard } from '../../fleet/shards.ts';
import { stateFoldersToRead } from '../../host/stateDirectory.ts';
import type { Fleet, RankedFunction } from '../../model/fleet.ts';
import type { ChosenFunction, FleetShard, ShardRow } from '../../model/fleetShard.ts';
import type { Portfolio } from '../../model/portfolio.ts';
import { parseFlags, resolveOptions } from '../../options/options.ts';
import type { ToolOptions } from '../../options/table.ts';
import { portfolioReporters } from '../../reporters/registry.ts';
import { readRunRecords, recordFolder } from '../../state/runRecords.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { formatNumberOf, formatUsd } from '../../text/format.ts';
import { guardedByAncestors } from '../shared/ancestry.ts';
import { cleanupCommand } from '../shared/cleanupCommand.ts';
import { clientOptions } from '../shared/clientOptions.ts';
import { type Connections, openConnections } from '../shared/connections.ts';
import { asPortfolio, readDocument } from '../shared/documents.ts';
import { interruptExitCode } from '../shared/exitCode.ts';
import { absolutePath, readConfigFile } from '../shared/inputs.ts';
import { sweepBeforeRun } from '../shared/leftovers.ts';
import type { Onlooker } from '../shared/onlooker.ts';
import { planOutputs, writeOutputs } from '../shared/outputs.ts';
import { openReadingProgress, type ReadingProgress } from '../shared/production/readingProgress.ts';
import { openCaps } from './fleetCaps.ts';
import { type FleetRequest, optionsOf } from './functionOptions.ts';
import { partOf } from './loadPortfolio.ts';
import { type CutRun, measureFunction } from './measureFunction.ts';
import { emptyShard, openShardFile, readEarlierShard, type ShardFile, type ShardWork } from './shardFile.ts';

type RunFlags = ToolOptions<'fleet run'>;

/** Functions at a time in one account and region: enough that making copies of one and calling those of another overlap. */
const sideBySideInPlace = 6;
/** Over all of them: each holds a package and what it measured. */
const sideBySideMost = 24;

/** `tune fleet run`: measures the functions of a ranking, or a part of them, one saved run each. */
export async function runFleetRun(file: string, flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const options = parseFlags('fleet run', flags);
  const request = await requestOf(flags, io);
  const { text, shown } = await readDocument(file, io);
  const fleet = parseSavedFleet(text, shown);
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
  const progress = openReadingProgress(options, io);
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

async function requestOf(flags: Readonly<Record<string, unknown>>, io: Io): Promise<FleetRequest> {
  const { config, top: _top, minSaving: _minSaving, only: _only, shard: _shard, out: _out, ...rest } = flags;
  const written = await readConfigFile(config, io);
  return { written: written === undefined ? {} : resolveOptions(written, {}), given: resolveOptions(undefined, rest) };
}

interface ShardRun {
  readonly options: RunFlags;
  readonly request: FleetRequest;
  readonly fleet: Fleet;
  /** Of this part. */
  readonly ranked: readonly RankedFunction[];
  readonly work: ShardWork;
  readonly connections: Connections;
  readonly progress: ReadingProgress;
}

interface ShardEnd {
  readonly portfolio: Portfolio;
  /** Of this part. */
  readonly rows: readonly ShardRow[];
}

async function measureShard(run: ShardRun, io: Io): Promise<ShardEnd> {
  const { options, request, ranked, work, connections, progress } = run;
  const { shard } = work;
  const own = ranked.map(asChosen);
  const earlier = await readEarlierShard(work);
  const cutRuns = cutRunsOf(earlier, io);
  const spentBeforeUsd = spentBefore(earlier, cutRuns);
  const done = new Set((earlier?.rows ?? []).filter(isDone).map(({ functionArn }) => functionArn));
  const todo = inOrder(own, done, cutRuns);
  const capUsd = capOf(run);
  announce({ run, todo, cut: cutRuns.size, capUsd, spentBeforeUsd });
  if (options.dryRun) return dryRun(run, todo, io);
  if (todo.length > 0) await agree(options, capUsd, todo, ranked, io);
  const leftUsd = capUsd === undefined ? undefined : capUsd - spentBeforeUsd;
  const caps = openCaps(
    {
      shard,
      maxSpendUsd: leftUsd === undefined ? undefined : Math.max(1e-9, leftUsd),
      maxInFlight: options.maxInFlight,
    },
    io,
  );
  const file = await openShardFile(work, earlier, spentBeforeUsd, () => caps.spentUsd);
  io.onHardExit(`To remove what these runs may have left: ${cleanupCommand(undefined, options)}`);
  await sweepCut(own, earlier, request, run, io);
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
  let isSpent = leftUsd !== undefined && leftUsd <= 0;
  await Promise.all(
    todo.map((one) => {
      const key = `${one.accountId} ${one.region}`;
      const turn = turns.get(key) ?? pLimit(sideBySideInPlace);
      turns.set(key, turn);
      return turn(() =>
        inTurn(async () => {
          if (io.interrupted.aborted) return;
          const row = isSpent ? notReached(one) : await measureFunction(one, cutRuns.get(one.functionArn), measuring);
          // The next one would be made only to be refused its first call.
          if (row.state === 'notReached') isSpent = true;
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
  const portfolio = await partOf({ ...file.contents(), functions: own }, work, io);
  return { portfolio, rows: [...file.rows.values()].filter(({ functionArn }) => arns.has(functionArn)) };
}

/** What could not be reached keeps the record that it may have. */
async function keep(row: ShardRow, cutRuns: ReadonlyMap<string, CutRun>, file: ShardFile): Promise<void> {
  const runId =
    row.runId ?? (row.state === 'notReached' ? cutRuns.get(row.functionArn)?.record?.header.runId : undefined);
  await file.set(runId === undefined ? row : { ...row, runId });
}

function notReached({ functionArn }: ChosenFunction): ShardRow {
  return { functionArn, state: 'notReached', because: 'the cap (--max-spend-usd) was reached before', spentUsd: 0 };
}

/** Measured to its end, or paid for and failed: measuring it once more would pay twice. */
function isDone({ state, because, spentUsd }: ShardRow): boolean {
  return (state === 'measured' && because === '') || (state === 'failed' && spentUsd > 0);
}

/** Records of what was cut short, by function. */
function cutRunsOf(earlier: FleetShard | undefined, io: Io): ReadonlyMap<string, CutRun> {
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

/** What the file says, or what the records do, which are written with every call. */
function spentBefore(earlier: FleetShard | undefined, cutRuns: ReadonlyMap<string, CutRun>): number {
  if (earlier === undefined) return 0;
  const byRecords = [...cutRuns.values()].flatMap(
    ({ record }) => record?.measured.map(({ spentUsd }) => spentUsd ?? 0) ?? [],
  );
  const most = byRecords.reduce((highest, usd) => Math.max(highest, usd), 0);
  return Math.max(earlier.spentUsd, earlier.spentBeforeUsd + most);
}

/** What was cut short first: it was begun. */
function inOrder(
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

/** This part's share. */
function capOf({ options, request, work }: ShardRun): number | undefined {
  const whole = options.maxSpendUsd ?? request.written.maxSpendUsd;
  return whole === undefined ? undefined : whole / work.shard.of;
}

interface Announcing {
  readonly run: ShardRun;
  readonly todo: readonly ChosenFunction[];
  readonly cut: number;
  readonly capUsd: number | undefined;
  readonly spentBeforeUsd: number;
}

function announce({ run, todo, cut, capUsd, spentBeforeUsd }: Announcing): void {
  const { ranked, work, progress } = run;
  const places = new Set(todo.map(({ accountId, region }) => `${accountId} ${region}`)).size;
  const part = work.shard.of === 1 ? '' : `Part ${shardName(work.shard)}: `;
  const before = ranked.length - todo.length;
  const notes = [
    ...(before > 0 ? [`${formatNumberOf(before, 'function')} measured before`] : []),
    ...(cut > 0 ? [`${formatNumberOf(cut, 'function')} to go on with`] : []),
  ];
  progress.say(
    `${part}${formatNumberOf(todo.length, 'function')} of ${work.functions.length} to measure in ${formatNumberOf(places, 'account and region', 'accounts and regions')}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}. Copies of each are created, invoked and deleted; yours are only read.`,
  );
  const spent = spentBeforeUsd > 0 ? `; ${formatUsd(spentBeforeUsd)} of it are spent` : '';
  progress.say(
    `As ranked, measuring costs about ${formatUsd(expectedUsd(todo, ranked))}${capUsd === undefined ? '' : `, at most ${formatUsd(capUsd)} (--max-spend-usd${work.shard.of === 1 ? '' : `, the share of part ${shardName(work.shard)}`}${spent})`}. Saved runs: ${escapeTerminal(work.shown, 200)}`,
  );
}

function expectedUsd(todo: readonly ChosenFunction[], ranked: readonly RankedFunction[]): number {
  const open = new Set(todo.map(({ functionArn }) => functionArn));
  return ranked
    .filter(({ functionArn }) => open.has(functionArn))
    .reduce((sum, { costToMeasureUsd }) => sum + (costToMeasureUsd ?? 0), 0);
}

/** Nothing is created without a yes: `--yes`, an answer on the terminal, or, where nobody can be asked, a cap. */
async function agree(
  { yes }: RunFlags,
  capUsd: number | undefined,
  todo: readonly ChosenFunction[],
  ranked: readonly RankedFunction[],
  io: Io,
): Promise<void> {
  if (yes) return;
  const canAsk = io.stdin.isTty && io.stderr.isTty;
  if (!canAsk && capUsd !== undefined) return;
  if (!canAsk) {
    throw new TuneError('CONSENT', 'Nobody can be asked here, and neither --yes nor --max-spend-usd is given.', {
      hint: `Nothing was created. Measuring costs about ${formatUsd(expectedUsd(todo, ranked))}: give --max-spend-usd <US$> or --yes.`,
    });
  }
  if (await io.ask(`Create copies of ${formatNumberOf(todo.length, 'function')} and invoke them? [y/N] `)) return;
  throw new TuneError('CONSENT', 'Not confirmed; nothing was created.');
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

async function dryRun({ work, ranked }: ShardRun, todo: readonly ChosenFunction[], io: Io): Promise<ShardEnd> {
  const own = ranked.map(asChosen);
  const open = new Set(todo.map(({ functionArn }) => functionArn));
  const rows = own.map(
    ({ functionArn }): ShardRow => ({
      functionArn,
      state: 'notReached',
      because: open.has(functionArn) ? 'dry run: nothing was created' : 'dry run: it was measured before',
      spentUsd: 0,
    }),
  );
  return { portfolio: await partOf(emptyShard(work, own, rows), work, io), rows: [] };
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

const silent: Onlooker = {
  watch: () => ({ planned: () => undefined, onEvent: () => undefined, stop: () => undefined }),
  plan: () => undefined,
  agree: async () => undefined,
  failed: () => undefined,
  say: () => undefined,
};
