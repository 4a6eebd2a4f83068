import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runReporters as reporters } from '../../../src/reporters/registry.ts';
import { textWidth } from '../../../src/text/wrapText.ts';
import { foreignText } from '../foreignText.ts';
import { failuresRun, hostile, savedRuns } from '../savedRuns.ts';

/** Whatever a function, a log or a server says: nothing runs, nothing moves, no layout breaks, in any reporter. */

const texts = fc.oneof(foreignText, fc.constant(hostile), fc.constant(''));
const runs = { seed: 7, numRuns: 60 };
const view = { columns: 80, color: false };
const moving = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

for (const format of Object.keys(reporters) as (keyof typeof reporters)[]) {
  it(`${format} holds no control, bidi or invisible character of others`, () => {
    fc.assert(
      fc.property(texts, (text) => {
        const lineEnds = format.startsWith('csv') ? /\r\n/g : /\n/g;
        expect(reporters[format](failuresRun(text), view).replace(lineEnds, '')).not.toMatch(moving);
      }),
      runs,
    );
  });
}

describe('table', () => {
  it('keeps to the width but for lines that are there to be pasted', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 40, max: 160 }), (text, columns) => {
        const lines = reporters.table(failuresRun(text), { columns, color: false }).split('\n');
        const others = lines.filter((one) => !/^ {2,4}(?:aws|--)/.test(one));
        expect(others.filter((line) => textWidth(line) > columns)).toEqual([]);
      }),
      runs,
    );
  });

  it('adds colour only when asked to, and nothing but colour', () => {
    for (const build of Object.values(savedRuns)) {
      const plain = reporters.table(build(), view);
      const colored = reporters.table(build(), { ...view, color: true });
      expect(plain).not.toContain('\u001b');
      expect(colored).toContain('\u001b[');
      expect(unpainted(colored)).toBe(plain);
    }
  });
});

describe('csv', () => {
  for (const format of ['csv', 'csv-summary'] as const) {
    it(`${format} keeps its shape, and no cell is a formula`, () => {
      fc.assert(
        fc.property(texts, (text) => {
          const result = failuresRun(text);
          const rows = parseCsv(reporters[format](result, view));
          const measurements = result.configurations.flatMap((row) => row.measurements);
          expect(rows.length).toBe(1 + (format === 'csv' ? measurements : result.configurations).length);
          expect(rows.filter((row) => row.length !== rows[0]?.length)).toEqual([]);
          expect(rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
        }),
        runs,
      );
    });
  }
});

describe('json', () => {
  it('says exactly what was saved', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const result = failuresRun(text);
        expect(JSON.parse(reporters.json(result, view))).toEqual(result);
      }),
      runs,
    );
  });
});

describe('markdown', () => {
  it('has the same lines, table and fences whatever is said', () => {
    const shapeOf = (text: string) =>
      reporters
        .markdown(failuresRun(text), view)
        .split('\n')
        .map((line) =>
          /^(?:<!-- lambda-tune|### `|- \*\*|\| |```|<sub>|# |aws|$|To apply)/.exec(line)?.[0].slice(0, 3),
        );
    const expected = shapeOf('harmless');
    expect(expected).not.toContain(undefined);
    fc.assert(
      fc.property(texts, (text) => {
        expect(shapeOf(text)).toEqual(expected);
      }),
      runs,
    );
  });

  it('ends its hidden marker only where it should', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const [marker = ''] = reporters.markdown(failuresRun(text), view).split('\n');
        expect(marker).toMatch(/^<!-- lambda-tune: [^<>]* -->$/);
        expect(marker.slice(4, -3)).not.toContain('--');
      }),
      runs,
    );
  });
});

/** Takes the colours off, and only those. */
function unpainted(text: string): string {
  return text
    .split('\u001b')
    .map((piece, index) => (index === 0 ? piece : piece.replace(/^\[\d{1,2}m/, '')))
    .join('')
    .replace(/ +$/gm, '');
}

/** By another's parser, strictly as RFC 4180 has it. */
function parseCsv(text: string): readonly (readonly string[])[] {
  return parse(text, { record_delimiter: '\r\n', relax_quotes: false, relax_column_count: false, trim: false });
}
