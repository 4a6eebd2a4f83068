import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../src/reporters/run/markdown.ts';
import { foreignText } from './foreignText.ts';
import { failuresRun, hostile, savedRuns } from './savedRuns.ts';

/** What GitHub makes of it, by a parser of its dialect. HTML in the text is passed on, so that what would run is seen. */
function toHtml(markdown: string): string {
  return micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
  });
}

const tagsOf = (html: string) => [...html.matchAll(/<\/?([a-z0-9]+)/gi)].map(([tag]) => tag);

describe('Markdown as GitHub reads it', () => {
  for (const [name, build] of Object.entries(savedRuns)) {
    it(`${name}: a hidden marker, a heading, the verdict as a list, one table with a row per configuration, commands as code`, () => {
      const run = build();
      const html = toHtml(renderMarkdown(run));
      expect(html).toMatch(/^<!-- lambda-tune: [^<>]* -->\n<h3><code>/);
      const [table, ...otherTables] = html.split('<table>').slice(1);
      expect(otherTables).toEqual([]);
      const rows = (table ?? '').split('<tr>').slice(1);
      expect(rows.length).toBe(1 + run.configurations.length);
      // A mixture has no mean of what is billed for warm calls.
      const columns = name === 'mixture' ? 11 : 12;
      for (const row of rows) expect(row.match(/<t[dh]/g)?.length).toBe(columns);
      expect(html.match(/<li><strong>/g)?.length).toBeGreaterThan(0);
      expect(html.match(/<pre><code class="language-sh">/g)?.length ?? 0).toBeLessThanOrEqual(1);
      expect(html.match(/<\/?sub>/g)).toEqual(['<sub>', '</sub>']);
    });
  }

  it('is made of the same tags whatever is said: nothing but text comes of it', () => {
    const expected = tagsOf(toHtml(renderMarkdown(failuresRun('harmless'))));
    expect(expected).not.toContain('<a');
    const texts = fc.oneof(foreignText, fc.constant(hostile), fc.constant(''));
    fc.assert(
      fc.property(texts, (text) => {
        expect(tagsOf(toHtml(renderMarkdown(failuresRun(text))))).toEqual(expected);
      }),
      { seed: 7, numRuns: 120 },
    );
  });
});
