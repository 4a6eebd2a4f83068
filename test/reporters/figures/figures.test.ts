import { describe, expect, it } from 'vitest';
import type { TuningResult } from '../../../src/model/run.ts';
import { drawRatios } from '../../../src/reporters/check/ratioFigure.ts';
import { drawCurves } from '../../../src/reporters/figures/curves.ts';
import { figureData } from '../../../src/reporters/figures/figureData.ts';
import { placeLabels } from '../../../src/reporters/figures/labels.ts';
import { checkReporters } from '../../../src/reporters/registry.ts';
import { extremeRuns } from '../extremeRuns.ts';
import { fleetOf } from '../savedCheck.ts';

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
