/**
 * Everything a function, a log or a server said is untrusted. One function per place where text is shown; each returns
 * text that is inert there and on one line. What was said stays visible: characters are spelled out, not dropped.
 */

/**
 * Characters that move the cursor, reorder the line, break it, or cannot be seen: controls (C0, DEL, C1), format
 * characters (bidi marks and overrides, zero width, BOM, tags), lone surrogates, U+2028/2029, and everything that Unicode
 * calls ignorable (Hangul fillers, variation selectors).
 */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** Combining marks pile up over neighbouring lines; living languages stack no more than two or three. */
const longestMarkRun = 3;
const combining = /\p{M}/u;

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' };

/** Longest text of a foreign hand that is shown in one place, in characters after escaping. */
const shownLength = 240;

/** For terminals and plain text: one line without control, bidi or invisible characters, at most `maxLength` UTF-16 units. */
export function escapeTerminal(text: string, maxLength: number = shownLength): string {
  const pieces: string[] = [];
  let length = 0;
  let marks = 0;
  // No character gets shorter, so what lies beyond the limit need not be read.
  for (const character of text.slice(0, maxLength + 1)) {
    marks = combining.test(character) ? marks + 1 : 0;
    const piece = marks > longestMarkRun || invisible.test(character) ? spelledOut(character) : character;
    pieces.push(piece);
    length += piece.length;
    if (length > maxLength) return cutTo(pieces, maxLength);
  }
  return pieces.join('');
}

/** Whole pieces only: half an escape would read as something else. */
function cutTo(pieces: readonly string[], maxLength: number): string {
  let kept = '';
  for (const piece of pieces) {
    if (kept.length + piece.length > maxLength - 1) break;
    kept += piece;
  }
  return `${kept}…`;
}

function spelledOut(character: string): string {
  const short = shortEscapes[character];
  if (short !== undefined) return short;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

/**
 * For running text and table cells of GitHub- or GitLab-flavoured Markdown. Mentions, issue numbers and bare links are found
 * after Markdown's own escapes are gone, so a zero-width space (as an entity) splits those; the rest is backslashed.
 */
export function escapeMarkdown(text: string, maxLength: number = shownLength): string {
  return (
    escapeTerminal(text, maxLength)
      .replace(/[\\`*_{}[\]()!|~$]/g, '\\$&')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replace(/[@#:](?=\S)|\bGH-(?=\d)|\bwww(?=\.)/gi, '$&&#8203;')
      // Headings, lists and underlines only begin a line; "1." also with digits before.
      .replace(/^(\s*\d*)([-+=#.])/, '$1\\$2')
  );
}

/**
 * A Markdown code span, for names and messages: nothing inside is read as Markdown, HTML, a mention or a link. Not for
 * table cells: those are cut at pipes before code spans are found (GFM, "Tables").
 */
export function markdownCode(text: string, maxLength: number = shownLength): string {
  const line = escapeTerminal(text, maxLength);
  const longestRun = Math.max(0, ...[...line.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longestRun + 1);
  // An empty span does not exist, and a span that begins or ends in a backtick or blanks needs padding, which is taken off again.
  const padding = line.trim() === '' || /^[` ]|[` ]$/.test(line) ? ' ' : '';
  return `${fence}${padding}${line}${padding}${fence}`;
}

/**
 * One cell by RFC 4180. A cell that a spreadsheet would run as a formula (first character = + - @ TAB or CR, also in their
 * full-width forms) gets an apostrophe in front, which spreadsheets show as text.
 */
export function escapeCsvCell(text: string): string {
  const inert = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]|^ | $/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

const htmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For HTML and XML, in text and in quoted attributes; also leaves no character that XML 1.0 forbids. */
export function escapeHtml(text: string, maxLength: number = shownLength): string {
  return (
    escapeTerminal(text, maxLength)
      .replace(/[&<>"']/g, (character) => htmlEntities[character] ?? character)
      // Noncharacters are the only ones XML forbids that are left.
      .replace(/[\ufffe\uffff]/g, spelledOut)
  );
}

/** JSON text whose strings would disturb a terminal is still valid when those characters are spelled out, so they are. */
export function escapeJsonText(json: string): string {
  return json.replace(/[^\n -~]/gu, (character) => (invisible.test(character) ? utf16Escapes(character) : character));
}

function utf16Escapes(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
