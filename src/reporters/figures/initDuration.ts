import { line } from 'd3-shape';
import { shownStarts } from '../../analysis/coldStarts.ts';
import { type Curve, curvesAmong, sameCurve } from '../../model/configuration.ts';
import type { ConfigurationResult, TuningResult } from '../../model/run.ts';
import { formatDuration, formatNumberOf } from '../../text/format.ts';
import { namerOf } from '../wording/namer.ts';
import { type Box, memoryAxis, panelTitle, valueAxis, valueGrid } from './axes.ts';
import { sizeAxis } from './curvePanel.ts';
import type { Drawing } from './figure.ts';
import { pointMark } from './marks.ts';
import { element, pixels, shortened } from './svgElements.ts';

/** How long environments took to start, by size: every cold start as a dot, their means joined. Undefined without any. */
export function drawInit(result: TuningResult, width: number): Drawing | undefined {
  const rows = result.configurations.filter((row) => startsOf(row).length > 0 && meanOf(row) !== undefined);
  if (rows.length === 0) return undefined;
  const hasRestore = rows.some((row) => row.cold?.restoreDurationMs !== undefined);
  const box: Box = { left: 52, top: 34, width: width - 52 - 12, height: 200 };
  const x = memoryAxis(
    rows.map((row) => row.memoryMb),
    'log',
    box.left,
    box.left + box.width,
  );
  const y = valueAxis({ figures: rows.flatMap(startsOf) }, 'linear', box.top + box.height, box.top);
  const name = namerOf(result);
  const series = (curve: Curve) => {
    const { architecture } = curve;
    const own = rows.filter((row) => sameCurve(row, curve)).toSorted((one, other) => one.memoryMb - other.memoryMb);
    const at = (row: ConfigurationResult) => x(row.memoryMb) + (architecture === 'arm64' ? 4 : -4);
    const path = line<ConfigurationResult>(at, (row) => y(meanOf(row) ?? 0));
    return element(
      'g',
      { class: architecture },
      element('path', { class: 'line', d: shortened(path(own)) }),
      ...own.map((row) => {
        const mean = meanOf(row) ?? 0;
        const read = `${name(row)} · mean ${formatDuration(mean)} · ${formatNumberOf(row.cold?.count ?? 0, 'cold start')}`;
        const d = startsOf(row).map((ms) => `M${pixels(at(row))} ${pixels(y(ms))}h0`);
        return (
          element('path', { class: 'dots cold', d: d.join('') }) +
          element(
            'g',
            {
              class: 'pt',
              'data-memory': String(row.memoryMb),
              'data-x': pixels(at(row)),
              'data-y': pixels(y(mean)),
              'data-read': read,
            },
            pointMark(architecture, at(row), y(mean), 40, row.status === 'measured'),
          )
        );
      }),
    );
  };
  const content = [
    panelTitle(8, 20, hasRestore ? 'Init or restore of cold starts, ms' : 'Init of cold starts, ms'),
    valueGrid(box, y, ''),
    sizeAxis(box, x, 'Memory, MB'),
    ...curvesAmong(rows).map(series),
  ];
  return { width, height: box.top + box.height + 42, content: content.join('') };
}

function startsOf(row: ConfigurationResult): readonly number[] {
  return row.measurements.flatMap((one) => {
    if (one.outcome !== 'succeeded' || one.start !== 'cold') return [];
    return one.restoreDurationMs ?? one.initDurationMs ?? [];
  });
}

/** Of a SnapStart function its restores: there each environment is restored, not initialised. */
function meanOf({ cold }: ConfigurationResult): number | undefined {
  return shownStarts(cold)?.mean;
}
