import { parseReportLine } from '../src/report-line/reportLine.ts';

/** Lines of one log tail each, as a run meets them: 4 KB of output with the REPORT at its end, and the bare line. */
export interface ReportLineBench {
  readonly linesPerSecond: number;
  readonly tailsPerSecond: number;
  readonly recordsPerSecond: number;
  /** Time to parse the bare lines ÷ time to copy the same bytes. */
  readonly timesCopy: number;
}

const count = 20_000;
const rounds = 60;

export function benchReportLine(): ReportLineBench {
  const ids = Array.from(
    { length: count },
    (_, index) => `5009fcc8-5032-41fd-9a62-${index.toString(16).padStart(12, '0')}`,
  );
  const lines = ids.map((id, index) => decoded(reportText(id, index)));
  const output = 'INFO handled a request in no time at all\n'.repeat(90);
  const tails = lines.map((line) => decoded(`${output}${line}`.slice(-4096)));
  const records = ids.map((id, index) => decoded(reportRecord(id, index)));
  const parse = (logs: readonly string[]) => () => {
    for (let index = 0; index < count; index += 1) {
      if (parseReportLine(logs[index] ?? '', ids[index] ?? '') === undefined)
        throw new Error(`Not read: ${logs[index]}`);
    }
  };
  const bytes = Buffer.from(lines.join(''));
  const copy = Buffer.alloc(bytes.length);
  const lineMs = bestMs(parse(lines));
  return {
    linesPerSecond: perSecond(lineMs),
    tailsPerSecond: perSecond(bestMs(parse(tails))),
    recordsPerSecond: perSecond(bestMs(parse(records))),
    timesCopy: lineMs / bestMs(() => bytes.copy(copy)),
  };
}

/** Log tails are decoded from base64: one piece of memory, and not what string concatenation makes. */
function decoded(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

function reportText(id: string, index: number): string {
  const init = index % 10 === 0 ? '\tInit Duration: 423.98 ms' : '';
  return `REPORT RequestId: ${id}\tDuration: ${(index / 100).toFixed(2)} ms\tBilled Duration: ${index} ms\tMemory Size: 1024 MB\tMax Memory Used: 95 MB${init}\t\n`;
}

function reportRecord(id: string, index: number): string {
  const metrics = { durationMs: index / 100, billedDurationMs: index, memorySizeMB: 1024, maxMemoryUsedMB: 95 };
  return `${JSON.stringify({ time: '2026-10-01T14:05:05.766Z', type: 'platform.report', record: { requestId: id, metrics, status: 'success' } })}\n`;
}

function perSecond(milliseconds: number): number {
  return Math.round(count / (milliseconds / 1000));
}

function bestMs(work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    work();
    best = Math.min(best, performance.now() - startedAt);
  }
  return best;
}
