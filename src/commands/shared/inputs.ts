import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import type { Payload } from '../../model/measurement.ts';
import { configFileName, type RunOptions, resolveOptions } from '../../options/options.ts';
import type { GivenOptions } from '../../options/schema.ts';
import { parsePayload, parsePayloadList } from '../../plan/payloads.ts';

/** Reads what the options point at: the config file, payloads, standard input. Everything is validated where it enters. */

export function absolutePath(path: string, io: Io): string {
  return isAbsolute(path) ? path : join(io.cwd, path);
}

/** Flags over the config file: the one named with `--config`, else tune.config.json in the working directory if it is there. */
export async function loadOptions(flags: Readonly<Record<string, unknown>>, io: Io): Promise<GivenOptions> {
  const { config, ...rest } = flags;
  return resolveOptions(await readConfigFile(config, io), rest);
}

/** Undefined where none is named and none is there. @throws TuneError CONFIG */
export async function readConfigFile(
  named: unknown,
  io: Io,
): Promise<{ readonly name: string; readonly content: unknown } | undefined> {
  const name = typeof named === 'string' ? named : configFileName;
  const text = await readFile(absolutePath(name, io), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (typeof named !== 'string' && error.code === 'ENOENT') return undefined;
    throw new TuneError('CONFIG', `Cannot read the config file ${name} (${error.code ?? 'unknown error'}).`, {
      cause: error,
      hint: 'Check the path given with --config, and that the file may be read.',
    });
  });
  return text === undefined ? undefined : { name, content: parseJson(text, name) };
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const where = error instanceof Error ? error.message : '';
    throw new TuneError('CONFIG', `Config file ${name} is not JSON: ${where}.`, { cause: error });
  }
}

type PayloadOptions = Pick<RunOptions, 'payload' | 'payloads' | 'payloadTemplate'>;

/** The payloads of a run; without an option one empty object. */
export async function loadPayloads(options: PayloadOptions, io: Io): Promise<readonly Payload[]> {
  if (options.payload !== undefined && options.payloads !== undefined) {
    throw new TuneError('USAGE', '--payload and --payloads cannot be given together.', {
      hint: '--payload is one payload, --payloads a weighted list of them.',
    });
  }
  if (options.payloads !== undefined) {
    return parsePayloadList(await readBytes(options.payloads, io), options.payloads, options.payloadTemplate);
  }
  if (options.payload === undefined) return [{ name: 'payload', body: '{}', weight: 1 }];
  if (options.payload === '-') return [parsePayload(await io.stdin.read(), 'standard input', options.payloadTemplate)];
  if (isInlinePayload(options.payload)) {
    return [parsePayload(Buffer.from(options.payload), '--payload', options.payloadTemplate)];
  }
  return [parsePayload(await readBytes(options.payload, io), options.payload, options.payloadTemplate)];
}

/** JSON itself; anything else is a file, also one called 2024.json. */
export function isInlinePayload(text: string): boolean {
  return /^\s*([[{"]|(-?\d[\d.eE+-]*|true|false|null)?\s*$)/.test(text);
}

async function readBytes(path: string, io: Io): Promise<Uint8Array> {
  return readFile(absolutePath(path, io)).catch((error: NodeJS.ErrnoException) => {
    throw new TuneError('PAYLOAD', `Cannot read the payload file ${path} (${error.code ?? 'unknown error'}).`, {
      hint: 'Give JSON text, a file that holds JSON, or - for standard input.',
      cause: error,
    });
  });
}
