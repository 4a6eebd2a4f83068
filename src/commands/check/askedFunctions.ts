import { readFile } from 'node:fs/promises';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { inShard } from '../../fleet/shards.ts';
import type { Shard } from '../../model/fleet/shard.ts';
import { withDefaults } from '../../options/defaults.ts';
import { parseFlags, type RunOptions, resolveOptions } from '../../options/options.ts';
import type { GivenOptions } from '../../options/schema.ts';
import { absolutePath, readConfigFile } from '../shared/inputs.ts';

/** The functions that one `tune check` looks at. */
export interface AskedFunctions {
  /** What concerns the command as a whole. */
  readonly common: RunOptions;
  readonly functions: readonly AskedFunction[];
  /** As the user would name it, where there is one. */
  readonly configFile?: string | undefined;
  /** The part of the functions that this is. */
  readonly shard?: Shard | undefined;
}

export interface AskedFunction {
  readonly options: RunOptions & { readonly function: string };
  /** Line of the config file that names it. */
  readonly configLine?: number | undefined;
}

/**
 * `functions` of the config file, each over the file's other keys and under the flags; `--function` picks one of them, or
 * another one. @throws TuneError CONFIG, USAGE
 */
export async function loadAsked(
  flags: Readonly<Record<string, unknown>>,
  io: Io,
  example = 'Example: tune check --function orders --against orders:live',
): Promise<AskedFunctions> {
  const { config, shard, ...rest } = flags;
  const file = await readConfigFile(config, io);
  const fromFlags = resolveOptions(undefined, rest);
  const written = file === undefined ? {} : resolveOptions(file, {});
  const lines = file === undefined ? [] : await linesNaming(file.name, io);
  const asked = askedOf({ written, given: fromFlags, lines, example, configFile: file?.name });
  return shard === undefined ? asked : partOf(asked, parseFlags('check', { shard }).shard);
}

/** Every n-th function, and of the cap on money a part. What is in flight is divided where it is known. */
function partOf(asked: AskedFunctions, shard: Shard | undefined): AskedFunctions {
  if (shard === undefined) return asked;
  const { common } = asked;
  const { maxSpendUsd } = common;
  return {
    ...asked,
    shard,
    common: maxSpendUsd === undefined ? common : { ...common, maxSpendUsd: maxSpendUsd / shard.of },
    functions: inShard(asked.functions, shard),
  };
}

export interface Asking {
  /** With an entry for each function. */
  readonly written: GivenOptions;
  /** Over everything that is written. */
  readonly given?: GivenOptions;
  readonly configFile?: string | undefined;
  readonly lines?: readonly NamingLine[];
  readonly example: string;
}

/** @throws TuneError USAGE where no function is named */
export function askedOf({ written, given: fromFlags = {}, configFile, lines = [], example }: Asking): AskedFunctions {
  const { functions: entries = [], ...fromFile } = written;
  const given = { ...fromFile, ...fromFlags };
  const common = withDefaults('check', given);
  const named = fromFlags.function ?? (entries.length === 0 ? common.function : undefined);
  const lineOf = (name: string, nth: number) => lines.filter((one) => one.name === name)[nth]?.line;
  const chosen = named === undefined ? entries : entries.filter((entry) => entry.function === named);
  const seen = new Map<string, number>();
  const ofEntries = chosen.map((entry) => {
    const nth = seen.get(entry.function) ?? 0;
    seen.set(entry.function, nth + 1);
    return {
      options: {
        ...withDefaults('check', { ...fromFile, ...entry, ...fromFlags }),
        function: entry.function,
      },
      configLine: lineOf(entry.function, nth),
    };
  });
  if (ofEntries.length > 0) return { common, functions: ofEntries, configFile };
  if (named === undefined) {
    throw new TuneError('USAGE', 'No function is given.', {
      hint: `${example}   (or list "functions" in tune.config.json)`,
    });
  }
  return { common, functions: [{ options: { ...common, function: named }, configLine: lineOf(named, 0) }], configFile };
}

interface NamingLine {
  readonly name: string;
  readonly line: number;
}

/** Where the file names functions, for annotations. The file was read as JSON before, so a plain look at its lines is enough. */
async function linesNaming(name: string, io: Io): Promise<readonly NamingLine[]> {
  const text = await readFile(absolutePath(name, io), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line, index) => {
    const found = /"function"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
    return found === undefined ? [] : [{ name: String(JSON.parse(found)), line: index + 1 }];
  });
}
