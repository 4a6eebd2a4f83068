import { describe, expect, it } from 'vitest';
import {
  billedDurationMs,
  type InvocationLog,
  jsonRecords,
  logTail,
  reportLine,
  textRecords,
} from '../../../src/local/service/reportText.ts';

const report = {
  requestId: 'id-1',
  durationMs: 2.37,
  memoryMb: 1024,
  maxMemoryUsedMb: 95,
  status: 'success',
} as const;

const log: InvocationLog = {
  functionName: 'orders',
  version: '7',
  runtime: 'python3.12',
  runtimeVersionArn: 'arn:r',
  startedAt: new Date('2026-11-23T10:00:00.000Z'),
  endedAt: new Date('2026-11-23T10:00:00.500Z'),
  cold: true,
  initOutput: 'loading\n',
  output: 'one\ntwo',
  modelled: false,
  report: { ...report, initDurationMs: 423.98 },
};

describe('billedDurationMs', () => {
  it.each([
    [2.37, 423.98, 427],
    [2.46, 413.61, 417],
    [344356.22, 399.33, 344756],
    [3000, 402.04, 3403],
    [3, 0, 3],
    [0, 0, 1],
    [1.1, 2.9, 4],
  ])('bills one ceil of the sum: %d + %d → %d', (duration, init, billed) => {
    expect(billedDurationMs(duration, init)).toBe(billed);
  });
});

describe('reportLine', () => {
  it('prints a cold start as the service does, tab before the newline', () => {
    expect(reportLine({ ...report, initDurationMs: 423.98 })).toBe(
      'REPORT RequestId: id-1\tDuration: 2.37 ms\tBilled Duration: 427 ms\tMemory Size: 1024 MB\tMax Memory Used: 95 MB\tInit Duration: 423.98 ms\t\n',
    );
  });

  it('prints a timeout with its status', () => {
    expect(reportLine({ ...report, durationMs: 3000, initDurationMs: 402.04, status: 'timeout' })).toBe(
      'REPORT RequestId: id-1\tDuration: 3000.00 ms\tBilled Duration: 3403 ms\tMemory Size: 1024 MB\tMax Memory Used: 95 MB\tInit Duration: 402.04 ms\tStatus: timeout\n',
    );
  });

  it('names the type of a runtime error, and no status when the handler itself failed', () => {
    const memory = { ...report, status: 'error', errorType: 'Runtime.OutOfMemory' } as const;
    expect(reportLine(memory)).toMatch(/Max Memory Used: 95 MB\tStatus: error\tError Type: Runtime.OutOfMemory\n$/);
    expect(reportLine({ ...report, status: 'error' })).toMatch(/Max Memory Used: 95 MB\t\n$/);
  });

  it('adds the X-Ray line to the same event', () => {
    expect(reportLine({ ...report, xray: { traceId: '1-a-b', segmentId: 'c' } })).toMatch(
      /95 MB\t\nXRAY TraceId: 1-a-b\tSegmentId: c\tSampled: true\t\n$/,
    );
  });
});

describe('textRecords', () => {
  it('writes INIT_START, what init wrote, START, the output line by line, END and REPORT', () => {
    expect(textRecords(log).map(({ message }) => message.split('\t')[0])).toEqual([
      'INIT_START Runtime Version: python:3.12.tune-local',
      'loading\n',
      'START RequestId: id-1 Version: 7\n',
      'one\n',
      'two',
      'END RequestId: id-1\n',
      'REPORT RequestId: id-1',
    ]);
  });

  it('says before END and REPORT when the duration is modelled', () => {
    const lines = textRecords({ ...log, modelled: true }).map(({ message }) => message);
    expect(lines.at(-3)).toBe('TUNE_LOCAL duration modelled from CPU time\n');
  });
});

describe('jsonRecords', () => {
  const types = (records: ReturnType<typeof jsonRecords>) =>
    records.filter(({ kind }) => kind !== 'output').map(({ message }) => JSON.parse(message).type);

  it('writes the events of each level', () => {
    expect(types(jsonRecords(log, { systemLevel: 'DEBUG', applicationLevel: 'INFO' }))).toEqual([
      'platform.initStart',
      'platform.start',
      'platform.runtimeDone',
      'platform.report',
    ]);
    expect(types(jsonRecords(log, { systemLevel: 'INFO', applicationLevel: 'INFO' }))).toEqual([
      'platform.initStart',
      'platform.start',
      'platform.report',
    ]);
    expect(types(jsonRecords(log, { systemLevel: 'WARN', applicationLevel: 'INFO' }))).toEqual([]);
  });

  it('has what init wrote before the start', () => {
    const first = jsonRecords(log, { systemLevel: 'INFO', applicationLevel: 'INFO' }).slice(0, 3);
    expect(first.map(({ message }) => /platform.\w+|^loading/.exec(message)?.[0])).toEqual([
      'platform.initStart',
      'loading',
      'platform.start',
    ]);
  });

  it('keeps the report of a failure at WARN', () => {
    const failed = { ...log, report: { ...log.report, status: 'timeout' as const } };
    expect(types(jsonRecords(failed, { systemLevel: 'WARN', applicationLevel: 'INFO' }))).toEqual([
      'platform.runtimeDone',
      'platform.report',
    ]);
  });

  it('leaves out what the function wrote below its level, where it says so itself', () => {
    const at = '"timestamp":"2026-11-23T10:00:00.000Z"';
    const output = [
      `{"level":"info",${at}}`,
      `{"level":"ERROR",${at}}`,
      '{"level":"INFO"}',
      `{"level":"odd",${at}}`,
      'text',
    ];
    const written = jsonRecords(
      { ...log, output: output.join('\n') },
      { systemLevel: 'WARN', applicationLevel: 'WARN' },
    );
    expect(written.map(({ message }) => message.trimEnd())).toEqual(['loading', ...output.slice(1)]);
  });

  it('reports the metrics under the Telemetry API’s names', () => {
    const last = jsonRecords(log, { systemLevel: 'INFO', applicationLevel: 'INFO' }).at(-1);
    expect(JSON.parse(last?.message ?? '')).toEqual({
      time: '2026-11-23T10:00:00.500Z',
      type: 'platform.report',
      record: {
        requestId: 'id-1',
        status: 'success',
        metrics: {
          durationMs: 2.37,
          billedDurationMs: 427,
          memorySizeMB: 1024,
          maxMemoryUsedMB: 95,
          initDurationMs: 423.98,
        },
      },
    });
  });
});

describe('logTail', () => {
  it('keeps the last 4 KB, so the REPORT survives a talkative function', () => {
    const tail = logTail(textRecords({ ...log, output: 'x'.repeat(9000) }));
    expect(tail.length).toBe(4096);
    expect(tail.toString()).toMatch(/^x+END RequestId: id-1\nREPORT .*\t\n$/s);
  });

  it('leaves INIT_START to CloudWatch, and has what init wrote', () => {
    const tail = logTail(textRecords(log)).toString();
    expect(tail).toMatch(/^loading\nSTART RequestId: id-1 Version: 7\none\ntwoEND RequestId: id-1\nREPORT .*\t\n$/);
  });
});
