import { TuneError } from '../../base/errors.ts';
import { fillTemplate, longestValues } from './template.ts';

/** Text that is sent as the body of a call: read from bytes, judged, and written again where it came out of a document. */

/** Lambda's limit for a synchronous request. */
const maxPayloadBytes = 6 * 1024 * 1024;

/** As it will be sent, with `template` after `{{uuid}}` and `{{n}}` are replaced. Throws TuneError PAYLOAD. */
export function checkBody(body: string, source: string, template: boolean): void {
  const sent = template ? fillTemplate(body, longestValues) : body;
  const bytes = new TextEncoder().encode(sent).length;
  if (bytes > maxPayloadBytes) throw refused(source, `is ${bytes} bytes long; Lambda takes at most ${maxPayloadBytes}`);
  parseJson(sent, source);
}

/** Throws TuneError PAYLOAD where it is no text in UTF-8, or none at all. */
export function decoded(bytes: Uint8Array, source: string): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TuneError('PAYLOAD', `${source} is not UTF-8 text.`, { cause });
  }
  if (text.trim() === '') throw refused(source, 'is empty', 'An empty event is written {}.');
  return text;
}

/** More than one line, each of them JSON: no document of JSON is that. */
export function areLines(text: string): boolean {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.length > 1 && lines.every(isJson);
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Those that hold something, each with the words that name it. */
export function linesOf(text: string, source: string) {
  return text
    .split(/\r?\n/)
    .map((body, index) => ({ body, shown: `line ${index + 1} of ${source}` }))
    .filter(({ body }) => body.trim() !== '');
}

/** The parser's own message is left out: it quotes the payload, which may hold secrets. */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused(
      source,
      'is not valid JSON',
      'Check it with: node -e "JSON.parse(…)". Text needs double quotes: \'"text"\'.',
    );
  }
}

/** A list is parsed and written again, which would silently change numbers that a double cannot hold. */
export function exactJson(json: unknown, source: string): string {
  const inexact = (found: number) =>
    refused(source, `holds the number ${found}, which cannot be sent exactly`, 'Write it as text, or use --payload.');
  try {
    return JSON.stringify(json, (_, found: unknown) => {
      if (typeof found === 'number' && Math.abs(found) > Number.MAX_SAFE_INTEGER) throw inexact(found);
      return found;
    });
  } catch (cause) {
    if (cause instanceof RangeError) throw refused(source, 'is nested too deeply');
    throw cause;
  }
}

export function refused(source: string, what: string, hint?: string): TuneError {
  const message = `${source}${what.startsWith(':') ? '' : ' '}${what}.`;
  return new TuneError('PAYLOAD', message, hint === undefined ? {} : { hint });
}
