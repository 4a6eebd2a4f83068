import { keysOf } from '../../base/keys.ts';
import type { Observation } from '../../model/production/observation.ts';
import { escapeMarkdown, escapeTerminal } from '../../text/escape.ts';
import { commentOf, hiddenMarker } from '../wording/comment.ts';
import { changeText, sinceChangeTexts } from './changeWording.ts';
import { versionColumns, versionRows } from './versionRows.ts';
import { answerText, factTexts, readingSpendText, sourceText } from './wording.ts';
import { computeOptimizerText, downstreamText, worthText } from './worthWording.ts';

/** More nobody reads in a comment. */
const mostRows = 40;

/** For comments and job summaries. */
export function renderObservationMarkdown(observation: Observation): string {
  const isVerdict = sinceChangeTexts(observation).length > 0;
  const item = (rank: number, text: string) => ({
    rank,
    text: `- ${escapeMarkdown(escapeTerminal(text, 1000), 1000)}`,
  });
  const names = keysOf(versionColumns);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const besides = [downstreamText(observation), computeOptimizerText(observation)].filter((text) => text !== undefined);
  return commentOf(hiddenMarker('lambda-tune-observe', escapeTerminal(observation.function)), [
    {
      items: [{ rank: 0, text: `### ${escapeMarkdown(escapeTerminal(answerText(observation), 1000), 1500)}` }],
      between: '\n',
      noun: 'heading',
    },
    ...(isVerdict
      ? []
      : [
          { items: factTexts(observation).map((text) => item(1, text)), between: '\n' as const, noun: 'line' },
          {
            lead: [
              line(names.map((name) => versionColumns[name])),
              line(names.map((name) => (name === 'version' || name === 'setting' ? '---' : '---:'))),
            ].join('\n'),
            items: versionRows(observation).map((row) => ({
              rank: 3,
              text: line(names.map((name) => escapeMarkdown(row[name], 80))),
            })),
            between: '\n' as const,
            noun: 'row',
            most: mostRows,
          },
          {
            items: observation.changes.map((change) => item(2, changeText(change))),
            between: '\n' as const,
            noun: 'change',
            most: mostRows,
          },
          {
            items: [worthText(observation), ...besides].map((text) => item(2, text)),
            between: '\n' as const,
            noun: 'line',
          },
        ]),
    {
      items: [
        ...observation.warnings.map(({ text }) => item(4, `Warning: ${text}`)),
        ...observation.sources.map((source) => item(5, sourceText(source))),
        item(5, readingSpendText(observation)),
      ],
      between: '\n',
      noun: 'line',
    },
  ]);
}
