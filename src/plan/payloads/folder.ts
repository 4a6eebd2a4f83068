import { z } from 'zod';
import type { Payload } from '../../model/payload.ts';
import { decoded, parseJson, refused } from './body.ts';
import { parsePayload } from './payload.ts';

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
