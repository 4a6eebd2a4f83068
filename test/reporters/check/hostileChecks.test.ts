import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { XMLValidator } from 'fast-xml-parser';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { expect, it } from 'vitest';
import { checkResultSchema } from '../../../src/model/check.ts';
import { checkReporters } from '../../../src/reporters/registry.ts';
import { foreignText } from '../foreignText.ts';
import { checkOf } from '../savedCheck.ts';
import { hostile } from '../savedRuns.ts';

/** The same as for runs: whatever others say, nothing runs, nothing moves, no layout breaks, in any reporter of a check. */

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
      expect(rows.flat().filter((cell) => /^[=+@\t\r]|^-(?![\d.]+$)/.test(cell))).toEqual([]);
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
