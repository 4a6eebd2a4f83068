import { TuneError } from '../base/errors.ts';
import { keysOf } from '../base/keys.ts';
import { parseOptions, parseToolOptions } from './options.ts';
import type { Row } from './rows/row.ts';
import type { GivenOptions } from './schema.ts';
import {
  type FleetKey,
  type KeysOn,
  type RunKey,
  runRows,
  type ShellKey,
  type ToolOptions,
  type WrittenOptions,
  type WrittenTool,
} from './table.ts';

/** The options of the package's functions: the keys of the config file without those that say how a program prints, asks and ends. */

/** A check knows everything that a run is made with, also what has no flag there. */
type KeysFor<C extends 'tune' | 'check' | 'migrate'> = Exclude<KeysOn<'tune' | C>, ShellKey>;
/** Who calls is handed the document, and has agreed by calling. */
type OptionsFor<C extends 'tune' | 'check' | 'migrate'> = Pick<WrittenOptions, KeysFor<C>>;
type Named = { readonly function: string };

export type MeasureOptions = OptionsFor<'tune'> & Named;
/** One `function`, or several `functions`, each with limits of its own. */
export type CheckOptions = OptionsFor<'check'> & {
  readonly functions?: readonly (Pick<WrittenOptions, FleetKey> & Named)[] | undefined;
};
export type MigrateOptions = OptionsFor<'migrate'> & Named;
/** What is read of production: those of `tune observe`. */
export type ObserveOptions = WrittenTool<'observe'> & Named;

const commandOf = { measure: 'tune', check: 'check', migrate: 'migrate' } as const;
export type CalledFunction = keyof typeof commandOf;
const called = keysOf(commandOf);

/** @throws TuneError CONFIG naming the key */
export function optionsFromCode(name: CalledFunction, given: object): GivenOptions {
  for (const key of Object.keys(given)) {
    if (isForShell(key)) throw shellOnly(key, name);
    if (isTaken(key, name)) continue;
    const others = called.filter((other) => isTaken(key, other));
    throw new TuneError('CONFIG', `Options: "${key}" is not an option of ${name}().`, {
      hint: `It is one of ${others.map((other) => `${other}()`).join(' and ')}.`,
    });
  }
  return parseOptions(given);
}

/** @throws TuneError CONFIG naming the key */
export function observeOptionsFromCode(given: object): ToolOptions<'observe'> {
  for (const key of Object.keys(given)) if (isForShell(key)) throw shellOnly(key, 'observe');
  return parseToolOptions('observe', given);
}

function shellOnly(key: string, name: string): TuneError {
  return new TuneError('CONFIG', `Options: "${key}" is for the command line, not for ${name}().`, {
    hint: 'Leave it out: nothing is asked or printed, and the document is what the promise resolves with.',
  });
}

function rowOf(key: string): Row | undefined {
  return Object.hasOwn(runRows, key) ? runRows[key as RunKey] : undefined;
}

function isForShell(key: string): boolean {
  return key === '$schema' || rowOf(key)?.forShell === true;
}

/** What is no key at all is told by the schema, with the nearest one. */
function isTaken(key: string, name: CalledFunction): boolean {
  if (key === 'functions') return name === 'check';
  const on = rowOf(key)?.on;
  return on === undefined || on.tune !== undefined || on[commandOf[name]] !== undefined;
}
