import type { z } from 'zod';
import { TuneError } from '../base/errors.ts';
import { checkKeys } from './check.ts';
import { migrateKeys } from './migrate.ts';
import { type configSchema, parseOptions, type RunOptions } from './options.ts';

/** The options of the package's functions: the keys of the config file without those that say how a program prints and asks. */

type Written = z.input<typeof configSchema>;
type Presenting = (typeof presenting)[number];
type OfCheck = keyof typeof checkKeys | 'functions';
type OfMigrate = keyof typeof migrateKeys;

/** Who calls is handed the document, and has agreed by calling. */
const presenting = ['$schema', 'yes', 'json', 'report', 'quiet', 'color'] as const;

export type MeasureOptions = Omit<Written, Presenting | OfCheck | OfMigrate> & { readonly function: string };
/** One `function`, or several `functions`, each with limits of its own. */
export type CheckOptions = Omit<Written, Presenting | OfMigrate | 'onInconclusive' | 'fail'>;
export type MigrateOptions = Omit<Written, Presenting | OfCheck> & { readonly function: string };

export type CalledFunction = 'measure' | 'check' | 'migrate';

const ofCheck: readonly string[] = [...Object.keys(checkKeys), 'functions'];
const ofMigrate = Object.keys(migrateKeys);
const refused: Readonly<Record<CalledFunction, readonly string[]>> = {
  measure: [...ofCheck, ...ofMigrate],
  // Both only turn a verdict into an exit code.
  check: [...ofMigrate, 'onInconclusive', 'fail'],
  migrate: ofCheck,
};

/** @throws TuneError CONFIG naming the key */
export function optionsFromCode(called: CalledFunction, given: object): RunOptions {
  for (const key of Object.keys(given)) {
    if ((presenting as readonly string[]).includes(key)) {
      throw new TuneError('CONFIG', `Options: "${key}" is for the command line, not for ${called}().`, {
        hint: 'Leave it out: nothing is asked or printed, and the document is what the promise resolves with.',
      });
    }
    if (!refused[called].includes(key)) continue;
    const others = (Object.keys(refused) as CalledFunction[]).filter((name) => !refused[name].includes(key));
    throw new TuneError('CONFIG', `Options: "${key}" is not an option of ${called}().`, {
      hint: others.length === 0 ? 'Leave it out.' : `It is one of ${others.map((name) => `${name}()`).join(' and ')}.`,
    });
  }
  return parseOptions(given);
}
