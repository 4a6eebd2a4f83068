import type { z } from 'zod';
import type { CommandName } from './commands.ts';
import type { Group } from './groups.ts';
import type { shapes } from './shapes.ts';

type Shapes = typeof shapes;
export type Kind = keyof Shapes;

/** What an option takes: a kind, with what the kind needs to know. Data alone; `shapes.ts` makes the schema of it. */
export type Takes = {
  [K in Kind]: Parameters<Shapes[K]> extends [infer Details] ? Details & { readonly kind: K } : { readonly kind: K };
}[Kind];

type Words<T> = T extends { readonly words: readonly (infer Word)[] } ? Word : never;

/** What is read from it. */
export type Read<T extends Takes> = T['kind'] extends 'words'
  ? Words<T>
  : T['kind'] extends 'wordList'
    ? readonly Words<T>[]
    : Kept<z.output<ReturnType<Shapes[T['kind']]>>>;

/** Nobody adds to a list that was given. */
type Kept<Value> = Value extends (infer Item)[] ? readonly Item[] : Value;

/** What may be written in a file or in code. */
export type Written<T extends Takes> = T['kind'] extends 'words'
  ? Words<T>
  : T['kind'] extends 'wordList'
    ? readonly Words<T>[] | string
    : z.input<ReturnType<Shapes[T['kind']]>>;

/** What stands when nothing is given. */
interface Default {
  /** A value, as it is read. A switch needs none: it is off, or on where its flag says no. */
  readonly default?: string | number | boolean | readonly string[] | Readonly<Record<string, string>>;
  /** Words, where it depends on the function or the place, or only the command knows. */
  readonly otherwise?: string;
}

/** What differs on one command. */
interface OnCommand extends Default {
  readonly help?: string;
  readonly value?: string;
  /** The heading it stands under there. */
  readonly under?: Group;
  /** Words to complete with. */
  readonly offers?: readonly string[];
}

/** One option. Its key is its place in the table; the flag is derived from it. */
export interface Row extends Default {
  /** `f` for `-f`. */
  readonly short?: string;
  /** What stands for its value in help; a switch has none. */
  readonly value?: string;
  /** It may be given without. */
  readonly isValueOptional?: true;
  readonly takes: Takes;
  /** Without its default and whether it may be repeated: both are added. */
  readonly help: string;
  /** In the JSON Schema of the config file, where the key means the opposite of the flag. */
  readonly inFile?: string;
  /** In `tune --help`, which shows the common ones alone; words, with the default, where they must be fewer. */
  readonly common?: true | string;
  readonly offers?: readonly string[];
  readonly completes?: 'file' | 'region' | 'architecture';
  /** One function of `functions` may have its own. */
  readonly inFleet?: true;
  /** Says how a program prints, asks or ends: a program that calls the package has no use for it. */
  readonly forShell?: true;
  readonly on: { readonly [Name in CommandName]?: OnCommand };
}

export type Sheet = Readonly<Record<string, Row>>;
