import type { CheckResult } from '../../model/check.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { functionSentence, summarySentence } from './wording.ts';

/** The answer in one line. */
export function renderCheckQuiet(result: CheckResult): string {
  const [only, ...others] = result.functions;
  if (only === undefined || others.length > 0) return `${summarySentence(result)}\n`;
  const same = only.identical ? ' (same code and settings on both sides)' : '';
  return `${escapeTerminal(only.function, 120)} ${escapeTerminal(functionSentence(only), 600)}${same}\n`;
}
