import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { TuneError } from '../base/errors.ts';
import type { CommandName } from './rows/commands.ts';
import type { Row } from './rows/row.ts';
import { configKeys, configSchema, type GivenOptions, toolSchema } from './schema.ts';
import { defaultOf, flagOf, rowsOn } from './shown.ts';
import { type OptionsOf, type RunKey, runRows, type ToolOptions } from './table.ts';

/** The only place where raw input becomes typed options. The config file has the same keys as the flags (camelCase); flags win. */

export const configFileName = 'tune.config.json';

/** The options of a run, whichever command makes it: with the defaults that all commands share. */
export type RunOptions = OptionsOf<never>;

/**
 * Validates the config file's content and the flags against the schema; flags win.
 * Throws TuneError CONFIG or USAGE naming the key, what is wrong with it and the nearest known key.
 */
export function resolveOptions(
  file: { readonly name: string; readonly content: unknown } | undefined,
  flags: object,
): GivenOptions {
  const fromFile = file === undefined ? {} : parse(file.content, `Config file ${file.name}`, 'CONFIG');
  return { ...fromFile, ...parse(flags, 'Options', 'USAGE') };
}

/** Validates what a program gives in place of a config file. @throws TuneError CONFIG naming the key */
export function parseOptions(given: unknown): GivenOptions {
  return parse(given, 'Options', 'CONFIG');
}

function parse(raw: unknown, where: string, code: 'CONFIG' | 'USAGE'): GivenOptions {
  const parsed = configSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') throw unknownKey(issue, where, code);
  const path = issue?.path.map(String).join('.') ?? '';
  const name = code === 'USAGE' ? flagNamed(issue) : path;
  throw new TuneError(code, `${where}: ${name} ${issue?.message ?? 'is not valid'}.`, {
    hint: 'tune --help-all lists every option.',
  });
}

function unknownKey(issue: z.core.$ZodIssueUnrecognizedKeys, where: string, code: 'CONFIG' | 'USAGE'): TuneError {
  const key = issue.keys[0] ?? '';
  const [list, nth] = issue.path;
  if (list === 'functions' && typeof nth === 'number' && configKeys.includes(key)) {
    return new TuneError(code, `${where}: "${key}" is no option of one function: functions.${nth} has it.`, {
      hint: `It holds for all: write "${key}" beside "functions".`,
    });
  }
  return new TuneError(code, `${where}: "${key}" is not an option.`, {
    hint: `Did you mean "${nearest(key, configKeys)}"?`,
  });
}

function flagNamed(issue: z.core.$ZodIssue | undefined): string {
  const key = String(issue?.path[0] ?? '');
  const row: Row | undefined = Object.hasOwn(runRows, key) ? runRows[key as RunKey] : undefined;
  return flagOf(key, row);
}

/** Options of a command that takes nothing from the config file, with their defaults. @throws TuneError USAGE naming the flag */
export function parseFlags<C extends CommandName>(
  command: C,
  flags: Readonly<Record<string, unknown>>,
): ToolOptions<C> {
  const parsed = toolSchema(command).safeParse(flags);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new TuneError('USAGE', `${flagNamed(issue)} ${issue?.message ?? 'is not valid'}.`, {
      hint: `tune ${command} --help lists every option.`,
    });
  }
  return withToolDefaults(command, parsed.data);
}

/** The same of what a program gives. @throws TuneError CONFIG naming the key */
export function parseToolOptions<C extends CommandName>(command: C, given: object): ToolOptions<C> {
  const parsed = toolSchema(command).safeParse(given);
  if (parsed.success) return withToolDefaults(command, parsed.data);
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const known = rowsOn(command).filter(({ row }) => row.forShell !== true);
    throw new TuneError('CONFIG', `Options: "${key}" is not an option of ${command}().`, {
      hint: `Did you mean "${nearest(
        key,
        known.map((one) => one.key),
      )}"?`,
    });
  }
  const path = issue?.path.map(String).join('.') ?? '';
  throw new TuneError('CONFIG', `Options: ${path} ${issue?.message ?? 'is not valid'}.`, {
    hint: `tune ${command} --help lists every option.`,
  });
}

function withToolDefaults<C extends CommandName>(command: C, given: Partial<ToolOptions<C>>): ToolOptions<C> {
  const defaults = rowsOn(command).flatMap(({ key, row }: { readonly key: string; readonly row: Row }) => {
    const value = defaultOf(row, command);
    return value === undefined ? [] : [[key, value]];
  });
  // Every key that `ToolOptions` promises has its default in its row.
  return { ...Object.fromEntries(defaults), ...given } as ToolOptions<C>;
}

/** The known word with the smallest edit distance. */
export function nearest(word: string, known: readonly string[]): string {
  return known.reduce((best, candidate) => (distance(word, candidate) < distance(word, best) ? candidate : best));
}
