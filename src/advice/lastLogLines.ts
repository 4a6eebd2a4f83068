/** Lambda's own lines among a function's: what they say is known otherwise. */
const platformLine =
  /^(?:(?:START|END|REPORT) RequestId: |INIT_(?:START|REPORT)\b|RESTORE_(?:START|REPORT)\b|XRAY TraceId: |EXTENSION\t|TELEMETRY\t|LOGS\t|RequestId: [\w-]{8,100} Error: |\S+Z [\w-]{8,100} Task timed out after |(?:Runtime|Extension|Function)\.[A-Za-z]+$|\{"time":"[^"]{1,40}","type":"platform\.)/;

/** Node's and Python's own beginnings of a line: when, and for which request. */
const timeAndRequest = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t[\w-]+\t/;

/** LogResult holds at most so much: then it begins anywhere in a line. */
const tailBytes = 4096;

const mostLines = 10;

/**
 * What the function itself wrote last, of a log tail. The lines are its own words. A first line that may be cut is left out:
 * half of a secret is not recognised as one; and `redacted` sees all lines at once, since a secret may have several.
 */
export function lastLogLines(logTail: string, redacted: (text: string) => string): readonly string[] {
  const isCut = new TextEncoder().encode(logTail).length >= tailBytes - 3;
  const lines = redacted(isCut ? logTail.slice(logTail.indexOf('\n') + 1) : logTail)
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '' && !platformLine.test(line))
    .map((line) => line.replace(timeAndRequest, ''));
  return saidOnce(lines).slice(-mostLines);
}

/** An init that failed is done again in the first call, and says the same again. */
function saidOnce(lines: readonly string[]): readonly string[] {
  const half = lines.slice(lines.length / 2);
  return lines.length % 2 === 0 && half.every((line, index) => line === lines[index]) ? half : lines;
}
