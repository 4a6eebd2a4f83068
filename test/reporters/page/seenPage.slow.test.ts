import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSavedRun } from '../../../src/documents/savedDocument.ts';
import type { TuningResult } from '../../../src/model/run.ts';
import { checkReporters, migrationReporters, runReporters } from '../../../src/reporters/registry.ts';
import { formatUsdPerMillion } from '../../../src/text/format.ts';
import { checkOf } from '../savedCheck.ts';
import { migrationOf } from '../savedMigration.ts';
import { failuresRun, hostile } from '../savedRuns.ts';

const view = { columns: 120, color: false };
const html = (run: TuningResult) => runReporters.html(run, view);
const savedRun = async (name: string) =>
  parseSavedRun(await readFile(new URL(`../../../fixtures/runs/${name}.json`, import.meta.url), 'utf8'), name);

const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (executable === undefined)
  process.stderr.write('skipped: there is no Chromium here to look at the HTML report with\n');

describe.skipIf(executable === undefined)('the page in a browser', () => {
  let browser: Browser;
  let folder: string;
  let axe: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'page-'));
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    browser = await chromium.launch({
      ...(executable === undefined ? {} : { executablePath: executable }),
      args: ['--no-sandbox'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (run: TuningResult, options: BrowserContextOptions = {}) => openText(html(run), options);

  async function openText(text: string, options: BrowserContextOptions = {}) {
    const file = join(folder, 'page.html');
    await writeFile(file, text);
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(file).href) said.push(`asked for ${request.url().slice(0, 100)}`);
    });
    await page.goto(pathToFileURL(file).href);
    return { page, said };
  }

  const figuresSeen = (page: Page) => page.locator('figure svg:visible').count();

  const pages: Readonly<Record<string, () => Promise<string>>> = {
    ...Object.fromEntries(
      ['aws', 'failures', 'interrupted', 'local', 'mixture'].map((name) => [
        `the run ${name}`,
        async () => html(await savedRun(name)),
      ]),
    ),
    'a check': async () => checkReporters.html(checkOf('orders'), view),
    'a check of a hostile function': async () => checkReporters.html(checkOf(hostile), view),
    'a migration': async () => migrationReporters.html(migrationOf('orders'), view),
    'a migration of a hostile function': async () => migrationReporters.html(migrationOf(hostile), view),
  };

  // Colours differ in the dark, places on a phone: neither changes what the other's rules see, and these are slow.
  const seenHow = [
    { rules: {} },
    { rules: { runOnly: ['color-contrast'] }, colorScheme: 'dark' },
    { rules: { rules: { 'color-contrast': { enabled: false } } }, viewport: { width: 390, height: 800 } },
  ] as const;

  it.each(Object.entries(pages))('of %s has no error, asks for nothing and is accessible', async (_name, textOf) => {
    const text = await textOf();
    for (const { rules, ...options } of seenHow) {
      const { page, said } = await openText(text, options);
      // The policy of the page forbids further scripts; the debugger may run one all the same.
      const { violations } = await page
        .evaluate(`${axe}; axe.run(${JSON.stringify({ ...rules, resultTypes: ['violations'] })})`)
        .then((found) => found as { violations: { id: string }[] });
      expect(violations.map(({ id }) => id)).toEqual([]);
      expect(said).toEqual([]);
      // Nothing sticks out of a narrow screen.
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      await page.context().close();
    }
  });

  it('shows the figures of the saved run', async () => {
    const run = await savedRun('aws');
    const { page } = await open(run);
    const reads = await page
      .locator('#curves div[data-variant]:visible .cost .pt')
      .evaluateAll((points) => points.map((point) => point.getAttribute('data-read') ?? ''));
    const costs = run.configurations.flatMap(({ warm }) => (warm ? [formatUsdPerMillion(warm.costUsd.mean)] : []));
    expect(reads).toHaveLength(costs.length);
    for (const cost of costs) expect(reads.some((read) => read.includes(`${cost} per million`))).toBe(true);
    const cells = await page.locator('tbody tr').evaluateAll((rows) => rows.map((row) => row.textContent ?? ''));
    for (const cost of costs) expect(cells.some((cell) => cell.includes(cost))).toBe(true);
    await page.context().close();
  });

  it('reads the same without JavaScript', async () => {
    const { page } = await open(await savedRun('aws'), { javaScriptEnabled: false });
    expect(await figuresSeen(page)).toBe(5);
    expect(await page.locator('.controls:visible, button:visible').count()).toBe(0);
    expect(await page.locator('tbody tr:visible').count()).toBe(8);
    await page.context().close();
  });

  it('lets people choose what the figures show, sort the table, and move the recommendation', async () => {
    const { page, said } = await open(await savedRun('aws'));
    const axisOf = () => page.locator('#curves > div[data-variant]:visible').getAttribute('data-variant');
    expect(await axisOf()).toBe('warm log');
    await page.getByLabel('linear').check();
    await page.getByLabel('cold', { exact: true }).check();
    expect(await axisOf()).toBe('cold linear');
    await page.getByLabel('arm64').uncheck();
    expect(await page.locator('#curves svg:visible g.arm64:visible').count()).toBe(0);

    await page.getByRole('button', { name: '$ per million' }).click();
    expect(await page.locator('th[aria-sort=ascending]').textContent()).toContain('$ per million');
    expect(await page.locator('tbody tr').first().textContent()).toContain('$3.87');

    await page.locator('#blend').fill('100');
    expect(await page.locator('#moved').textContent()).toMatch(/^At 100 % weight on speed: 1,769 MB on x86_64/);
    await page.locator('#cold').fill('20');
    expect(await page.locator('#moved').textContent()).toContain('20 % cold starts');
    expect(said).toEqual([]);
    await page.context().close();
  });

  it('reads out what is under the pointer and what the arrow keys reach', async () => {
    const { page } = await open(await savedRun('aws'));
    const point = page.locator('#curves svg:visible .cost .pt').first();
    await point.scrollIntoViewIfNeeded();
    const box = await point.boundingBox();
    if (box === null) throw new Error('no point');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    expect(await page.locator('.read').textContent()).toContain('per million');
    await page.locator('#plane svg:visible').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.read').textContent()).toContain('MB');
    await page.keyboard.press('Escape');
    expect(await page.locator('.read').isVisible()).toBe(false);
    await page.context().close();
  });

  it.each(['svg', 'png'])('hands out a figure as %s', async (kind) => {
    const { page, said } = await open(await savedRun('aws'), { acceptDownloads: true });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator(`#curves button[data-copy=${kind}]`).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`curves.${kind}`);
    const bytes = await readFile((await download.path()) ?? '');
    expect(bytes.length).toBeGreaterThan(3000);
    expect(said.filter((line) => !line.includes('blob:') && !line.includes('data:'))).toEqual([]);
    await page.context().close();
  });

  it('runs nothing that a function said', async () => {
    const { page, said } = await open(failuresRun('<img src=x onerror=alert(1)><script>alert(2)</script>"\'`'));
    expect(said).toEqual([]);
    expect(await page.locator('img').count()).toBe(0);
    await page.context().close();
  });
});
