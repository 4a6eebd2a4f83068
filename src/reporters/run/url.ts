import { comparedFiguresOf } from '../../analysis/savedRun/judgedFigures.ts';
import { recommended } from '../../analysis/savedRun/marks.ts';
import { architectures, type Curve, sameCurve } from '../../model/configuration.ts';
import type { TuningResult } from '../../model/run.ts';

/**
 * The link that people share from AWS Lambda Power Tuning. After `#` stand sizes; mean ms; mean US$ per invocation, each the
 * base64 of little-endian numbers (Int16, Float32, Float32); two architectures are its comparison: two such triples and two
 * names. Of several variants only the one that is recommended (else the cheapest) is drawn. Read from its own page (github.com/matteo-ronchetti/aws-lambda-power-tuning-ui, src/encode.js and src/app.js:
 * 3 or 8 parts, names through encodeURIComponent). A browser does not send what stands after `#` to the server.
 */
export function renderUrl(result: TuningResult): string {
  const { variant } = recommended(result) ?? result.cheapest ?? {};
  const series = architectures.flatMap((architecture) => {
    const triple = tripleOf(result, { architecture, variant });
    return triple === undefined ? [] : [{ architecture, triple }];
  });
  if (series.length === 0) return 'Nothing was measured, so there is nothing to link to.\n';
  // The page draws one or two lines; the names are ours alone, so that no function's name goes into a shared link.
  const names = series.length === 2 ? series.map(({ architecture }) => encodeURIComponent(architecture)) : [];
  return `${page}#${[...series.map(({ triple }) => triple), ...names].join(';')}\n`;
}

/** AWS Lambda Power Tuning's default `visualizationURL`. */
const page = 'https://lambda-power-tuning.show/';

function tripleOf(result: TuningResult, curve: Curve): string | undefined {
  const rows = result.configurations
    .filter((row) => sameCurve(row, curve) && row.status === 'measured')
    .flatMap((row) => comparedFiguresOf(result, row) ?? [])
    .toSorted((one, other) => one.memoryMb - other.memoryMb);
  if (rows.length === 0) return undefined;
  return [
    base64(
      rows.map((row) => row.memoryMb),
      2,
      (view, at, memoryMb) => view.setInt16(at, memoryMb, true),
    ),
    base64(
      rows.map((row) => row.meanMs),
      4,
      (view, at, meanMs) => view.setFloat32(at, meanMs, true),
    ),
    base64(
      rows.map((row) => row.costUsd.mean),
      4,
      (view, at, costUsd) => view.setFloat32(at, costUsd, true),
    ),
  ].join(';');
}

function base64(
  values: readonly number[],
  bytesEach: number,
  write: (view: DataView, at: number, value: number) => void,
): string {
  const view = new DataView(new ArrayBuffer(values.length * bytesEach));
  for (const [index, value] of values.entries()) write(view, index * bytesEach, value);
  return btoa(String.fromCharCode(...new Uint8Array(view.buffer)));
}
