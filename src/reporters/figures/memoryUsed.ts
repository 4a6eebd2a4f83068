import { compareBySize, withVariant } from '../../model/configuration.ts';
import type { TuningResult } from '../../model/run.ts';
import { formatCount, formatMemory, formatShare } from '../../text/format.ts';
import { panelTitle } from './axes.ts';
import type { Drawing } from './figure.ts';
import { pointMark } from './marks.ts';
import { element, escaped } from './svgElements.ts';

const barHeight = 22;

/** The most memory used as a part of each size. Undefined where nothing reported any. */
export function drawMemoryUsed(result: TuningResult, width: number): Drawing | undefined {
  const rows = result.configurations
    .flatMap((row) => {
      const usedMb = Math.max(row.warm?.maxMemoryUsedMb ?? 0, row.cold?.maxMemoryUsedMb ?? 0);
      return usedMb > 0 ? [{ row, usedMb }] : [];
    })
    .toSorted((one, other) => compareBySize(one.row, other.row));
  if (rows.length === 0) return undefined;
  const left = 92;
  const barWidth = width - left - 118;
  const bars = rows.map(({ row, usedMb }, index) => {
    const y = 34 + index * barHeight;
    const share = usedMb / row.memoryMb;
    return element(
      'g',
      { class: `bar ${row.architecture}` },
      pointMark(row.architecture, left - 12, y + 8, 32, true),
      element('text', { class: 'tick', x: left - 22, y: y + 12, 'text-anchor': 'end' }, formatMemory(row.memoryMb)),
      element('rect', { class: 'track', x: left, y: y + 1, width: barWidth, height: 14, rx: 3 }),
      element('rect', {
        class: 'used',
        x: left,
        y: y + 1,
        width: Math.min(barWidth, barWidth * share),
        height: 14,
        rx: 3,
      }),
      element(
        'text',
        { class: 'tick', x: left + barWidth + 8, y: y + 12 },
        escaped(withVariant(`${formatCount(usedMb)} MB, ${formatShare(share)}`, row)),
      ),
    );
  });
  const content = [panelTitle(8, 20, 'Most memory used, of each size'), ...bars].join('');
  return { width, height: 34 + rows.length * barHeight + 10, content };
}
