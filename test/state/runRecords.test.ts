import fs from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Measurement } from '../../src/model/measurement.ts';
import type { LogFiles } from '../../src/state/appendLog.ts';
import { type RunRecordHeader, readRunRecord, recordedRun } from '../../src/state/recordFormat.ts';
import { openRunRecord, readRunRecords, removeOldRecords } from '../../src/state/runRecords.ts';
import { awsRun } from '../reporters/savedRuns.ts';

const run = awsRun();
const header: RunRecordHeader = {
  runId: 'abc',
  process: { host: 'here', pid: 12 },
  cwd: '/work',
  options: { function: 'orders', memory: '512' },
  omitted: ['--env TOKEN=…'],
  planned: { ...run, configurations: run.configurations.map((row) => ({ ...row, measurements: [] })) },
};
const measured = run.configurations.flatMap(({ memoryMb, architecture, measurements }) =>
  measurements.slice(0, 2).map((measurement, index) => ({
    configuration: { memoryMb, architecture },
    measurement: measurement as Measurement,
    spentUsd: index / 1000,
  })),
);

describe('the record of a run', () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'record-')), 'runs');
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));
  const file = () => join(folder, 'abc.jsonl');

  function write(files?: LogFiles) {
    const recorder = openRunRecord(folder, header, files);
    for (const one of measured) recorder.add(one);
    return recorder;
  }

  it('is read as it was written, by its owner alone, and gone when the run is whole', async () => {
    const recorder = write();
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(readRunRecords([folder, join(folder, 'none')])).toEqual([
      { file: file(), runId: 'abc', record: { header, measured, damaged: 0 } },
    ]);
    recorder.close(false);
    expect(await readdir(folder)).toEqual([]);
    expect(recorder.warnings()).toEqual([]);
  });

  it('cut at any byte has every line before the cut, and never fails', async () => {
    write().close(true);
    const text = await readFile(file(), 'utf8');
    const lengths = text.split('\n').map((line) => line.length + 1);
    const ends = lengths.map((_, index) => lengths.slice(0, index + 1).reduce((sum, length) => sum + length, -1));
    const start = ends[0] ?? 0;
    for (let cut = 0; cut < start; cut += 97) expect(readRunRecord(text.slice(0, cut))).toBeUndefined();
    for (let cut = start; cut <= text.length; cut += 7) {
      const record = readRunRecord(text.slice(0, cut));
      const whole = ends.slice(1, -1).filter((end) => end <= cut).length;
      expect(record?.measured).toEqual(measured.slice(0, whole));
      expect(record?.damaged).toBeLessThanOrEqual(1);
    }
  });

  it('loses a damaged line and no other', async () => {
    write().close(true);
    const lines = (await readFile(file(), 'utf8')).split('\n');
    lines[3] = (lines[3] ?? '').replace(/"durationMs":\d/, '"durationMs":9');
    const record = readRunRecord(lines.join('\n'));
    expect(record).toMatchObject({ damaged: 1 });
    expect(record?.measured).toEqual(measured.filter((_, index) => index !== 2));
  });

  it('has the shape of a run that can be continued', async () => {
    write().close(true);
    const [read] = readRunRecords([folder]);
    if (read?.record === undefined) throw new Error('not read');
    const continued = recordedRun(read.record);
    expect(continued).toMatchObject({ runId: run.runId, target: run.target, options: run.options });
    expect(continued.configurations).toEqual(
      run.configurations.map(({ memoryMb, architecture, measurements }) => ({
        memoryMb,
        architecture,
        measurements: measurements.slice(0, 2),
      })),
    );
  });

  it.each(['mkdirSync', 'openSync', 'writeSync'] as const)(
    'tells once that it cannot be kept when %s fails',
    async (name) => {
      let calls = 0;
      const full = () => {
        calls += 1;
        throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      };
      const recorder = write({ ...fs, [name]: full } as LogFiles);
      expect(recorder.warnings()).toEqual([
        { code: 'noRecord', text: expect.stringContaining('could not be written (ENOSPC)') },
      ]);
      expect(calls).toBe(1);
      recorder.close(false);
      expect(await readdir(folder).catch(() => [])).toEqual([]);
    },
  );

  it('lists what it cannot read without a record, and drops what nobody resumes any more', async () => {
    write().close(true);
    await writeFile(join(folder, 'other.jsonl'), 'nothing');
    expect(readRunRecords([folder]).find(({ runId }) => runId === 'other')).toEqual({
      file: join(folder, 'other.jsonl'),
      runId: 'other',
    });
    const now = new Date();
    await utimes(file(), now, new Date(now.getTime() - 8 * 24 * 3600 * 1000));
    removeOldRecords(folder, now);
    expect(await readdir(folder)).toEqual(['other.jsonl']);
  });
});
