import type { Payload } from '../../model/payload.ts';
import { areLines, checkBody, decoded, exactJson, linesOf, refused } from './body.ts';

/**
 * `--payload`: one JSON text in UTF-8, sent as it is written. `source` names where it came from. With `template`,
 * `{{uuid}}` and `{{n}}` are judged as they will be sent, so that `{"n": {{n}}}` is fine. Throws TuneError PAYLOAD.
 */
export function parsePayload(bytes: Uint8Array, source: string, template = false): Payload {
  const text = decoded(bytes, source);
  checkBody(text, source, template);
  return { name: 'payload', body: text, weight: 1 };
}

const mostLines = 100_000;

/**
 * JSON Lines: every line is an event, sent as it is written; empty lines are none. One payload, whose lines are sent in turn:
 * they are a sample of what comes in, not kinds of events that are measured apart. Throws TuneError PAYLOAD.
 */
export function parsePayloadLines(bytes: Uint8Array, source: string, template = false): Payload {
  const lines = linesOf(decoded(bytes, source), source);
  if (lines.length > mostLines) throw refused(source, `has ${lines.length} lines, more than ${mostLines}`);
  for (const { body, shown } of lines) checkBody(body, shown, template);
  const bodies = lines.map(({ body }) => body);
  return { name: 'payload', body: bodies[0] ?? '', weight: 1, lines: bodies };
}

/** What is piped has no name that says what it is: JSON, or else JSON Lines. Throws TuneError PAYLOAD. */
export function parsePiped(bytes: Uint8Array, source: string, template = false): Payload {
  const read = areLines(new TextDecoder().decode(bytes)) ? parsePayloadLines : parsePayload;
  return read(bytes, source, template);
}

/** A payload that was found in a document: written anew, so what cannot be written exactly is refused. Throws TuneError PAYLOAD. */
export function payloadOfJson(json: unknown, source: string, template = false): Payload {
  if (json === undefined) throw refused(source, 'is empty', 'An empty event is written {}.');
  const body = exactJson(json, source);
  checkBody(body, source, template);
  return { name: 'payload', body, weight: 1 };
}
