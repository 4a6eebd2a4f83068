import { nameOf } from '../../model/configuration.ts';
import type { TuningResult } from '../../model/run.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { formatNumberOf } from '../../text/format.ts';

export interface ShownBaseline {
  /** As the user named it. */
  readonly function: string;
  readonly run: TuningResult;
  /** What a check would still miss, in a sentence. */
  readonly short: string | undefined;
  /** Where it was written, unless by a report. */
  readonly file?: string | undefined;
}

/** What a baseline holds and whether a check can decide with it. */
export function renderBaseline({ function: name, run, short, file }: ShownBaseline): string {
  const [row] = run.configurations;
  const at = row === undefined ? '' : ` at ${nameOf(row)}`;
  const calls = formatNumberOf(row?.warm?.count ?? 0, 'warm call');
  const environments = formatNumberOf(row?.warm?.environments ?? 0, 'environment');
  const verdict = short === undefined ? 'A check can decide with it.' : `No check could decide with it. ${short}`;
  const saved = file === undefined ? '' : ` It was saved as ${file}.`;
  return `${escapeTerminal(`${name}${at}: ${calls} in ${environments}. ${verdict}${saved}`, 1600)}\n`;
}
