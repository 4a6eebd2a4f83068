import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSavedRun } from '../../../src/documents/savedDocument.ts';
import type { CheckResult } from '../../../src/model/check.ts';
import { checkReporters, migrationReporters, runReporters } from '../../../src/reporters/registry.ts';
import { extremeRuns } from '../extremeRuns.ts';
import { fleetOf } from '../savedCheck.ts';
import { migrationOf } from '../savedMigration.ts';

const view = { columns: 120, color: false };

const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (executable === undefined) process.stderr.write('skipped: there is no Chromium here to measure figures with\n');

const savedRun = async (name: string) =>
  parseSavedRun(await readFile(new URL(`../../../fixtures/runs/${name}.json`, import.meta.url), 'utf8'), name);

const pages: Readonly<Record<string, () => Promise<string>>> = {
  ...Object.fromEntries(
    ['aws', 'failures', 'local', 'mixture'].map((name) => [
      name,
      async () => runReporters.html(await savedRun(name), view),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(extremeRuns).map(([name, run]) => [name, async () => runReporters.html(run(), view)]),
  ),
  'a fleet of checks': async () => checkReporters.html(fleetOf('orders'), view),
  'a check of one long name': async () => {
    const fleet: CheckResult = fleetOf('x'.repeat(140));
    return checkReporters.html({ ...fleet, functions: fleet.functions.slice(0, 1) }, view);
  },
  'a migration': async () => migrationReporters.html(migrationOf('orders'), view),
};

describe.skipIf(executable === undefined)('figures as a browser draws them', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      ...(executable === undefined ? {} : { executablePath: executable }),
      args: ['--no-sandbox'],
    });
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function opened(text: string, width: number): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    await page.setContent(text);
    return page;
  }

  it.each(Object.entries(pages))(
    'of %s: nothing is cut, no text lies over text or a point',
    async (_name, textOf) => {
      const text = await textOf();
      for (const width of [1280, 390]) {
        const page = await opened(text, width);
        expect(await page.evaluate(troubles)).toEqual([]);
        await page.close();
      }
    },
    60_000,
  );

  it.each(['aws', 'one size'])('of %s each have a key that names the architectures', async (name) => {
    const page = await opened((await pages[name]?.()) ?? '', 1280);
    const keys = await page
      .locator('figure svg:visible')
      .evaluateAll((all) => all.map((one) => one.querySelector('.key')?.textContent));
    expect(keys.length).toBeGreaterThan(3);
    expect(new Set(keys)).toEqual(new Set([name === 'aws' ? 'x86_64arm64' : 'x86_64']));
    await page.close();
  });

  it('prints the heads of the table, and shows the recommended row without colour', async () => {
    const page = await opened(runReporters.html(await savedRun('aws'), view), 1280);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const heads = await page
      .locator('thead th')
      .evaluateAll((all) => all.map((one) => (one as { innerText: string }).innerText));
    expect(heads).toContain('Memory');
    expect(heads).toContain('$ per million');
    expect(heads.every((head) => head.trim() !== '')).toBe(true);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(
      await page.evaluate(`getComputedStyle(document.querySelector('tr.recommended th'), '::before').content`),
    ).toBe('"▶ "');
    await page.close();
  });
});

/** Runs in the page: what is wrong with the figures that are seen. */
const troubles = `(() => {
  const seen = (svg, what) => [...svg.querySelectorAll(what)].filter((one) => one.getClientRects().length > 0);
  const boxes = (svg, what) => seen(svg, what).map((one) => ({ box: one.getBoundingClientRect(), text: one.textContent, one }));
  const over = (a, b, by) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > by && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > by;
  const found = [];
  for (const svg of document.querySelectorAll('figure svg')) {
    const frame = svg.getBoundingClientRect();
    if (frame.width === 0) continue;
    const scale = frame.width / svg.viewBox.baseVal.width;
    const id = svg.closest('figure').id;
    const texts = boxes(svg, 'text');
    const labels = boxes(svg, 'text.label');
    for (const { box, text } of texts) {
      if (box.left < frame.left - 0.5 || box.right > frame.right + 0.5 || box.top < frame.top - 0.5 || box.bottom > frame.bottom + 0.5) found.push(id + ': cut: ' + text);
    }
    texts.forEach((a, i) => texts.slice(i + 1).forEach((b) => { if (over(a.box, b.box, 2 * scale)) found.push(id + ': ' + a.text + ' over ' + b.text); }));
    for (const { box, text } of labels) {
      for (const mark of boxes(svg, '.pt > .mark, .pt > .cross, .pt > .uncalled, .verdict')) if (over(box, mark.box, 1 * scale)) found.push(id + ': ' + text + ' over a point');
    }
  }
  return found;
})()`;
