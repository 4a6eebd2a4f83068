import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resumeRun } from '../../../src/commands/shared/runRecord.ts';
import { processIdentity } from '../../../src/host/liveness.ts';
import type { Measurement } from '../../../src/model/measurement.ts';
import type { RunRecordHeader } from '../../../src/state/recordFormat.ts';
import { openRunRecord, recordFolder } from '../../../src/state/runRecords.ts';
import { awsRun } from '../../reporters/savedRuns.ts';
import { type FakeProcess, fakeIo } from '../../support/fakeIo.ts';

describe('resuming a run', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'resume-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));
  const processOf = (change: FakeProcess = {}) =>
    fakeIo({ env: { TUNE_STATE_DIR: folder }, cwd: folder, temporaryDirectory: folder, ...change }).io;

  /** A run of which one call was measured before its process died. */
  function cutShort({ planned = awsRun(), ...change }: Partial<RunRecordHeader> = {}): Measurement {
    const [row] = planned.configurations;
    const [measurement] = row?.measurements ?? [];
    if (row === undefined || measurement === undefined) throw new Error('the fixture has calls');
    const recorder = openRunRecord(recordFolder(folder), {
      runId: 'abc',
      process: { host: 'another machine', pid: 12 },
      cwd: folder,
      options: { function: 'thumbnails', memory: '512', seed: 7 },
      omitted: [],
      planned: { ...planned, configurations: planned.configurations.map((one) => ({ ...one, measurements: [] })) },
      ...change,
    });
    const { memoryMb, architecture } = row;
    recorder.add({ configuration: { memoryMb, architecture }, measurement, spentUsd: 0.25 });
    recorder.close(true);
    return measurement;
  }

  it('takes its options, with what is given now over them, and the calls that it had measured', async () => {
    const measurement = cutShort();
    const { options, earlier, file } = await resumeRun('abc', { invocations: '30' }, processOf());
    expect(options).toMatchObject({ function: 'thumbnails', memory: '512', seed: 7, invocations: 30 });
    expect(earlier.run.configurations.flatMap(({ measurements }) => measurements)).toEqual([measurement]);
    expect(file).toBe(path.join(folder, 'runs', 'abc.jsonl'));
  });

  it('has what the first part left of one cap', async () => {
    const run = awsRun();
    cutShort({ planned: { ...run, options: { ...run.options, maxSpendUsd: 1 } } });
    expect((await resumeRun('abc', {}, processOf())).options.maxSpendUsd).toBe(0.75);
    expect((await resumeRun('abc', { maxSpendUsd: '5' }, processOf())).options.maxSpendUsd).toBe(5);
  });

  it('is refused where the cap is spent', async () => {
    const run = awsRun();
    cutShort({ planned: { ...run, options: { ...run.options, maxSpendUsd: 0.2 } } });
    await expect(resumeRun('abc', {}, processOf())).rejects.toMatchObject({
      code: 'USAGE',
      message: 'Run abc has spent its --max-spend-usd 0.2.',
    });
  });

  it('asks again for what no file keeps', async () => {
    cutShort({ omitted: ['--env TOKEN=…'] });
    await expect(resumeRun('abc', {}, processOf())).rejects.toMatchObject({
      code: 'USAGE',
      message: 'Run abc was given --env TOKEN=…, which no file of tune keeps.',
    });
    const { options } = await resumeRun('abc', { env: ['TOKEN=x'] }, processOf());
    expect(options.env).toEqual({ TOKEN: 'x' });
  });

  it('is refused while its process lives, and in another folder than its own', async () => {
    const io = processOf();
    cutShort({ process: processIdentity(io) });
    await expect(resumeRun('abc', {}, io)).rejects.toMatchObject({
      message: `Run abc is still under way (process ${io.pid}).`,
    });
    cutShort({ cwd: '/elsewhere' });
    await expect(resumeRun('abc', {}, processOf())).rejects.toMatchObject({
      hint: 'cd /elsewhere && tune --resume abc',
    });
  });

  it.each([
    [{ continue: 'run.json' }, 'USAGE', '--resume and --continue cannot be given together.'],
    [{ runId: 'abc' }, 'USAGE', /needs a name of its own/],
    [{}, 'SAVED_RUN', 'There is no record of a run "abc" that was cut short.'],
  ])('is refused with %j where there is none', async (flags, code, message) => {
    const refused = resumeRun('abc', flags, processOf());
    await expect(refused).rejects.toMatchObject({ code });
    await expect(refused).rejects.toThrow(message);
  });

  it('names the runs that can be resumed', async () => {
    cutShort();
    await expect(resumeRun('xyz', {}, processOf())).rejects.toMatchObject({
      hint: 'Runs that can be resumed: abc (thumbnails, 1 measured).',
    });
  });
});
