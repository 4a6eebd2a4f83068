import { judging } from '../../analysis/savedRun/judgedFigures.ts';
import { type Architecture, architectures } from '../../model/configuration.ts';
import type { ConfigurationResult, TuningResult } from '../../model/run.ts';
import { formatCount, formatDuration, formatUsd } from '../../text/format.ts';

/** Cost and duration against memory, small, for a terminal. The table above has the numbers. */

interface Point {
  readonly memoryMb: number;
  readonly height: number;
}

interface Series {
  readonly architecture: Architecture;
  readonly points: readonly Point[];
}

interface Panel {
  readonly title: string;
  readonly series: readonly Series[];
  readonly format: (height: number) => string;
}

const rows = 6;
const narrowest = 72;
const widestPlot = 40;
const widestPanel = 54;
/** Fewer points are no curve. */
const fewestSizes = 3;

const letterOf = { x86_64: 'x', arm64: 'a' } as const satisfies Record<Architecture, string>;

/** Two panels side by side, or nothing where there is too little to draw or too little room. */
export function curveLines(result: TuningResult, columns: number): readonly string[] {
  const figuresOf = judging(result);
  const measured = result.configurations.filter((row) => row.status === 'measured' && figuresOf(row) !== undefined);
  const sizes = [...new Set(measured.map(({ memoryMb }) => memoryMb))].sort((a, b) => a - b);
  if (sizes.length < fewestSizes || columns < narrowest) return [];
  const seriesOf = (height: (row: ConfigurationResult) => number) =>
    architectures
      .map((architecture) => ({
        architecture,
        points: measured
          .filter((row) => row.architecture === architecture)
          .map((row) => ({ memoryMb: row.memoryMb, height: height(row) }))
          .sort((a, b) => a.memoryMb - b.memoryMb),
      }))
      .filter(({ points }) => points.length > 0);
  const panels: readonly Panel[] = [
    {
      title: '$ per million',
      series: seriesOf((row) => (figuresOf(row)?.costUsd.mean ?? 0) * 1e6),
      format: formatUsd,
    },
    { title: 'mean duration', series: seriesOf((row) => figuresOf(row)?.meanMs ?? 0), format: formatDuration },
  ];
  const gap = 3;
  const width = Math.min(widestPanel, Math.floor((columns - gap) / 2));
  const [left = [], right = []] = panels.map((panel) => panelLines(panel, sizes, width));
  const marks = (panels[0]?.series ?? []).map(({ architecture }) => `${letterOf[architecture]} ${architecture}`);
  return [
    ...left.map((line, index) => `${line.padEnd(width + gap)}${right[index] ?? ''}`),
    [...marks, ...(marks.length > 1 ? ['* both'] : []), 'by memory, on a logarithmic scale'].join(' · '),
  ];
}

function panelLines({ title, series, format }: Panel, sizes: readonly number[], width: number): readonly string[] {
  const top = Math.max(...series.flatMap(({ points }) => points.map(({ height }) => height)));
  const labels = [format(top), '0'];
  const axis = Math.max(...labels.map((label) => label.length));
  const columns = Math.min(widestPlot, width - axis - 2);
  const plot = drawPlot(series, { columns, top, sizes });
  const last = `${formatCount(sizes.at(-1) ?? 0)} MB`;
  return [
    `${' '.repeat(axis + 2)}${title}`,
    ...plot.map((line, row) => {
      const label = row === 0 ? labels[0] : row === rows - 1 ? labels[1] : '';
      return `${(label ?? '').padStart(axis)} │${line}`;
    }),
    `${' '.repeat(axis + 1)}└${'─'.repeat(columns)}`,
    `${' '.repeat(axis + 2)}${formatCount(sizes[0] ?? 0).padEnd(Math.max(0, columns - last.length))}${last}`,
  ];
}

/** A letter at every measured size, dots in between; memory on a logarithmic scale, heights from zero. */
function drawPlot(
  series: readonly Series[],
  { columns, top, sizes }: { readonly columns: number; readonly top: number; readonly sizes: readonly number[] },
): readonly string[] {
  const first = Math.log2(sizes[0] ?? 1);
  const span = Math.log2(sizes.at(-1) ?? 2) - first;
  const dotX = (memoryMb: number) => ((Math.log2(memoryMb) - first) / span) * (columns * 2 - 1);
  const dotY = (height: number) => (top === 0 ? rows * 4 - 1 : (1 - height / top) * (rows * 4 - 1));
  const dots = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  const letters = Array.from({ length: rows }, () => new Array<string>(columns).fill(''));
  for (const { points } of series) {
    for (const [from, to] of points.slice(1).map((point, index) => [points[index], point] as const)) {
      if (from === undefined) continue;
      const [x0, x1, y0, y1] = [dotX(from.memoryMb), dotX(to.memoryMb), dotY(from.height), dotY(to.height)];
      const steps = Math.max(1, Math.ceil(Math.max(x1 - x0, Math.abs(y1 - y0))));
      for (let step = 0; step <= steps; step += 1) {
        const share = step / steps;
        setDot(dots, Math.round(x0 + (x1 - x0) * share), Math.round(y0 + (y1 - y0) * share));
      }
    }
  }
  for (const { architecture, points } of series) {
    for (const { memoryMb, height } of points) {
      const row = letters[Math.floor(Math.round(dotY(height)) / 4)];
      const column = Math.floor(Math.round(dotX(memoryMb)) / 2);
      // Where both architectures fall on one place.
      if (row) row[column] = row[column] === '' ? letterOf[architecture] : '*';
    }
  }
  return dots.map((line, row) =>
    line.map((bits, column) => letters[row]?.[column] || (bits === 0 ? ' ' : braille(bits))).join(''),
  );
}

/** Bits of the two columns of four dots (Unicode, "Braille Patterns"). */
const dotBits = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

function setDot(dots: readonly number[][], x: number, y: number): void {
  const line = dots[Math.floor(y / 4)];
  const bit = dotBits[x % 2 === 0 ? 0 : 1][y % 4] ?? 0;
  const column = Math.floor(x / 2);
  if (line?.[column] !== undefined) line[column] |= bit;
}

function braille(bits: number): string {
  return String.fromCodePoint(0x2800 + bits);
}
