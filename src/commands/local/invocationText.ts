import { billedDurationMs, type InvocationLog, type LogRecord } from '../../local/service/reportText.ts';
import { escapeTerminal } from '../../text/escape.ts';

/** One invocation as `tune local` prints it: its figures on a line, below it what the function wrote. */
export function invocationText(functionName: string, { report }: InvocationLog, records: readonly LogRecord[]): string {
  const { durationMs, initDurationMs, memoryMb, maxMemoryUsedMb } = report;
  const figures = [
    `${memoryMb} MB`,
    `${durationMs.toFixed(2)} ms`,
    `billed ${billedDurationMs(durationMs, initDurationMs)} ms`,
    ...(initDurationMs === undefined ? [] : [`init ${initDurationMs.toFixed(2)} ms`]),
    `used ${Math.ceil(maxMemoryUsedMb)} MB`,
    report.errorType === undefined ? report.status : `${report.status} (${escapeTerminal(report.errorType, 100)})`,
  ];
  return `${functionName}  ${figures.join(' · ')}\n${outputText(records)}`;
}

/** Its words, each line escaped. */
export function outputText(records: readonly LogRecord[]): string {
  return records
    .filter(({ kind }) => kind === 'output')
    .map(({ message }) => `  | ${lineText(message.replace(/\r?\n$/, ''))}\n`)
    .join('');
}

const longestPart = 2000;

/** Lambda's own fields stand between tabs, which are harmless. */
function lineText(line: string): string {
  return line
    .split('\t')
    .map((part) => escapeTerminal(part, longestPart))
    .join('  ');
}
