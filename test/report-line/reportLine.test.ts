import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import recorded from '../../fixtures/report-lines.json' with { type: 'json' };
import type { ReportLine } from '../../src/model/measurement.ts';
import { parseReportLine } from '../../src/report-line/reportLine.ts';

const id = '5009fcc8-5032-41fd-9a62-fc133fe04d67';
const other = '316dc9b3-9913-4d30-8bde-a272131a7a63';
const real = reportText(id, '2.37', 427);
const fake = reportText(id, '0.01', 1);
const parsed: ReportLine = {
  requestId: id,
  durationMs: 2.37,
  billedDurationMs: 427,
  memorySizeMb: 1024,
  maxMemoryUsedMb: 95,
};

function reportText(requestId: string, durationMs: string, billedMs: number): string {
  return `REPORT RequestId: ${requestId}\tDuration: ${durationMs} ms\tBilled Duration: ${billedMs} ms\tMemory Size: 1024 MB\tMax Memory Used: 95 MB\t\n`;
}

function record(requestId: string, metrics: object, extra: object = {}): string {
  return JSON.stringify({
    time: '2026-10-01T14:05:05.766Z',
    type: 'platform.report',
    record: { requestId, metrics, status: 'success', ...extra },
  });
}

describe('recorded lines of AWS', () => {
  for (const line of recorded.lines) {
    const wanted: Record<string, unknown> = { ...line.expect };
    delete wanted.xrayTraceId;
    wanted.memorySizeMb = wanted.memorySizeMB;
    wanted.maxMemoryUsedMb = wanted.maxMemoryUsedMB;
    delete wanted.memorySizeMB;
    delete wanted.maxMemoryUsedMB;

    it(`reads ${line.id} (${line.kind})`, () => {
      expect(parseReportLine(line.text, line.expect.requestId)).toEqual(wanted);
    });

    it(`reads ${line.id} behind other output and with Windows line ends`, () => {
      const tail = `${fake}START\nhello\nEND RequestId: ${line.expect.requestId}\n${line.text}\n`;
      expect(parseReportLine(tail.replaceAll('\n', '\r\n'), line.expect.requestId)).toEqual(wanted);
    });

    it(`reads ${line.id} when its tabs became spaces`, () => {
      expect(parseReportLine(line.text.replace(/[\t\n]+/g, ' '), line.expect.requestId)).toEqual(wanted);
    });
  }
});

describe('text format', () => {
  it('goes by label: an emulator prints Init Duration first', () => {
    const line = `REPORT RequestId: ${id}\tInit Duration: 0.17 ms\tDuration: 112.50 ms\tBilled Duration: 113 ms\tMemory Size: 128 MB\tMax Memory Used: 128 MB\t\n`;
    expect(parseReportLine(line, id)).toEqual({
      requestId: id,
      durationMs: 112.5,
      billedDurationMs: 113,
      memorySizeMb: 128,
      maxMemoryUsedMb: 128,
      initDurationMs: 0.17,
    });
  });

  it('does not take Runtime Duration or Post Runtime Duration for Duration', () => {
    const line = `REPORT RequestId: ${id}\tRuntime Duration: 1.00 ms\tPost Runtime Duration: 3.00 ms\tBilled Duration: 5 ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB`;
    expect(parseReportLine(line, id)).toBeUndefined();
    expect(parseReportLine(`${line}\tDuration: 4.20 ms`, id)?.durationMs).toBe(4.2);
    expect(parseReportLine(`${line}\tDuration: 4.20 ms`.replaceAll('\t', ' '), id)?.durationMs).toBe(4.2);
  });

  it('passes over fields it does not know, whatever they hold', () => {
    const line = `REPORT RequestId: ${id}\tStreamed: 12 bytes\tDuration: 2.37 ms\tUrl: http://x:80/a b c\tBilled Duration: 427 ms\tEmpty:\tMemory Size: 1024 MB\tShare: 0.5\tMax Memory Used: 95 MB\tno colon here\t`;
    expect(parseReportLine(line, id)).toEqual(parsed);
  });

  it('passes over an unknown number with a unit in a copy with spaces', () => {
    const line = `REPORT RequestId: ${id} Duration: 2.37 ms Streamed: 12 bytes Billed Duration: 427 ms Memory Size: 1024 MB Swap Used: 3 GB Max Memory Used: 95 MB`;
    expect(parseReportLine(line, id)).toEqual(parsed);
  });

  it('does not swallow X-Ray into the error type', () => {
    const line = `${real.trimEnd()}\tStatus: error\tError Type: Runtime.ExitError XRAY TraceId: 1-6ac7d554-62c6be2f6c1bd8032dac9acf SegmentId: 854892f93105b5ae Sampled: true`;
    expect(parseReportLine(line, id)).toEqual({ ...parsed, status: 'error', errorType: 'Runtime.ExitError' });
    const empty = `${real.trimEnd()} Status: error Error Type: XRAY TraceId: 1-6ac7d554-62c6be2f6c1bd8032dac9acf`;
    expect(parseReportLine(empty, id)).toEqual({ ...parsed, status: 'error' });
  });

  it('reads the old spacing of 2019', () => {
    const line = `REPORT RequestId: ${id}\tDuration: 359995.24 ms\tBilled Duration: 360000 ms Memory Size: 3006 MB\tMax Memory Used: 834 MB\t`;
    expect(parseReportLine(line, id)).toMatchObject({
      durationMs: 359995.24,
      billedDurationMs: 360000,
      memorySizeMb: 3006,
    });
  });

  for (const [name, line] of [
    ['a Managed Instance prints only Duration', `END RequestId: ${id}\nREPORT RequestId: ${id}\tDuration: 125.46 ms\n`],
    ['the line is cut in a number', real.slice(0, real.indexOf('95') + 1)],
    ['the line is cut before a unit', real.slice(0, real.indexOf(' MB\t\n'))],
    ['an optional field is damaged', `${real.trimEnd()}\tInit Duration: fast ms`],
    ['an optional field is cut', `${real.trimEnd()}\tInit Duration: 42`],
    ['one label has two values', `${real.trimEnd()}\tBilled Duration: 1 ms`],
    ['the size is 0', real.replace('1024 MB', '0 MB')],
    ['ANSI colours sit in a value', real.replace('427 ms', '\u001b[31m427\u001b[0m ms')],
    ['NUL sits in a value', real.replace('427 ms', '427\u0000 ms')],
    ['U+2028 stands for a space', real.replace('\tBilled', '\u2028Billed')],
    ['Init Duration has another unit', `${real.trimEnd()}\tInit Duration: 4 s`],
  ] as const) {
    it(`is undefined, never a guess, when ${name}`, () => {
      expect(parseReportLine(line, id)).toBeUndefined();
      expect(parseReportLine(fake + line, id)).toBeUndefined();
    });
  }

  it('reads long decimals exactly', () => {
    expect(parseReportLine(reportText(id, '12345678.123456', 427), id)?.durationMs).toBe(12345678.123456);
    expect(parseReportLine(reportText(id, '0.000001', 427), id)?.durationMs).toBe(0.000001);
  });

  for (const number of [
    'NaN',
    'Infinity',
    '-1',
    '+1',
    '1e9',
    '0x10',
    '1,5',
    '.5',
    '5.',
    '1.2.3',
    '01',
    '1_000',
    '٣',
    '86400001',
    '99999999999',
  ]) {
    it(`is undefined for a duration of ${number}`, () => {
      expect(parseReportLine(reportText(id, number, 427), id)).toBeUndefined();
    });
  }

  for (const billed of ['427.5', '1e2', '']) {
    it(`is undefined for a billed duration of "${billed}"`, () => {
      expect(parseReportLine(real.replace('427', billed), id)).toBeUndefined();
    });
  }
});

describe('what a function prints', () => {
  it('takes the last report of the request: a fake one comes before the real one', () => {
    expect(parseReportLine(`${fake}${fake}END RequestId: ${id}\n${real}`, id)).toEqual(parsed);
  });

  it('ignores reports of other requests, before and after', () => {
    const foreign = reportText(other, '9.00', 9);
    expect(parseReportLine(foreign + real + foreign, id)).toEqual(parsed);
    expect(parseReportLine(foreign, id)).toBeUndefined();
  });

  it('does not take an id that merely begins alike', () => {
    expect(parseReportLine(reportText(`${id}0`, '1.00', 1), id)).toBeUndefined();
    expect(parseReportLine(real, id.slice(0, 8))).toBeUndefined();
  });

  it('reads a report that is glued to output without a newline', () => {
    expect(parseReportLine(`${fake}progress 100%END RequestId: ${id}\nbye${real}`, id)).toEqual(parsed);
    expect(parseReportLine(`\u001b[32mdone\u001b[0m${real}`, id)).toEqual(parsed);
    expect(parseReportLine(`x\u2028${real}`, id)).toEqual(parsed);
    expect(parseReportLine(`x\u0000${real}`, id)).toEqual(parsed);
    expect(parseReportLine(`50%\r${real}`, id)).toEqual(parsed);
  });

  it('reads two reports glued to one another', () => {
    const glued = `${real.trimEnd()}${reportText(other, '9.00', 9)}`;
    expect(parseReportLine(glued, id)).toEqual(parsed);
    expect(parseReportLine(glued, other)?.durationMs).toBe(9);
  });

  it('passes over a mere mention of the report in a later line', () => {
    expect(parseReportLine(`${real}[extension] saw REPORT RequestId: ${id}, flushing\n`, id)).toEqual(parsed);
    expect(parseReportLine(`${real}[extension] saw REPORT RequestId: ${id} Duration: 1 ms\n`, id)).toEqual(parsed);
  });

  it('never falls back to an earlier report when the last line of its own cannot be read', () => {
    expect(parseReportLine(`${fake}REPORT RequestId: ${id}\tDuration: 1.00 ms\n`, id)).toBeUndefined();
  });

  it('reads the end of a 4 KB tail whose beginning is cut', () => {
    const tail = `${fake.slice(30)}${'x'.repeat(5000)}\nEND RequestId: ${id}\n${real}`.slice(-4096);
    expect(parseReportLine(tail, id)).toEqual(parsed);
  });

  it('is undefined for an empty log, an empty id and an id with blanks', () => {
    expect(parseReportLine('', id)).toBeUndefined();
    expect(parseReportLine(real, '')).toBeUndefined();
    expect(parseReportLine(real, `${id}\tDuration:`)).toBeUndefined();
  });
});

describe('JSON format', () => {
  const metrics = { durationMs: 2.37, billedDurationMs: 427, memorySizeMB: 1024, maxMemoryUsedMB: 95 };
  const success = { ...parsed, status: 'success' };

  it('reads a record with init, spans and tracing', () => {
    const line = record(
      id,
      { ...metrics, initDurationMs: 423.98 },
      { spans: [{ name: 'extensionOverhead', durationMs: 1 }], tracing: { type: 'X-Amzn-Trace-Id', value: 'Root={"' } },
    );
    expect(parseReportLine(`${line}\n`, id)).toEqual({ ...success, initDurationMs: 423.98 });
  });

  it('reads a SnapStart restore and an error', () => {
    const restored = {
      durationMs: 147.156,
      billedDurationMs: 201,
      memorySizeMB: 512,
      maxMemoryUsedMB: 91,
      restoreDurationMs: 500.795,
      billedRestoreDurationMs: 53,
    };
    expect(parseReportLine(record(id, restored, { status: 'error', errorType: 'Runtime.OutOfMemory' }), id)).toEqual({
      requestId: id,
      durationMs: 147.156,
      billedDurationMs: 201,
      memorySizeMb: 512,
      maxMemoryUsedMb: 91,
      restoreDurationMs: 500.795,
      billedRestoreDurationMs: 53,
      status: 'error',
      errorType: 'Runtime.OutOfMemory',
    });
  });

  it('reads a record between blank, pretty-printed and broken lines, glued on both sides', () => {
    const tail = `{\n  "app": {\n    "requestId": "${id}"\n  }\n}\n\n{"time":"x\n{{[ext]${record(id, metrics)}[ext] done\n\n`;
    expect(parseReportLine(tail, id)).toEqual(success);
  });

  it('reads other key orders and blanks', () => {
    const line = `{ "record": { "metrics": ${JSON.stringify(metrics)}, "requestId": "${id}" }, "type": "platform.report" }`;
    expect(parseReportLine(line, id)).toEqual(parsed);
  });

  it('takes the last record, and whichever format comes last', () => {
    const fakeRecord = record(id, { ...metrics, billedDurationMs: 1 });
    expect(parseReportLine(`${fakeRecord}\n${record(id, metrics)}`, id)).toEqual(success);
    expect(parseReportLine(`${fakeRecord}${record(id, metrics)}`, id)).toEqual(success);
    expect(parseReportLine(`${fake}${record(id, metrics)}`, id)).toEqual(success);
    expect(parseReportLine(`${fakeRecord}\n${real}`, id)).toEqual(parsed);
    expect(parseReportLine(`${fakeRecord}${real}`, id)).toEqual(parsed);
  });

  it('does not read a record that is quoted inside a string, and skips other requests', () => {
    const quoted = JSON.stringify({
      level: 'INFO',
      requestId: id,
      message: record(id, { ...metrics, billedDurationMs: 1 }),
    });
    expect(parseReportLine(quoted, id)).toBeUndefined();
    expect(parseReportLine(`${record(id, metrics)}\n${record(other, metrics)}`, id)).toEqual(success);
  });

  it('passes over a mention in somebody’s record, not over its own line', () => {
    const noMetrics = record(id, {});
    expect(parseReportLine(`${record(id, metrics)}\n{"seen":${noMetrics}}`, id)).toEqual(success);
    expect(parseReportLine(`${record(id, metrics)}\n${noMetrics}`, id)).toBeUndefined();
  });

  for (const [name, changed] of [
    ['Managed Instances report only a duration', { durationMs: 1.148 }],
    ['a number is a string', { ...metrics, billedDurationMs: '427' }],
    ['a number is negative', { ...metrics, durationMs: -1 }],
    ['billed is not whole', { ...metrics, billedDurationMs: 1.5 }],
    ['a duration is longer than a day', { ...metrics, durationMs: 1e9 }],
    ['init is an object', { ...metrics, initDurationMs: {} }],
  ] as const) {
    it(`is undefined when ${name}`, () => {
      expect(parseReportLine(record(id, changed), id)).toBeUndefined();
    });
  }

  it('is undefined for a record that is cut', () => {
    expect(parseReportLine(record(id, metrics).slice(0, -1), id)).toBeUndefined();
  });
});

describe('properties', () => {
  const noise = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      '\t',
      '\n',
      '\r',
      ' ',
      ':',
      '{',
      '}',
      '"',
      '\\',
      'REPORT RequestId: ',
      'Duration: ',
      ' ms',
      '1',
      '"platform.report"',
    ),
    fc.constantFrom(id, `"${id}"`, fake, real, record(id, {}), record(other, {}), 'XRAY TraceId: '),
  );

  it('never throws, and answers only with numbers that Lambda can have written', () => {
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 30 }), (parts) => {
        const report = parseReportLine(parts.join(''), id);
        if (report === undefined) return;
        expect(report.requestId).toBe(id);
        expect(Number.isInteger(report.billedDurationMs)).toBe(true);
        expect(report.memorySizeMb).toBeGreaterThan(0);
        expect(report.durationMs).toBeGreaterThanOrEqual(0);
        expect(report.durationMs).toBeLessThanOrEqual(86_400_000);
      }),
      { numRuns: 3000, seed: 10 },
    );
  });

  it('finds the real report behind any output of the function', () => {
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 30 }), (parts) => {
        expect(parseReportLine(`${parts.join('')}\n${real}`, id)).toEqual(parsed);
      }),
      { numRuns: 2000, seed: 11 },
    );
  });

  it('reads back any report, in any order of fields', () => {
    const whole = fc.integer({ min: 0, max: 900_000 });
    const figures = fc.record(
      { duration: whole, billed: whole, size: fc.integer({ min: 128, max: 10_240 }), used: whole, init: whole },
      { requiredKeys: ['duration', 'billed', 'size', 'used'] },
    );
    fc.assert(
      fc.property(
        figures,
        fc.integer({ min: 0, max: 4 }),
        fc.constantFrom('\t', ' '),
        ({ duration, billed, size, used, init }, turn, gap) => {
          const fields = [
            `Duration: ${(duration / 100).toFixed(2)} ms`,
            `Billed Duration: ${billed} ms`,
            `Memory Size: ${size} MB`,
            `Max Memory Used: ${used} MB`,
            ...(init === undefined ? [] : [`Init Duration: ${(init / 100).toFixed(2)} ms`]),
          ];
          const turned = [...fields.slice(turn), ...fields.slice(0, turn)];
          expect(parseReportLine(`REPORT RequestId: ${id}${gap}${turned.join(gap)}`, id)).toEqual({
            requestId: id,
            durationMs: duration / 100,
            billedDurationMs: billed,
            memorySizeMb: size,
            maxMemoryUsedMb: used,
            ...(init === undefined ? {} : { initDurationMs: init / 100 }),
          });
        },
      ),
      { numRuns: 1000, seed: 12 },
    );
  });
});

describe('the usual form of the line', () => {
  const digits = fc.stringMatching(/^\d{0,9}(\.\d{0,7})?$/);

  it('is read as it would be with a field more, which no pattern knows', () => {
    fc.assert(
      fc.property(
        fc.tuple(digits, digits, digits, digits),
        fc.option(digits),
        fc.constantFrom('', '\t'),
        (n, init, end) => {
          const fields = `\tDuration: ${n[0]} ms\tBilled Duration: ${n[1]} ms\tMemory Size: ${n[2]} MB\tMax Memory Used: ${n[3]} MB${init === null ? '' : `\tInit Duration: ${init} ms`}`;
          const usual = parseReportLine(`REPORT RequestId: ${id}${fields}${end}\n`, id);
          expect(usual).toEqual(parseReportLine(`REPORT RequestId: ${id}${fields}\tStreamed: 12 bytes${end}\n`, id));
        },
      ),
      { numRuns: 2000, seed: 5 },
    );
  });
});

describe('hostile logs of a megabyte', () => {
  // Each of these takes milliseconds; quadratic work on them would run into the test's time limit.
  for (const [name, unit] of [
    ['blanks', ' '],
    ['capital words', 'Aa '],
    ['labels', 'Duration: '],
    ['colons', ':'],
    ['tabs and colons', '\t:'],
    ['mentions', `REPORT RequestId: ${id} `],
    ['other mentions', 'REPORT RequestId: '],
    ['own lines', `REPORT RequestId: ${other}\n`],
    ['braces', '{"'],
    ['records in one line', `{"type":"platform.report","record":{"requestId":"${id}"}}`],
    ['types', '"platform.report"'],
    ['types with braces', `{"${id}":"platform.report",`],
    ['types in lines', `{"type":"platform.report","id":"${id}"\n`],
  ] as const) {
    it(`finishes on ${name}`, () => {
      const log = unit.repeat(Math.ceil(1_000_000 / unit.length));
      expect(parseReportLine(log, id)).toBeUndefined();
      expect(parseReportLine(`REPORT RequestId: ${id}${log}`, id)).toBeUndefined();
      expect(parseReportLine(`${log}\n${real}`, id)).toEqual(parsed);
    });
  }
});
