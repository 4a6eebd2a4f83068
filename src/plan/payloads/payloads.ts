import { z } from 'zod';
import { TuneError } from '../../base/errors.ts';
import type { Payload, Warning } from '../../model/measurement.ts';
import { isLinesFile } from './source.ts';

/** Lambda's limit for a synchronous request. */
const maxPayloadBytes = 6 * 1024 * 1024;

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

/** More than one line, each of them JSON: no document of JSON is that. */
function areLines(text: string): boolean {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.length > 1 && lines.every(isJson);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function linesOf(text: string, source: string) {
  return text
    .split(/\r?\n/)
    .map((body, index) => ({ body, shown: `line ${index + 1} of ${source}` }))
    .filter(({ body }) => body.trim() !== '');
}

/**
 * What is sent as it is, and looks like a list of payloads with weights: whoever comes from AWS Lambda Power Tuning writes it
 * as the payload. Undefined: nothing looks so.
 */
export function weightedLookalike(payloads: readonly Payload[]): Warning | undefined {
  const [only, ...others] = payloads;
  if (only === undefined || others.length > 0 || only.isSample === true) return undefined;
  const entries = only.lines === undefined ? [only.body].filter(isJson).flatMap(entriesOf) : only.lines.flatMap(lineOf);
  if (entries.length === 0 || !entries.every((entry) => weightedSchema.safeParse(entry).success)) return undefined;
  const what = only.lines === undefined ? 'The payload looks' : 'The lines look';
  const text = `${what} like a list of payloads with weights, and ${only.lines === undefined ? 'is' : 'are'} sent as written. To send the payloads by their weights, give the list to --payloads.`;
  return { code: 'weightedPayload', text };
}

const weightedSchema = z.strictObject({ payload: z.unknown(), weight: z.number(), name: z.string().optional() });

function entriesOf(body: string): readonly unknown[] {
  const json: unknown = JSON.parse(body);
  return Array.isArray(json) ? json : [];
}

function lineOf(line: string): readonly unknown[] {
  return [isJson(line) ? JSON.parse(line) : undefined];
}

/** A file of a folder of payloads. */
export interface PayloadFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const manifestName = 'manifest.json';
const manifestSchema = z.record(
  z.string(),
  z.number('must be a number above 0').positive('must be above 0').max(1e9),
  'must be an object: {"small.json": 3, "big.json": 1}',
);

/**
 * A folder: each of its JSON files is a payload, by the file's name. Its weight stands in the name (`small@3.json`), or in
 * manifest.json, and then what is not listed is not sent. Throws TuneError PAYLOAD.
 */
export function parsePayloadFolder(
  files: readonly PayloadFile[],
  source: string,
  template = false,
): readonly Payload[] {
  const json = files.filter(({ name }) => name.endsWith('.json') && name !== manifestName);
  const manifest = files.find(({ name }) => name === manifestName);
  const listed = manifest === undefined ? json.map(weightedByName) : manifestOf(manifest, json, source);
  if (listed.length === 0) throw refused(source, 'holds no JSON file', 'Each .json file that lies in it is a payload.');
  if (listed.length > 1000) throw refused(source, `holds ${listed.length} payloads, more than 1000`);
  const names = new Set<string>();
  return listed
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ name, weight, file }) => {
      if (names.has(name)) throw refused(source, `has two payloads named "${name}"`, folderHint);
      names.add(name);
      const shown = `${file.name} of ${source}`;
      if (!(weight > 0 && weight <= 1e9)) throw refused(shown, 'has no weight above 0 in its name', folderHint);
      return { ...parsePayload(file.bytes, shown, template), name, weight };
    });
}

const folderHint = 'A weight stands before the ending: small@3.json weighs three times as much as big.json.';

const manifestHint = 'It lists the files that are sent, with their weights: {"small.json": 3, "big.json": 1}';

interface Listed {
  readonly name: string;
  readonly weight: number;
  readonly file: PayloadFile;
}

function weightedByName(file: PayloadFile): Listed {
  const { name = '', weight } = /^(?<name>.*?)(?:@(?<weight>[^@]*))?\.json$/s.exec(file.name)?.groups ?? {};
  return { name, weight: weight === undefined ? 1 : /^\d+(\.\d+)?$/.test(weight) ? Number(weight) : 0, file };
}

function manifestOf(manifest: PayloadFile, json: readonly PayloadFile[], source: string): readonly Listed[] {
  const shown = `${manifestName} of ${source}`;
  const parsed = manifestSchema.safeParse(parseJson(decoded(manifest.bytes, shown), shown));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = issue?.path[0];
    throw refused(
      shown,
      `: ${key === undefined ? 'it' : `"${String(key)}"`} ${issue?.message ?? 'is not valid'}`,
      manifestHint,
    );
  }
  return Object.entries(parsed.data).map(([name, weight]) => {
    const file = json.find((one) => one.name === name);
    if (file === undefined) throw refused(shown, `names "${name}", which is not there`, manifestHint);
    return { name: weightedByName(file).name, weight, file };
  });
}

const listSchema = z
  .array(
    z.strictObject({
      // Whatever comes out of the JSON parser; only its absence is an error.
      payload: z.unknown().refine((payload) => payload !== undefined, 'must be there'),
      weight: z.number('must be a number above 0').positive('must be above 0').max(1e9),
      name: z
        .string()
        .min(1)
        .max(100)
        .regex(/^\P{Cc}*$/u, 'must not hold control characters')
        .optional(),
    }),
  )
  .min(1, 'must hold at least one payload')
  .max(1000);

/** A payload that was found in a document: written anew, so what cannot be written exactly is refused. Throws TuneError PAYLOAD. */
export function payloadOfJson(json: unknown, source: string, template = false): Payload {
  if (json === undefined) throw refused(source, 'is empty', 'An empty event is written {}.');
  const body = exactJson(json, source);
  checkBody(body, source, template);
  return { name: 'payload', body, weight: 1 };
}

/**
 * `--payloads`: `[{"payload": …, "weight": 2, "name": "big"}, …]`, or one such entry in each line. Names default to
 * "payload 1", … Throws TuneError PAYLOAD.
 */
export function parsePayloadList(bytes: Uint8Array, source: string, template = false): readonly Payload[] {
  const text = decoded(bytes, source);
  const lines = isLinesFile(source) || areLines(text) ? linesOf(text, source) : undefined;
  const parsed = listSchema.safeParse(
    lines?.map(({ body, shown }) => parseJson(body, shown)) ?? parseJson(text, source),
  );
  if (!parsed.success) throw refused(source, `: ${firstIssue(parsed.error)}`, listHint);
  const names = new Set<string>();
  return parsed.data.map((entry, index) => {
    const name = entry.name ?? `payload ${index + 1}`;
    if (names.has(name)) throw refused(source, `has two payloads named "${name}"`);
    names.add(name);
    const body = exactJson(entry.payload, `"${name}" of ${source}`);
    checkBody(body, `"${name}" of ${source}`, template);
    return { name, body, weight: entry.weight };
  });
}

const listHint =
  'It is a JSON array: [{"payload": {"id": 1}, "weight": 3, "name": "small"}, …], every weight above 0; or one entry in each line of a .jsonl file.';

/** What replaces `{{uuid}}` and `{{n}}`. */
export interface TemplateValues {
  readonly uuid: string;
  /** Running number of the call. */
  readonly n: number;
}

/** The body with every `{{uuid}}` and `{{n}}` replaced; JSON again, since neither holds a quote or a backslash. */
export function fillTemplate(body: string, { uuid, n }: TemplateValues): string {
  return body.replaceAll('{{uuid}}', () => uuid).replaceAll('{{n}}', () => String(n));
}

/** As long as they get, so that a body that fits now fits every time. */
const longestValues: TemplateValues = { uuid: '00000000-0000-4000-8000-000000000000', n: 1_000_000_000 };

function checkBody(body: string, source: string, template: boolean): void {
  const sent = template ? fillTemplate(body, longestValues) : body;
  const bytes = new TextEncoder().encode(sent).length;
  if (bytes > maxPayloadBytes) throw refused(source, `is ${bytes} bytes long; Lambda takes at most ${maxPayloadBytes}`);
  parseJson(sent, source);
}

function decoded(bytes: Uint8Array, source: string): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TuneError('PAYLOAD', `${source} is not UTF-8 text.`, { cause });
  }
  if (text.trim() === '') throw refused(source, 'is empty', 'An empty event is written {}.');
  return text;
}

/** The parser's own message is left out: it quotes the payload, which may hold secrets. */
function parseJson(text: string, source: string): unknown {
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
function exactJson(json: unknown, source: string): string {
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

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  const [index, ...keys] = issue?.path ?? [];
  const where = typeof index === 'number' ? `entry ${index + 1}${keys.length > 0 ? `, ${keys.join('.')}` : ''}` : 'it';
  return `${where} ${issue?.message ?? 'is not valid'}`;
}

function refused(source: string, what: string, hint?: string): TuneError {
  const message = `${source}${what.startsWith(':') ? '' : ' '}${what}.`;
  return new TuneError('PAYLOAD', message, hint === undefined ? {} : { hint });
}
