import { judgedStart } from '../../analysis/savedRun/judgedFigures.ts';
import type { TuningResult } from '../../model/run.ts';
import { drawCurves } from '../figures/curves.ts';
import { svgElement } from '../figures/figure.ts';
import { figureData } from '../figures/figureData.ts';
import { drawLegend } from '../figures/legend.ts';
import { element, escaped } from '../figures/svgElements.ts';
import { assets } from '../page/assets.ts';
import { basisText } from '../wording/runWording.ts';
import { renderQuiet } from './quiet.ts';

/** The main figure alone, for a README or a wiki. It follows the reader's light or dark setting and loads nothing. */
export function renderSvg(result: TuningResult): string {
  return figureOf(result, renderQuiet(result).trim());
}

/** `answer` describes it to who cannot see it. */
export function figureOf(result: TuningResult, answer: string): string {
  const data = figureData(result, judgedStart(result));
  const curves = drawCurves(data, { width, kind: 'log' });
  const name = result.target.path ?? result.target.functionName;
  const shown = name.length > 60 ? `${name.slice(0, 59)}…` : name;
  const content = [
    element('rect', { class: 'background', width, height: curves.height + head, rx: 6 }),
    element('text', { class: 'panel-title', x: 20, y: 26 }, escaped(shown)),
    element('text', { class: 'tick', x: 20, y: 44 }, `${escaped(basisText(result))}, ${data.start} invocations`),
    drawLegend(data.architectures, width - 14 - 92 * data.architectures.length, 24),
    element('g', { transform: `translate(0 ${head})` }, curves.content),
  ];
  const text = { title: `Cost and duration of ${shown} by memory size`, description: answer };
  const drawing = { width, height: curves.height + head, content: content.join('') };
  const size = { width: String(width), height: String(Math.ceil(drawing.height)) };
  return `${svgElement(drawing, text, 'tune', size, assets.figureCss)}\n`;
}

const width = 840;
/** Room for the name above the panels. */
const head = 50;
