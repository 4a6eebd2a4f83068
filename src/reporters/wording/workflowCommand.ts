/** GitHub's runner reads commands from a step's log; these are written for it, and other text is kept from being read so. */

export type AnnotationKind = 'notice' | 'warning' | 'error';

export interface AnnotationPlace {
  readonly title: string;
  /** Relative to the repository, or absolute within it. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** More lines than a reader looks at; the summary has them all. */
const mostLines = 12;

/** One line of the log, without its line end. The texts must be escaped for terminals: each is one line. */
export function annotation(kind: AnnotationKind, place: AnnotationPlace, lines: readonly string[]): string {
  const shown =
    lines.length > mostLines ? [...lines.slice(0, mostLines), `and ${lines.length - mostLines} more`] : lines;
  const properties = [
    ...(place.file === undefined ? [] : [`file=${property(place.file)}`]),
    ...(place.file !== undefined && place.line ? [`line=${place.line}`] : []),
    `title=${property(place.title)}`,
  ];
  return `::${kind} ${properties.join(',')}::${message(shown.join('\n'))}`;
}

/** As actions/toolkit escapes the text of a command (packages/core/src/command.ts). */
function message(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/**
 * A line of a log that holds text of others, which the runner would read as a command: `::name …::` at the start of a line
 * after blanks, `##[name …]` anywhere (actions/runner, ActionCommand.cs). `set-output` among them would forge a verdict.
 */
export function withoutCommands(line: string): string {
  return line.replace(/^(\s*):(?=:)/, '$1\\x3a').replace(/##(?=\[)/g, '#\\x23');
}
