import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { readTestEvents } from '../../aws/target/testEvents.ts';
import { keptError, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import type { TuneOutcome } from '../../measure/tune.ts';
import type { TuneJob } from '../../measure/tuneJob.ts';
import { architectures } from '../../model/configuration.ts';
import type { ChosenFunction, ShardRow } from '../../model/fleet/shard.ts';
import type { Payload } from '../../model/payload.ts';
import type { LeftBehind } from '../../model/platform.ts';
import { payloadsOfTestEvents } from '../../plan/payloads/testEvents.ts';
import { runReporters } from '../../reporters/registry.ts';
import { removeLog } from '../../state/logFiles.ts';
import { recordedRun } from '../../state/recordFormat.ts';
import type { RunRecordFile } from '../../state/runRecords.ts';
import type { Connections } from '../shared/connections.ts';
import { type Earlier, memoryChoiceOf, newRunId, planJob } from '../shared/job.ts';
import { measureJob } from '../shared/measure.ts';
import type { Onlooker } from '../shared/onlooker.ts';
import { fetchPayloads } from '../shared/payloads.ts';
import { recordRun } from '../shared/runRecord.ts';
import { openSession, type Session } from '../shared/session.ts';
import type { FleetCaps } from './fleetCaps.ts';
import { askedPayloads, type FleetRequest, type OneFunction, optionsOf } from './functionOptions.ts';
import { runStem, type ShardFile } from './shardFile.ts';

export interface MeasuringShard {
  readonly request: FleetRequest;
  readonly folder: string;
  readonly file: ShardFile;
  readonly caps: FleetCaps;
  readonly connections: Connections;
  /** One after another: the first one removes what dead runs of this machine left, and the others find nothing. */
  readonly opening: <Opened>(open: () => Promise<Opened>) => Promise<Opened>;
  readonly onlooker: Onlooker;
  readonly io: Io;
}

/** What a run that was cut short had measured of a function. */
export type CutRun = Pick<RunRecordFile, 'file' | 'record'>;

/** One function from its options to its row: what goes wrong is the row. Never throws. */
export async function measureFunction(
  one: ChosenFunction,
  cut: CutRun | undefined,
  measuring: MeasuringShard,
): Promise<ShardRow> {
  const asked = optionsOf(one, measuring.request);
  const { functionArn } = one;
  try {
    const memory = memoryChoiceOf(asked.options);
    const here = await askedPayloads(asked, measuring.io);
    const { options } = asked;
    const { io, connections } = measuring;
    const session = await openSession(options.function, options, memory, io, connections);
    const payloads =
      here === undefined
        ? await sharedEvents(asked, session, io)
        : await fetchPayloads(here, session, options, io, connections);
    if (typeof payloads === 'string') {
      return { functionArn, state: 'needsPayload', because: payloads, spentUsd: 0 };
    }
    const planned = (earlier: Earlier | undefined) =>
      planJob(decided(asked), session, memory, payloads, runOf(asked, io), earlier);
    const { job, isContinued } = continued(cut, planned, io);
    return await measured(one, asked, session, job, isContinued ? cut : undefined, measuring);
  } catch (error) {
    return failedRow(functionArn, error);
  }
}

/** Shareable test events are made to be sent to the function; why there is none, in words. */
async function sharedEvents(
  { options, whyNone }: OneFunction,
  { clients, facts }: Session,
  io: Io,
): Promise<readonly Payload[] | string> {
  try {
    const content = await readTestEvents(clients, facts.functionName, io.interrupted);
    const events = payloadsOfTestEvents(content, facts.functionName, options.payloadTemplate);
    if (events.length > 0) return events;
    return whyNone;
  } catch (error) {
    if (!(error instanceof TuneError)) throw error;
    return `${whyNone}; its test events could not be read (${error.message})`;
  }
}

/** One environment would tell nothing of how hosts differ; on this machine there is one host. */
function decided({ options }: OneFunction) {
  return { ...options, architecture: options.architecture ?? architectures, concurrency: options.concurrency ?? 2 };
}

function runOf({ options }: OneFunction, io: Io) {
  return { id: newRunId(io.randomUuid()), seed: options.seed ?? Math.floor(io.random() * 2 ** 31) };
}

/** What was measured of other code, or too long ago, does not count: then it is measured anew. */
function continued(
  cut: CutRun | undefined,
  planned: (earlier: Earlier | undefined) => TuneJob,
  io: Io,
): { readonly job: TuneJob; readonly isContinued: boolean } {
  if (cut?.record === undefined) return { job: planned(undefined), isContinued: false };
  const source = { shown: `the record of run ${cut.record.header.runId}`, otherwise: 'It is measured anew.' };
  try {
    return { job: planned({ run: recordedRun(cut.record), source, now: io.now() }), isContinued: true };
  } catch (error) {
    if (!(error instanceof TuneError)) throw error;
    return { job: planned(undefined), isContinued: false };
  }
}

async function measured(
  one: ChosenFunction,
  { given, options }: OneFunction,
  session: Session,
  planned: TuneJob,
  cut: CutRun | undefined,
  { caps, file, folder, opening, onlooker, io }: MeasuringShard,
): Promise<ShardRow> {
  const { functionArn } = one;
  const { job, run } = caps.within(planned);
  const resumed =
    cut?.record === undefined
      ? undefined
      : {
          options: given,
          file: cut.file,
          earlier: { run: recordedRun(cut.record), source: { shown: '', otherwise: '' }, now: io.now() },
        };
  // First the record, then the row that names it: whatever is killed between the two finds the one before.
  const record = recordRun(
    job,
    given,
    job.plan.sampling.kind === 'race' ? job.plan.sampling.search.seed : 0,
    resumed,
    io,
  );
  const started: ShardRow = { functionArn, state: 'started', runId: job.runId, because: '', spentUsd: 0 };
  try {
    await file.set(started);
    // This record begins with what that one holds.
    if (cut !== undefined) removeLog(cut.file);
    const { outcome, late } = await measureJob(job, session, options, io, {
      onlooker,
      async show({ result }) {
        record.ended(result);
      },
      record,
      fleet: { within: run, opening },
    });
    await file.leave([...outcome.result.leftBehind, ...late]);
    if (io.interrupted.aborted) return started;
    const row = await rowOf(one, outcome, late, folder);
    // Before the record goes: whatever is killed between the two would be paid twice.
    await file.set(row);
    return row;
  } finally {
    record.close();
  }
}

async function rowOf(
  one: ChosenFunction,
  { result, failure, unmeasured }: TuneOutcome,
  late: readonly LeftBehind[],
  folder: string,
): Promise<ShardRow> {
  const { functionArn } = one;
  const { runId, ended, answer, spend } = result;
  const common = { functionArn, runId, spentUsd: spend.actualUsd };
  const hasAnswer = answer.kind !== 'unanswered';
  if (ended === 'spendCap' && !hasAnswer) {
    return { ...common, state: 'notReached', because: 'the cap (--max-spend-usd) left no room for it' };
  }
  const runFile = `${runStem(one)}.json`;
  const saved = { ...result, leftBehind: [...result.leftBehind, ...late] };
  await writeFileAtomic(join(folder, runFile), runReporters.json(saved, { columns: 120, color: false }));
  const error = failure ?? unmeasured;
  if (error !== undefined) return { ...failedRow(functionArn, error), ...common, runFile };
  const because = ended === 'spendCap' ? 'the cap ended it early' : '';
  return { ...common, state: 'measured', because, runFile };
}

function failedRow(functionArn: string, failure: unknown): ShardRow {
  const error = keptError(failure);
  return { functionArn, state: 'failed', spentUsd: 0, because: error.message, error };
}
