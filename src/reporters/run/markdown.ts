import { advise } from '../../advice/advice.ts';
import { judgedStart } from '../../analysis/savedRun/judgedFigures.ts';
import { marksOf } from '../../analysis/savedRun/marks.ts';
import { compareConfigurations, isVaried, variantOf } from '../../model/configuration.ts';
import type { ConfigurationResult, TuningResult } from '../../model/run.ts';
import { escapeMarkdown, escapeTerminal, markdownCode } from '../../text/escape.ts';
import { type CommentPart, commentOf, fenced, hiddenMarker, leftBehindItems } from '../wording/comment.ts';
import { monthlyParts } from '../wording/monthlyParts.ts';
import { namerOf } from '../wording/namer.ts';
import { rowWithoutFigures } from '../wording/rowWithoutFigures.ts';
import { basisText, configurationsText, priceText, spendText } from '../wording/runWording.ts';
import { applyNotes, commandText, provisioningHead, provisioningLines } from '../wording/verdictText.ts';
import { wordStatement } from '../wording/wording.ts';
import { type ColumnName, columnsOf, markText, shownNames } from './tableColumns.ts';

/** Statements and warnings are few; hostile runs may have thousands. */
const mostItems = 30;

/** For comments and job summaries. */
export function renderMarkdown(result: TuningResult): string {
  const name = namerOf(result);
  const { statements, apply, provisioning } = advise(result);
  const verdict = statements.map((statement) => {
    const { label, sentence } = wordStatement(statement, name);
    const parts = sentence.map((part) => (typeof part === 'string' ? ownWords(part) : markdownCode(part.quoted)));
    return { rank: 0, text: `- **${label}:** ${parts.join('')}` };
  });
  const warnings = result.warnings.map((warning) => ({
    rank: 4,
    text: `- **Warning:** ${escapeMarkdown(warning.text, 600)}`,
  }));
  const { functionName, qualifier, path } = result.target;
  const shown = path ?? (qualifier === '$LATEST' ? functionName : `${functionName}:${qualifier}`);
  const footer = [basisText(result), configurationsText(result), spendText(result), priceText(result)]
    .map((text) => escapeMarkdown(text.replace(/\.$/, ''), 400))
    .join('. ');
  const single = (text: string, rank: number) => ({ items: [{ rank, text }], between: '\n', noun: 'part' }) as const;
  return commentOf(hiddenMarker('lambda-tune', escapeTerminal(functionName)), [
    single(`### ${markdownCode(shown, 120)}: cost and duration by memory size`, 0),
    {
      items: [...leftBehindItems(result.leftBehind, 1), ...verdict, ...warnings],
      between: '\n',
      noun: 'line',
      most: mostItems,
    },
    tablePart(result),
    ...monthlyParts(result),
    ...(apply === undefined ? [] : [single(applyText(apply), 2)]),
    ...(provisioning === undefined
      ? []
      : [single(`${provisioningHead}\n\n${fenced(provisioningLines(provisioning), 'sh')}`, 3)]),
    single(`<sub>${footer}.</sub>`, 0),
  ]);
}

const shownColumns: readonly ColumnName[] = [
  'memory',
  'n',
  'mean',
  'p95',
  'billed',
  'init',
  'used',
  'cost',
  'interval',
  'versus',
];

/** Rows that carry a mark stay when there is no room for all. */
function tablePart(result: TuningResult): CommentPart {
  const columns = columnsOf(result);
  const varied = isVaried(result.configurations);
  const cells = shownNames(shownColumns, result).map((name) => columns[name]);
  const marksFor = marksOf(result);
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;
  const head = [
    line([
      'Architecture',
      ...(varied ? ['Variant'] : []),
      ...cells.map(({ head: [what, unit] }) => ownWords(`${what} ${unit}`.trim())),
      '',
    ]),
    line(['---', ...(varied ? ['---'] : []), ...cells.map(() => '---:'), '---']),
  ];
  const start = judgedStart(result);
  const rows = result.configurations.toSorted(compareConfigurations);
  const items = rows.map((row) => {
    const marks = marksFor(row);
    const words = [
      ...marks.map((mark) => bolded(row, markText[mark].word)),
      rowWithoutFigures(row, start) ?? statusOf(row),
    ];
    const text = line([
      row.architecture,
      ...(varied ? [escapeMarkdown(variantOf(row), 100)] : []),
      ...cells.map((column) => column.cell(row)),
      words.filter(Boolean).join(', '),
    ]);
    return { text, rank: marks.length > 0 ? 3 : 5 };
  });
  return { lead: head.join('\n'), items, between: '\n', noun: 'row' };

  function statusOf(row: ConfigurationResult): string {
    const all = columns.marks.cell(row).split(', ');
    return all.slice(marksFor(row).length).join(', ');
  }
}

function bolded(row: ConfigurationResult, word: string): string {
  return row.status === 'measured' ? `**${word.replace('~', '\\~')}**` : word.replace('~', '\\~');
}

function applyText(apply: Parameters<typeof applyNotes>[0]): string {
  const commands = apply.commands.map(commandText);
  const settings = apply.settings.map(({ tool, lines }) => `# ${tool}: ${lines.join('   ')}`);
  const notes = applyNotes(apply).map((note) => `# ${note}`);
  return `To apply it (printed, never run):\n\n${fenced([...commands, ...notes, ...settings], 'sh')}`;
}

/** Our own words hold no markup; the signs in them that Markdown would read are dollars (mathematics) and tildes. */
function ownWords(text: string): string {
  return text.replace(/[$~*|]/g, '\\$&');
}
