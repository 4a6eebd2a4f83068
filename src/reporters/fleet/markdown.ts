import { escapeMarkdown, escapeTerminal } from '../../text/escape.ts';
import { commentOf, hiddenMarker } from '../wording/comment.ts';
import type { FleetPage } from './page.ts';

/** More nobody reads in a comment. */
const mostRows = 100;

/** For comments and job summaries. */
export function fleetMarkdown(page: FleetPage): string {
  const [kind, subject] = page.marker;
  const item = (rank: number, text: string) => ({
    rank,
    text: `- ${escapeMarkdown(escapeTerminal(text, 1000), 1500)}`,
  });
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return commentOf(hiddenMarker(kind, escapeTerminal(subject)), [
    {
      items: [{ rank: 0, text: `### ${escapeMarkdown(escapeTerminal(page.answer, 1000), 1500)}` }],
      between: '\n',
      noun: 'heading',
    },
    { items: page.facts.map((text) => item(1, text)), between: '\n', noun: 'line' },
    ...page.sheets
      .filter(({ rows }) => rows.length > 0)
      .map(({ title, columns, rows, rest }) => ({
        lead: [
          ...(title === '' ? [] : [`**${escapeMarkdown(title)}**\n`]),
          line(columns.map(({ head }) => escapeMarkdown(head))),
          line(columns.map(({ align }) => (align === 'left' ? '---' : '---:'))),
        ].join('\n'),
        items: [
          ...rows.map((row) => ({ rank: 2, text: line(row.map((cell) => escapeMarkdown(cell, 400))) })),
          ...(rest === undefined ? [] : [{ rank: 2, text: `\n${escapeMarkdown(rest, 400)}` }]),
        ],
        between: '\n' as const,
        noun: 'row',
        most: mostRows,
      })),
    {
      items: [
        ...page.warnings.map((text) => item(3, `Warning: ${text}`)),
        ...page.remarks.map((text) => item(5, text)),
        ...page.next.map((text) => item(4, text)),
      ],
      between: '\n',
      noun: 'line',
    },
  ]);
}
