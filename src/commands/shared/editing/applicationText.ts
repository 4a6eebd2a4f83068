import type { Application } from '../../../model/application.ts';
import { nameOf } from '../../../model/configuration.ts';
import { withoutCommands } from '../../../reporters/wording/workflowCommand.ts';
import { escapeTerminal } from '../../../text/escape.ts';
import { numberOf } from '../../../text/numberOf.ts';
import type { Paint } from '../../../text/terminalStyle.ts';

interface View {
  readonly isTerminal: boolean;
  /** A job's log, where lines of a file must not be read as commands to the runner. */
  readonly inGithub: boolean;
  readonly paint: Paint;
}

/** What `tune apply` prints: the diff with a sentence before it and what follows behind it, which `git apply` reads past. */
export function applicationText(application: Application, view: View): string {
  const { diff, notes, mustFollow, next } = application;
  const { paint } = view;
  const isShown = application.outcome === 'differs' && diff !== undefined;
  const parts: readonly (readonly string[])[] = [
    headLines(application, paint),
    isShown ? diffLines(diff, view) : [],
    application.outcome === 'refused' ? refusalLines(application) : [],
    candidateLines(application),
    (application.besides ?? []).flatMap(byHandLines),
    list('Notes', [...application.edits.flatMap((edit) => edit.notes), ...notes]),
    list('With the architecture', mustFollow),
    next === undefined ? [] : list('Roll out', next.rollOut),
    next === undefined ? [] : list('Back', next.rollBack),
    next === undefined ? [] : ['After the deployment, with its date, where that is another day:', `  ${next.verify}`],
  ];
  const text = parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
  return `${view.inGithub ? text.split('\n').map(withoutCommands).join('\n') : text}\n`;
}

function headLines(
  { outcome, functionName, to, definition, candidates = [], edits, besides = [], notes }: Application,
  paint: Paint,
): readonly string[] {
  const name = escapeTerminal(functionName);
  const answer = nameOf(to);
  const place = definition === undefined ? '' : `${escapeTerminal(definition.file)}:${definition.line}`;
  const where = definition === undefined ? '' : `${escapeTerminal(definition.select)} in ${place}`;
  switch (outcome) {
    case 'stay':
      return [`${name} stays at ${answer}${besides.length + notes.length === 0 ? ': nothing to apply' : ''}.`];
    case 'present':
      return [`${where} has ${answer} already.`];
    case 'differs':
    case 'written':
      return [paint('bold', `${name}: ${answer}, ${numberOf(edits.length, 'edit')} of ${where}`)];
    case 'refused':
      return [
        paint('bold', `${where} is not edited: a part of the answer would be a configuration that was not measured.`),
      ];
    case 'several':
      return [
        paint(
          'bold',
          `${numberOf(candidates.length, 'definition')} may be that of ${name}. Choose one with --select, or with --file:`,
        ),
      ];
    case 'notFound':
      return candidates.length === 0
        ? [paint('bold', `No definition of a function was found. Name the file with --file.`)]
        : [
            paint(
              'bold',
              `No definition is known to be that of ${name}. If it is one of these, choose it with --select:`,
            ),
          ];
  }
}

function diffLines(diff: string, { isTerminal, paint }: View): readonly string[] {
  const lines = diff.replace(/\n$/, '').split('\n');
  if (!isTerminal) return lines;
  return lines.map((line) => {
    // Tabs are the file's own way to be read.
    const shown = line
      .replace(/\r$/, '')
      .split('\t')
      .map((part) => escapeTerminal(part, 2000))
      .join('\t');
    if (line.startsWith('+')) return paint('green', shown);
    if (line.startsWith('-')) return paint('red', shown);
    return line.startsWith('@@') ? paint('cyan', shown) : shown;
  });
}

const named = {
  memoryMb: 'Memory size',
  architecture: 'Architecture',
  runtime: 'Runtime',
  snapStart: 'SnapStart',
  logLevel: 'Log level',
  provisionedConcurrency: 'Provisioned concurrency',
} as const satisfies Record<Application['edits'][number]['property'], string>;

function refusalLines({ refusals, edits }: Application): readonly string[] {
  const refused = refusals.flatMap(byHandLines);
  const others = edits.map(
    ({ property, file, line, after }) =>
      `${named[property]}, ${escapeTerminal(file)}:${line}: could be edited to ${escapeTerminal(after)}`,
  );
  return [...refused, ...others];
}

function byHandLines({
  property,
  file,
  line,
  expression,
  because,
  comesFrom,
  write,
}: Application['refusals'][number]): readonly string[] {
  return [
    `${property === undefined ? 'Besides' : named[property]}, ${escapeTerminal(file)}:${line}: ${escapeTerminal(because, 400)}`,
    ...writtenLines(expression),
    ...(comesFrom === undefined ? [] : [`  comes from: ${escapeTerminal(comesFrom)}`]),
    `  write:      ${escapeTerminal(write)}`,
  ];
}

const mostLines = 12;

/** As it stands in the file, over several lines where it does. */
function writtenLines(expression: string): readonly string[] {
  const [first = '', ...others] = expression.split(/\r?\n/).map((line) => line.replaceAll('\t', '  '));
  if (first === '' && others.length === 0) return [];
  const margin = Math.min(...others.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  const shown = others.slice(0, mostLines).map((line) => `                ${escapeTerminal(line.slice(margin))}`);
  const isCut = others.length > mostLines;
  return [`  written:    ${escapeTerminal(first)}`, ...shown, ...(isCut ? ['                …'] : [])];
}

function candidateLines({ candidates = [] }: Application): readonly string[] {
  return candidates.map(
    ({ file, line, format, select }) =>
      `  ${escapeTerminal(file)}:${line}  --select ${escapeTerminal(select)}  (${format})`,
  );
}

function list(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  - ${escapeTerminal(line, 600)}`)];
}
