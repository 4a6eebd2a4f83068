import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { tuningResultSchema } from '../../src/model/run.ts';
import { runReporters as reporters } from '../../src/reporters/registry.ts';
import { savedRuns } from './savedRuns.ts';

/** What people see, as files to look at: `npx vitest run test/reporters -u` rewrites them, and every change is to be read. */

const fixture = (path: string) => new URL(`../../fixtures/${path}`, import.meta.url).pathname;

const goldens: readonly { format: keyof typeof reporters; columns: number; ending: string }[] = [
  { format: 'table', columns: 40, ending: '40.txt' },
  { format: 'table', columns: 80, ending: '80.txt' },
  { format: 'table', columns: 120, ending: '120.txt' },
  { format: 'quiet', columns: 80, ending: 'quiet.txt' },
  { format: 'markdown', columns: 80, ending: 'md' },
  { format: 'csv', columns: 80, ending: 'csv' },
  { format: 'csv-summary', columns: 80, ending: 'summary.csv' },
  { format: 'junit', columns: 80, ending: 'junit.xml' },
  { format: 'github', columns: 80, ending: 'github.txt' },
  { format: 'gitlab', columns: 80, ending: 'metrics.txt' },
  { format: 'url', columns: 80, ending: 'url.txt' },
];

for (const [name, build] of Object.entries(savedRuns)) {
  describe(`the ${name} run`, () => {
    it('is a valid saved run', async () => {
      await expect(reporters.json(build(), { columns: 80, color: false })).toMatchFileSnapshot(
        fixture(`runs/${name}.json`),
      );
      const saved: unknown = JSON.parse(await readFile(fixture(`runs/${name}.json`), 'utf8'));
      expect(tuningResultSchema.parse(saved)).toEqual(build());
    });

    for (const { format, columns, ending } of goldens) {
      it(`looks as reviewed: ${format}, ${columns} columns`, async () => {
        const result = tuningResultSchema.parse(JSON.parse(await readFile(fixture(`runs/${name}.json`), 'utf8')));
        await expect(reporters[format](result, { columns, color: false })).toMatchFileSnapshot(
          fixture(`golden/${name}.${ending}`),
        );
      });
    }
  });
}

it('curves of cost and duration where a terminal can show them', async () => {
  const text = reporters.table(savedRuns.aws(), { columns: 80, color: false, curves: true });
  await expect(text).toMatchFileSnapshot(fixture('golden/aws.curves.txt'));
});

it('ASCII only where the terminal has no more', async () => {
  const text = reporters.table(savedRuns.failures(), { columns: 80, color: false, unicode: false, curves: true });
  expect(text).toMatch(/^[\n -~]*$/);
  await expect(text).toMatchFileSnapshot(fixture('golden/failures.ascii.txt'));
});
