import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSavedRun } from '../../../src/documents/savedDocument.ts';
import type { CheckResult } from '../../../src/model/check.ts';
import type { TuningResult } from '../../../src/model/run.ts';
import { drawRatios } from '../../../src/reporters/check/ratioFigure.ts';
import { drawCurves } from '../../../src/reporters/figures/curves.ts';
import { figureData } from '../../../src/reporters/figures/figureData.ts';
import { placeLabels } from '../../../src/reporters/figures/labels.ts';
import { checkReporters, migrationReporters, runReporters } from '../../../src/reporters/registry.ts';
import { extremeRuns } from '../extremeRuns.ts';
import { fleetOf } from '../savedCheck.ts';
import { migrationOf } from '../savedMigration.ts';

const view = { columns: 120, color: false };
const curvesOf = (run: TuningResult, width = 1080) =>
  drawCurves(figureData(run, 'warm'), { width, kind: 'log' }).content;
const numbers = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => Number(match[1]));
const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
/** The heights of the means of the cost panel, which is the first. */
const costHeights = (content: string) =>
  [...content.matchAll(/<g class="cost">.*?<\/g><\/g>/g)].flatMap(([group]) => numbers(group, /data-y="([\d.]+)"/g));

describe('an interval that is not bounded', () => {
  it('leaves the figures at least a third of the height that they have without it', () => {
    const plain = spread(costHeights(curvesOf(extremeRuns['1,769 MB as the largest size']())));
    expect(plain).toBeGreaterThan(100);
    for (const name of ['an interval without a bound', 'an interval a thousand times as wide'] as const) {
      expect(spread(costHeights(curvesOf(extremeRuns[name]())))).toBeGreaterThan(plain / 3);
    }
  });

  it('is drawn to the ends of the axis, with arrows', () => {
    const content = curvesOf(extremeRuns['an interval without a bound']());
    expect(content.match(/class="whisker" d="M[^"]*L[^"]*L[^"]*V[^"]*L[^"]*L/g)).toHaveLength(1);
  });

  it('does not press the lines of a check together', () => {
    const [, open] = fleetOf('orders').functions;
    if (open === undefined) throw new Error('no function');
    const figure = drawRatios(open, 'id');
    const wide = figure.slice(0, figure.indexOf('at-narrow'));
    // No change and the limit of +10 % stay at least 60 pixels apart although one interval goes up to 3,000 times.
    const [base = 0] = numbers(wide, /class="base" x1="([\d.]+)"/g);
    const [limit = 0] = numbers(wide, /class="limit" x1="([\d.]+)"/g);
    expect(limit - base).toBeGreaterThan(60);
  });
});

describe('labels', () => {
  const within = { left: 0, top: 0, width: 300, height: 100 };
  const around = (step: number) =>
    Array.from({ length: Math.ceil(300 / step) }, (_, index) => ({ x: index * step, y: 50 }));

  it('go to the nearest free place with a thin line where there is none beside the point', () => {
    const crowd = [30, 50, 70].flatMap((y) => around(12).map(({ x }) => ({ x, y })));
    const text = placeLabels([{ x: 150, y: 50, text: 'recommended' }], crowd, within);
    expect(text).toContain('class="leader"');
    expect(Math.abs((numbers(text, / y="([\d.]+)"/g)[0] ?? 50) - 50)).toBeGreaterThan(24);
  });

  it('are left out rather than laid over points', () => {
    const full = Array.from({ length: 11 }, (_, row) => row * 10).flatMap((y) => around(10).map(({ x }) => ({ x, y })));
    expect(placeLabels([{ x: 150, y: 50, text: 'recommended' }], full, within)).toBe('');
  });
});

describe('a check without colour', () => {
  const fleet = fleetOf('orders');
  const [passed, open, regressed] = fleet.functions.map((checked) => drawRatios(checked, 'id'));

  it('marks each verdict with a shape and its word', () => {
    expect(passed).toContain('<circle class="verdict passed"');
    expect(passed).toContain('>passed</text>');
    expect(open).toContain('class="verdict inconclusive" d="M');
    expect(open).toContain('>undecided</text>');
    expect(regressed).toContain('class="verdict regressed" d="M');
    expect(regressed).toContain('>REGRESSED</text>');
    expect(checkReporters.html(fleet, view)).toContain('✗ REGRESSED</span></h2>');
  });

  it('shows a p95 budget in its figure, with the budget as the limit', () => {
    expect(regressed).toContain('Current against its budget');
    expect(regressed).toContain('p95 budget: 300 ms (280 ms to 330 ms), limit 250 ms: REGRESSED');
  });
});

describe('a fleet', () => {
  it('keeps the order of the configuration in its document', () => {
    const fleet = fleetOf('orders');
    const { functions } = JSON.parse(checkReporters.json(fleet, view)) as { functions: { function: string }[] };
    expect(functions.map((one) => one.function)).toEqual(fleet.functions.map((one) => one.function));
  });

  it.each(Object.keys(checkReporters).filter((format) => !['quiet', 'gitlab', 'json'].includes(format)))(
    'is sorted worst first in %s',
    (format) => {
      const text = checkReporters[format as keyof typeof checkReporters](fleetOf('orders'), view);
      const names = ['d-much', 'c-regressed', 'e-failed', 'b-open', 'a-passed'];
      const places = names.map((name) => text.indexOf(name));
      expect(places.every((place) => place >= 0)).toBe(true);
      expect(places).toEqual(places.toSorted((one, other) => one - other));
    },
  );

  it('ends its table with the verdicts in the same order and the count', () => {
    const lines = checkReporters.table(fleetOf('orders'), view).trimEnd().split('\n');
    expect(lines.at(-1)).toBe('5 functions: 2 REGRESSED, 1 not measured, 1 inconclusive, 1 passed');
    const verdicts = lines.filter((line) => /^[a-e]-\S+ {2,}\S/.test(line)).map((line) => line.split(' ')[0]);
    expect([...new Set(verdicts)]).toEqual([
      'd-much-orders',
      'c-regressed-orders',
      'e-failed-orders',
      'b-open-orders',
      'a-passed-orders',
    ]);
  });
});

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
