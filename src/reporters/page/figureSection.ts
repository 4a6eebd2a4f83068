import { judgedStart } from '../../analysis/savedRun/judgedFigures.ts';
import { type Architecture, architectures } from '../../model/configuration.ts';
import type { Start } from '../../model/measurement.ts';
import type { TuningResult } from '../../model/run.ts';
import type { AxisKind } from '../figures/axes.ts';
import { drawBills } from '../figures/bills.ts';
import { drawCurves } from '../figures/curves.ts';
import { type Drawing, svgElement } from '../figures/figure.ts';
import { type FigureData, figureData } from '../figures/figureData.ts';
import { drawInit } from '../figures/initDuration.ts';
import { withKey } from '../figures/legend.ts';
import { drawMemoryUsed } from '../figures/memoryUsed.ts';
import { drawPlane } from '../figures/plane.ts';
import { drawProvisioned } from '../figures/provisionedCurve.ts';
import { drawStrips } from '../figures/strips.ts';
import { element, escaped } from '../figures/svgElements.ts';

const wide = 1080;
const half = 540;
const narrow = 370;

interface FigureVariant {
  readonly start: Start | '*';
  readonly axis: AxisKind | '*';
  /** Which screens it is drawn for; absent: all. */
  readonly screen?: 'wide' | 'narrow' | undefined;
  readonly drawing: Drawing;
}

/** All figures of a run. Each is drawn in every way that can be chosen; without JavaScript the first way is seen. */
export function figureSection(result: TuningResult): string {
  const judged = judgedStart(result);
  const other: Start = judged === 'warm' ? 'cold' : 'warm';
  const data = [figureData(result, judged), figureData(result, other)].filter(({ points }) => points.length > 0);
  const axes = ['log', 'linear'] as const;
  const architectures = architecturesOf(result);
  const both = (draw: (one: FigureData, kind: AxisKind, width: number) => Drawing): readonly FigureVariant[] =>
    (['wide', 'narrow'] as const).flatMap((screen) =>
      data.flatMap((one) =>
        axes.map((axis): FigureVariant => {
          const drawing = withKey(draw(one, axis, screen === 'wide' ? wide : narrow), architectures);
          return { start: one.start, axis, screen, drawing };
        }),
      ),
    );
  const single = (drawing: Drawing | undefined): readonly FigureVariant[] =>
    drawing === undefined ? [] : [{ start: '*', axis: '*', drawing: withKey(drawing, architectures) }];
  const plain = (drawing: Drawing | undefined, screen?: 'wide' | 'narrow'): readonly FigureVariant[] =>
    drawing === undefined ? [] : [{ start: '*', axis: '*', screen, drawing }];
  const hasMeasurements = result.configurations.some(({ measurements }) => measurements.length > 0);
  const bills = drawBills(result, wide);
  const [provisioned] = result.traffic?.provisioned ?? [];
  const figures = [
    figure('bills', 'A month at your traffic, by what is paid for', 'wide', [
      ...plain(bills, 'wide'),
      ...plain(bills && drawBills(result, narrow), 'narrow'),
    ]),
    figure(
      'curves',
      'Cost and duration against memory, with 95 % intervals',
      'wide',
      both((one, kind, width) => drawCurves(one, { width, kind })),
    ),
    figure(
      'plane',
      'Cost against duration: the nearer to the lower left, the better',
      'wide',
      both((one, kind, width) => drawPlane(one, { width, kind })),
    ),
    figure(
      'measurements',
      'Every measurement as a dot, cold starts apart, failures as crosses; ticks at p50 and p95 of warm calls',
      'wide',
      hasMeasurements
        ? axes.map(
            (axis): FigureVariant => ({
              start: '*',
              axis,
              drawing: withKey(drawStrips(result, { width: wide, kind: axis }), architectures),
            }),
          )
        : [],
    ),
    figure(
      'provisioned',
      'Provisioned concurrency at your traffic: the same number at all times',
      '',
      plain(provisioned && drawProvisioned(provisioned, half)),
    ),
    figure('init', 'Init duration of cold starts, in fresh deployments', '', single(drawInit(result, half))),
    figure('memory', 'Most memory used of each size', '', single(drawMemoryUsed(result, half))),
  ];
  return figures.join('') === '' ? '' : `<h2>Figures</h2>\n<div class="figures">${figures.join('\n')}</div>`;
}

function architecturesOf({ configurations }: TuningResult): readonly Architecture[] {
  return architectures.filter((one) => configurations.some(({ architecture }) => architecture === one));
}

function figure(id: string, caption: string, className: string, variants: readonly FigureVariant[]): string {
  if (variants.length === 0) return '';
  const first = (screen: FigureVariant['screen']) => variants.find((one) => one.screen === screen);
  const drawn = variants.map((variant, index) => {
    const { start, axis, screen, drawing } = variant;
    const classes = [
      ...(screen === undefined ? [] : [`at-${screen}`]),
      ...(variant === first(screen) ? [] : ['hidden']),
    ];
    return element(
      'div',
      { 'data-variant': `${start} ${axis}`, class: classes.join(' ') || undefined },
      svgElement(
        drawing,
        { title: caption, description: 'The table of configurations below has the same figures as numbers.' },
        `${id}-${index}`,
      ),
    );
  });
  const tools =
    '<div class="tools"><button type="button" data-copy="svg">SVG</button><button type="button" data-copy="png">PNG</button></div>';
  return `<figure id="${id}" class="${className}"><figcaption>${escaped(caption)}</figcaption>${drawn.join('')}${tools}</figure>`;
}
