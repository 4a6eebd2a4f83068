import { advise } from '../domain/advice.ts';
import { marksOf } from '../domain/marks.ts';
import { judgedStart, mixedColdShare } from '../domain/recommendation.ts';
import type { ConfigurationResult, TuningResult } from '../domain/result.ts';
import { escapeMarkdown, escapeTerminal, markdownCode } from './escape.ts';
import { basisText, configurationsText, priceText, spendText } from './runWording.ts';
import { type ColumnName, columnsOf, markText, ofWarmAlone, rowWithoutFigures } from './tableColumns.ts';
import { applyNotes, commandText, leftBehindKind } from './verdictText.ts';
import { namerOf, wordStatement } from './wording.ts';

/** GitHub refuses comments of more than 65,536 characters. */
const mostCharacters = 65_000;
/** Statements and warnings are few; hostile runs may have thousands. */
const mostItems = 30;

/** For comments and job summaries. The first line is a hidden marker by which the next comment finds and replaces this one. */
export function renderMarkdown(result: TuningResult): string {
  const name = namerOf(result);
  const { statements, apply } = advise(result);
  const verdict = statements.map((statement) => {
    const { label, sentence } = wordStatement(statement, name);
    const parts = sentence.map((part) => (typeof part === 'string' ? ownWords(part) : markdownCode(part.quoted)));
    return `- **${label}:** ${parts.join('')}`;
  });
  const warnings = result.warnings.map((warning) => `- **Warning:** ${escapeMarkdown(warning.text, 600)}`);
  const leftBehind = result.leftBehind.map(
    (left) =>
      `- **Left behind:** ${leftBehindKind[left.kind]} ${markdownCode(left.name, 300)} in ${markdownCode(left.region, 60)}: ` +
      `${markdownCode(left.reason)}. Remove it with ${markdownCode(left.command, 1000)}`,
  );
  const { functionName, qualifier, path } = result.target;
  const shown = path ?? (qualifier === '$LATEST' ? functionName : `${functionName}:${qualifier}`);
  const before = [
    markdownMarker(result),
    `### ${markdownCode(shown, 120)}: cost and duration by memory size`,
    bounded([...leftBehind, ...verdict, ...warnings]).join('\n'),
  ];
  const after = [
    ...(apply === undefined ? [] : [applyText(apply)]),
    `<sub>${[basisText(result), configurationsText(result), spendText(result), priceText(result)]
      .map((text) => escapeMarkdown(text.replace(/\.$/, ''), 400))
      .join('. ')}.</sub>`,
  ];
  const room = mostCharacters - [...before, ...after].join('\n\n').length - 200;
  return `${[...before, tableText(result, room), ...after].join('\n\n')}\n`;
}

/** The same for every run of one function; a name cannot end the comment early. */
function markdownMarker(result: TuningResult): string {
  const name = encodeURIComponent(escapeTerminal(result.target.functionName)).replaceAll('--', '%2D%2D');
  return `<!-- lambda-tune: ${name} -->`;
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
function tableText(result: TuningResult, room: number): string {
  const columns = columnsOf(result, 'word');
  const isMixed = mixedColdShare(result) !== undefined;
  const cells = shownColumns.filter((name) => !isMixed || !ofWarmAlone.has(name)).map((name) => columns[name]);
  const marksFor = marksOf(result);
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;
  const head = [
    line(['Architecture', ...cells.map(({ head: [what, unit] }) => ownWords(`${what} ${unit}`.trim())), '']),
    line(['---', ...cells.map(() => '---:'), '---']),
  ];
  const start = judgedStart(result);
  const rows = result.configurations.toSorted(
    (one, other) => one.architecture.localeCompare(other.architecture, 'en') * -1 || one.memoryMb - other.memoryMb,
  );
  const lines = rows.map((row) => {
    const marks = marksFor(row);
    const words = [
      ...marks.map((mark) => bolded(row, markText[mark].word)),
      rowWithoutFigures(row, start) ?? statusOf(row),
    ];
    const text = line([row.architecture, ...cells.map((column) => column.cell(row)), words.filter(Boolean).join(', ')]);
    return { text, isMarked: marks.length > 0 };
  });
  const kept = keptWithin(lines, room - head.join('\n').length);
  const left = lines.length - kept.length;
  const note = left === 0 ? [] : ['', `${left} more rows are left out for want of room; the JSON report has them all.`];
  return [...head, ...kept, ...note].join('\n');

  function statusOf(row: ConfigurationResult): string {
    const all = columns.marks.cell(row).split(', ');
    return all.slice(marksFor(row).length).join(', ');
  }
}

function bolded(row: ConfigurationResult, word: string): string {
  return row.status === 'measured' ? `**${word.replace('~', '\\~')}**` : word.replace('~', '\\~');
}

function keptWithin(
  lines: readonly { readonly text: string; readonly isMarked: boolean }[],
  room: number,
): readonly string[] {
  let left = room - lines.reduce((sum, line) => sum + (line.isMarked ? line.text.length + 1 : 0), 0);
  return lines.flatMap((line) => {
    if (line.isMarked) return [line.text];
    left -= line.text.length + 1;
    return left >= 0 ? [line.text] : [];
  });
}

function bounded(items: readonly string[]): readonly string[] {
  if (items.length <= mostItems) return items;
  return [...items.slice(0, mostItems), `- and ${items.length - mostItems} more: the JSON report has them all`];
}

function applyText(apply: Parameters<typeof applyNotes>[0]): string {
  const commands = apply.commands.map(commandText);
  const settings = apply.settings.map(({ tool, lines }) => `# ${tool}: ${lines.join('   ')}`);
  const fence = '`'.repeat(
    Math.max(3, ...commands.flatMap((text) => [...text.matchAll(/`+/g)].map((run) => run[0].length + 1))),
  );
  const notes = applyNotes(apply).map((note) => `# ${note}`);
  return ['To apply it (printed, never run):', '', `${fence}sh`, ...commands, ...notes, ...settings, fence].join('\n');
}

/** Our own words hold no markup; the signs in them that Markdown would read are dollars (mathematics) and tildes. */
function ownWords(text: string): string {
  return text.replace(/[$~*|]/g, '\\$&');
}
