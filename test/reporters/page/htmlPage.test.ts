import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSavedRun } from '../../../src/documents/savedDocument.ts';
import type { TuningResult } from '../../../src/model/run.ts';
import { runReporters } from '../../../src/reporters/registry.ts';
import { foreignText } from '../foreignText.ts';
import { failuresRun } from '../savedRuns.ts';

const view = { columns: 120, color: false };
const html = (run: TuningResult) => runReporters.html(run, view);
const savedRun = async (name: string) =>
  parseSavedRun(await readFile(new URL(`../../../fixtures/runs/${name}.json`, import.meta.url), 'utf8'), name);

describe('the page as text', () => {
  it('names by hash what may run, and asks for nothing', async () => {
    const text = html(await savedRun('aws'));
    expect(text).toContain("default-src 'none'");
    expect(text.match(/<script/g)).toHaveLength(2);
    expect(text).not.toMatch(/\s(on\w+|style)="/);
    expect(text).not.toMatch(/(src|href)="/);
    expect(text).not.toMatch(/url\(|@import/);
  });

  it('shows nothing of others as markup', () => {
    fc.assert(
      fc.property(foreignText, (text) => {
        const page = html(failuresRun(text));
        expect(page.match(/<script/g)).toHaveLength(2);
        expect(page.match(/<style/g)).toHaveLength(1);
        expect(page).not.toMatch(/<(img|iframe|object|embed|link|base|form|meta http-equiv="refresh")/i);
      }),
      { numRuns: 60 },
    );
  });

  it('stays below 1.5 MB with 12 configurations of 1,000 measurements', async () => {
    expect(Buffer.byteLength(html(await largeRun()))).toBeLessThan(1_500_000);
  });
});

/** The saved run with every configuration's measurements repeated to 1,000, and rows added to make twelve. */
async function largeRun(): Promise<TuningResult> {
  const run = await savedRun('aws');
  const rows = [...run.configurations, ...run.configurations].slice(0, 12).map((row, index) => ({
    ...row,
    memoryMb: index < 8 ? row.memoryMb : row.memoryMb + 64,
    measurements: Array.from({ length: 1000 }, (_, nth) => {
      const one = row.measurements[nth % row.measurements.length];
      if (one === undefined) throw new Error('no measurement');
      return one.outcome === 'succeeded' ? { ...one, durationMs: one.durationMs * (1 + (nth % 97) / 500) } : one;
    }),
  }));
  return { ...run, configurations: rows };
}
