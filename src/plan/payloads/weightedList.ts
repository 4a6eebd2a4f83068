import { z } from 'zod';
import type { Payload } from '../../model/payload.ts';
import type { Warning } from '../../model/warning.ts';
import { areLines, checkBody, decoded, exactJson, isJson, linesOf, parseJson, refused } from './body.ts';
import { isLinesFile } from './source.ts';

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

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  const [index, ...keys] = issue?.path ?? [];
  const where = typeof index === 'number' ? `entry ${index + 1}${keys.length > 0 ? `, ${keys.join('.')}` : ''}` : 'it';
  return `${where} ${issue?.message ?? 'is not valid'}`;
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
