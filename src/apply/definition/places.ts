/** Lines of a text that is edited by its offsets. */

export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** Where its line begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where its line ends, before the line end itself. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  const end = at < 0 ? text.length : at;
  return end > offset && text[end - 1] === '\r' ? end - 1 : end;
}

/** The blanks that its line begins with. */
export function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}

/** The line end of its line; of the last one, that of the file. */
export function lineBreakAt(text: string, offset: number): '\n' | '\r\n' {
  const end = lineEnd(text, offset);
  if (text[end] === '\r') return '\r\n';
  if (text[end] === '\n') return '\n';
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** What is written there, for a line of its own. */
export function oneLine(written: string): string {
  return written.replace(/\s+/g, ' ').slice(0, 160);
}
