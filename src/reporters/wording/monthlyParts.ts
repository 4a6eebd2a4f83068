import type { TuningResult } from '../../model/run.ts';
import { escapeMarkdown } from '../../text/escape.ts';
import type { CommentPart } from './comment.ts';
import { monthlyColumns, monthlyLegend } from './monthlyTable.ts';
import { replayText } from './trafficWording.ts';

/** For a comment: the bills of a month, and what they rest on. */
export function monthlyParts(result: TuningResult): readonly CommentPart[] {
  const { traffic } = result;
  const columns = monthlyColumns(result);
  const [first] = columns;
  if (traffic === undefined || first === undefined) return [];
  const line = (texts: readonly string[]): string =>
    `| ${texts.map((text) => escapeMarkdown(text, 200)).join(' | ')} |`;
  const head = [
    line(columns.map(({ head }) => head)),
    `| ${columns.map(({ align }) => (align === 'left' ? '---' : '---:')).join(' | ')} |`,
  ];
  const items = first.cells.map((_, index) => ({
    text: line(columns.map(({ cells }) => cells[index] ?? '')),
    rank: 3,
  }));
  return [
    { lead: head.join('\n'), items, between: '\n', noun: 'bill' },
    {
      items: [{ rank: 3, text: `<sub>${escapeMarkdown(`${monthlyLegend}. ${replayText(traffic)}`, 1000)}</sub>` }],
      between: '\n',
      noun: 'part',
    },
  ];
}
