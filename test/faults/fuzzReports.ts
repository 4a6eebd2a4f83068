import { parseReportLine } from '../../src/report-line/reportLine.ts';
import { type Random, seededRandom } from '../../src/stats/random.ts';

/** Logs that a hostile or unlucky function may have produced, each with what must be read from it. */

const own = '8f507cfc-1f4b-4a0e-9d5c-0b6f2a3c4d5e';
const other = '00000000-aaaa-bbbb-cccc-000000000000';

const pieces = [
  `REPORT RequestId: ${own}\tDuration: 1.00 ms\tBilled Duration: 1 ms\tMemory Size: 128 MB\tMax Memory Used: 1 MB\n`,
  `REPORT RequestId: ${other}\tDuration: 1.00 ms\tBilled Duration: 1 ms\tMemory Size: 128 MB\tMax Memory Used: 1 MB\n`,
  `REPORT RequestId: ${own}`,
  `REPORT RequestId: ${other}`,
  `{"type":"platform.report","record":{"requestId":"${own}","metrics":{"durationMs":1,"billedDurationMs":1,"memorySizeMB":128,"maxMemoryUsedMB":1}}}\n`,
  `{"type":"platform.report","record":{"requestId":"${other}","metrics":{"durationMs":NaN}}}\n`,
  'Duration: -1 ms',
  'Billed Duration: 1e999 ms',
  'Memory Size: NaN MB',
  '\t',
  '\r',
  '\n',
  '\u0000',
  '\u2028',
  '\u001b[2K\u001b[1A',
  '\ud800',
  '"}}',
  '{"',
  own,
  other,
  'START RequestId: ',
  'END RequestId: ',
  'REPORT ',
] as const;

export interface ReportFuzz {
  readonly inputs: number;
  /** What was wrong, with the log that it was wrong for. */
  readonly wrong: readonly string[];
}

export function fuzzReports(inputs: number, seed: number): ReportFuzz {
  const random = seededRandom(seed);
  const wrong: string[] = [];
  for (let n = 0; n < inputs && wrong.length < 10; n += 1) {
    const problem = n % 3 === 0 ? real(random) : n % 3 === 1 ? foreign(random) : mutated(random);
    if (problem !== undefined) wrong.push(`input ${n} of seed ${seed}: ${problem}`);
  }
  return { inputs, wrong };
}

/** The platform's line comes last: its figures and no others, whatever was printed before. */
function real(random: Random): string | undefined {
  const billedMs = 2 + Math.floor(random() * 900_000);
  const usedMb = 2 + Math.floor(random() * 126);
  const log = `${noise(random)}\nREPORT RequestId: ${own}\tDuration: ${billedMs - 0.5} ms\tBilled Duration: ${billedMs} ms\tMemory Size: 128 MB\tMax Memory Used: ${usedMb} MB\t\n`;
  const report = read(log);
  if (typeof report === 'string') return report;
  return report?.billedDurationMs === billedMs && report.maxMemoryUsedMb === usedMb
    ? undefined
    : `not the platform's line of ${JSON.stringify(log)}`;
}

/** A line of another request is never believed. */
function foreign(random: Random): string | undefined {
  const log = noise(random).replaceAll(own, other);
  const report = read(log);
  return report === undefined ? undefined : `believed ${JSON.stringify(log)}`;
}

/** A line that lost or gained bytes is read as figures that a report may have, or not at all. */
function mutated(random: Random): string | undefined {
  let line = `REPORT RequestId: ${own}\tDuration: 12.34 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB\tInit Duration: 99.01 ms\t\n`;
  for (let times = 1 + Math.floor(random() * 3); times > 0; times -= 1) {
    const at = Math.floor(random() * line.length);
    const kept = line.slice(at + Math.floor(random() * 4));
    line = line.slice(0, at) + (random() < 0.5 ? String.fromCharCode(Math.floor(random() * 256)) : '') + kept;
  }
  const report = read(line);
  if (report === undefined || typeof report === 'string') return report;
  const figures = [report.durationMs, report.billedDurationMs, report.memorySizeMb, report.maxMemoryUsedMb];
  const fine = report.requestId === own && figures.every((figure) => Number.isFinite(figure) && figure >= 0);
  return fine ? undefined : `${JSON.stringify(report)} of ${JSON.stringify(line)}`;
}

function read(log: string) {
  try {
    return parseReportLine(log, own);
  } catch (error) {
    return `threw ${String(error)} for ${JSON.stringify(log)}`;
  }
}

function noise(random: Random): string {
  let text = '';
  for (let parts = Math.floor(random() * 12); parts > 0; parts -= 1) {
    text += pieces[Math.floor(random() * pieces.length)] ?? '';
  }
  return text;
}
