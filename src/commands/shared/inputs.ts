import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { configFileName, resolveOptions } from '../../options/options.ts';
import type { GivenOptions } from '../../options/schema.ts';

/** Reads what the options point at: here the config file. Everything is validated where it enters. */

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
