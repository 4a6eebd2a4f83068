import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { XMLValidator } from 'fast-xml-parser';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { expect, it } from 'vitest';
import { type CheckResult, checkResultSchema } from '../../src/domain/check/result.ts';
import { checkReporters } from '../../src/reporters/registry.ts';
import { foreignText } from './foreignText.ts';
import { hostile } from './savedRuns.ts';

/** The same as for runs: whatever others say, nothing runs, nothing moves, no layout breaks, in any reporter of a check. */

/** One function that regressed, one that could not be measured, both with foreign text wherever there is room for some. */
function checkOf(foreign: string): CheckResult {
  const base = {
    runId: 'r1-0',
    comparison: 'against' as const,
    comparedWith: [foreign],
    samples: { baseline: 30, current: 30 },
    environments: { baseline: 5, current: 5 },
    spend: { invocations: 70, actualUsd: 0.0001 },
    notes: [foreign],
    warnings: [{ code: foreign, text: foreign }],
  };
  return {
    schemaVersion: 1,
    tool: { name: 'lambda-tune', version: '0.1.0' },
    runId: 'r1',
    startedAt: '2026-11-23T09:30:00.000Z',
    finishedAt: '2026-11-23T09:31:00.000Z',
    backend: 'aws',
    verdict: 'regressed',
    configFile: foreign,
    functions: [
      {
        ...base,
        function: `=${foreign}`,
        verdict: 'regressed',
        memoryMb: 512,
        architecture: 'arm64',
        metrics: [
          {
            name: 'cost',
            kind: 'increase',
            limit: 0.1,
            baseline: 0.000002,
            current: 0.000003,
            ratio: { estimate: 0.5, low: 0.4, high: 0.6 },
            verdict: 'regressed',
            warned: false,
            required: true,
          },
        ],
        acceptedRegression: foreign,
        configLine: 7,
      },
      {
        ...base,
        function: `-${foreign}`,
        verdict: null,
        metrics: [],
        error: { code: foreign, message: `@${foreign}`, hint: `+${foreign}` },
      },
    ],
    leftBehind: [
      { kind: 'function', name: foreign, region: foreign, reason: foreign, command: 'aws lambda delete-function' },
    ],
  };
}

const texts = fc.oneof(foreignText, fc.constant(hostile), fc.constant(''));
const runs = { seed: 7, numRuns: 60 };
const moving = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const view = { columns: 80, color: false };

it('is about checks as they are saved', () => {
  expect(checkResultSchema.parse(checkOf('x'))).toEqual(checkOf('x'));
});

for (const format of Object.keys(checkReporters) as (keyof typeof checkReporters)[]) {
  it(`${format} holds no control, bidi or invisible character of others`, () => {
    fc.assert(
      fc.property(texts, (text) => {
        const lineEnds = format === 'csv' ? /\r\n/g : /\n/g;
        expect(checkReporters[format](checkOf(text), view).replace(lineEnds, '')).not.toMatch(moving);
      }),
      runs,
    );
  });
}

it('csv keeps its shape, and no cell is a formula', () => {
  const rowsOf = (text: string): string[][] =>
    parse(checkReporters.csv(checkOf(text), view), { record_delimiter: '\r\n', trim: false });
  const expected = rowsOf('harmless').length;
  fc.assert(
    fc.property(texts, (text) => {
      const rows = rowsOf(text);
      expect(rows.length).toBe(expected);
      for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+@\t\r]|^-(?![\d.]+$)/);
    }),
    runs,
  );
});

it('junit is XML', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(XMLValidator.validate(checkReporters.junit(checkOf(text), view))).toBe(true);
    }),
    runs,
  );
});

it('markdown is made of the same tags whatever is said', () => {
  const tagsOf = (text: string) => {
    const html = micromark(checkReporters.markdown(checkOf(text), view), {
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
      allowDangerousHtml: true,
      allowDangerousProtocol: true,
    });
    return [...html.matchAll(/<\/?([a-z0-9]+)/gi)].map(([tag]) => tag);
  };
  const expected = tagsOf('harmless');
  expect(expected).toContain('<table');
  expect(expected).not.toContain('<a');
  fc.assert(
    fc.property(texts, (text) => {
      expect(tagsOf(text)).toEqual(expected);
    }),
    runs,
  );
});
