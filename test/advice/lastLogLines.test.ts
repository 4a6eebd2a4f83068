import { describe, expect, it } from 'vitest';
import { lastLogLines } from '../../src/advice/lastLogLines.ts';

const id = '5a1e0a5e-0f6b-4c57-9a07-6a4b1f0a2c11';
const asIs = (text: string) => text;

describe('the last lines of a log', () => {
  it("are the function's own, without when and for which request", () => {
    const log = [
      'INIT_START Runtime Version: nodejs:22.v1\tRuntime Version ARN: arn:aws:lambda:x',
      `START RequestId: ${id} Version: 1`,
      `2026-03-01T10:00:00.000Z\t${id}\tINFO\treading orders`,
      "[ERROR] KeyError: 'TABLE'",
      `END RequestId: ${id}`,
      `REPORT RequestId: ${id}\tDuration: 1.00 ms\tBilled Duration: 1 ms`,
      'XRAY TraceId: 1-2\tSegmentId: 3\tSampled: true',
      `RequestId: ${id} Error: Runtime exited with error: exit status 1`,
      'Runtime.ExitError',
      `{"time":"2026-03-01T10:00:00.000Z","type":"platform.report","record":{}}`,
      `2026-03-01T10:00:03.000Z ${id} Task timed out after 3.00 seconds`,
      '',
    ].join('\n');
    expect(lastLogLines(log, asIs)).toEqual(['INFO\treading orders', "[ERROR] KeyError: 'TABLE'"]);
  });

  it('are at most ten', () => {
    const log = Array.from({ length: 25 }, (_, index) => `line ${index}`).join('\n');
    expect(lastLogLines(log, asIs)).toEqual(Array.from({ length: 10 }, (_, index) => `line ${15 + index}`));
  });

  it('say once what a second init said again', () => {
    expect(lastLogLines('no module\nsorry\nno module\nsorry\n', asIs)).toEqual(['no module', 'sorry']);
    expect(lastLogLines('no module\nsorry\nno module\nthen\n', asIs)).toHaveLength(4);
  });

  it('leave out a first line that the tail may have cut, with half a secret in it', () => {
    const log = `ret-value-of-a-token\n${'x'.repeat(4080)}\nlast`;
    expect(lastLogLines(log, (text) => text.replaceAll('secret-value-of-a-token', '***')).join()).not.toContain(
      'token',
    );
    expect(lastLogLines('first\nlast', asIs)).toEqual(['first', 'last']);
  });

  it('are freed of a secret of several lines before they are split', () => {
    expect(lastLogLines('a\nKEY1\nKEY2\nb', (text) => text.replaceAll('KEY1\nKEY2', '***'))).toEqual(['a', '***', 'b']);
  });
});
